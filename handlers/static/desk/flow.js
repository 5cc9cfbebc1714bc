// The stream of the talk that is open: newer entries at its end, older ones on demand, and what was really seen.

import { post } from "../base.js";
import { changed, on } from "./live.js";
import { fill, morph, parsed } from "./patching.js";

const WATCHED = ["pending", "sending", "review", "sent"];
const BURST_S = 60;
const LOST_MS = 8000; // an answer that has not come by then is waited for no longer
let flow = null, known = "", seen = "", fresh = 0, asked = 0, follows = false; // follows: whoever reads is at the end and stays there

export const id = () => flow?.dataset.id || "";
/** What somebody who writes now has had before their eyes. */
export const marker = () => seen;
export function sawOwn(newer) {
  seen = newer;
}

export function opened() {
  flow = document.getElementById("flow");
  fresh = 0;
  follows = false;
  if (!flow) return;
  known = seen = flow.dataset.seen;
  const hit = flow.dataset.hit && document.getElementById(flow.dataset.hit);
  const start = hit || document.getElementById("new");
  hit?.classList.add("hit");
  if (start) start.scrollIntoView({ block: hit ? "center" : "start" });
  else toEnd();
  let top = flow.scrollTop;
  flow.addEventListener("scroll", () => {
    if (atEnd()) reached();
    else if (flow.scrollTop < top) follows = false; // somebody reads further up
    top = flow.scrollTop;
    if (flow.scrollTop < 60 && flow.dataset.older) older();
  }, { passive: true });
  let height = flow.clientHeight;
  new ResizeObserver(() => { // the composer grew: who was at the end stays there
    if (flow && flow.scrollHeight - flow.scrollTop - height < 40) toEnd();
    height = flow?.clientHeight;
  }).observe(flow);
  flow.addEventListener("load", () => follows && toEnd(), true); // a picture came and made it longer
  for (const picture of flow.querySelectorAll("img")) picture.addEventListener("error", () => picture.remove());
}

const atEnd = () => flow.scrollHeight - flow.scrollTop - flow.clientHeight < 40;

function reached() {
  follows = true;
  if (document.visibilityState !== "visible") return;
  fresh = 0;
  pill();
  if (seen === known) return;
  seen = known;
  post(`/desk/talks/${id()}/read`, { seen }).then(() => changed("list"), () => {}); // no longer unread there
}

export function toEnd() {
  if (!flow) return;
  flow.scrollTop = flow.scrollHeight;
  reached();
}

function pill() {
  const button = document.getElementById("pill");
  button.hidden = !fresh;
  button.textContent = `${fresh} 条新消息 ↓`;
}

let running = null, began = 0, next = null;
/** Ask what is new. What changes while that is being asked is asked for together, afterwards. */
export function refresh() {
  if (running && Date.now() - began < LOST_MS) return next = next || running.then(again, again);
  next = null;
  began = Date.now();
  const own = running = read().finally(() => {
    if (running === own) running = null;
  });
  return own;
}

function again() {
  next = null;
  return refresh();
}

async function read() {
  const talk = id(), turn = ++asked;
  if (!talk || flow.dataset.past) return; // round an older entry nothing is added
  const watch = [...flow.querySelectorAll("[data-state]")]
    .filter((one) => WATCHED.includes(one.dataset.state) || one.querySelector(".again")).slice(-40)
    .map((one) => one.dataset.entry.slice(1));
  const fetching = [...flow.querySelectorAll("[data-fetching]")].slice(-20).map((one) => one.dataset.entry.slice(1));
  const wanted = new URLSearchParams({ after: known, watch, fetching });
  const answer = await fetch(`/desk/talks/${talk}/news?${wanted}`);
  if (!answer.ok || turn !== asked || talk !== id()) return;
  show(await answer.json());
}

function show(news) {
  const stays = !follows && !atEnd();
  for (const one of news.changed) swap(one);
  for (const one of news.gone) document.getElementById(`e-${one}`)?.remove(); // taken back, by whomever
  for (const one of news.entries) {
    if (document.getElementById(`e-${one.id}`)) swap(one);
    else append(one);
  }
  known = news.seen;
  fill(document.getElementById("head"), news.head);
  fill(document.getElementById("quota"), news.quota);
  document.getElementById("composer").dispatchEvent(new CustomEvent("allowed", { detail: news.mode }));
  if (stays) pill();
  else toEnd();
}

function append({ html }) {
  const entry = parsed(html);
  const made = entry.firstElementChild;
  if (made?.classList.contains("msg") && !made.classList.contains("me")) fresh += 1;
  flow.append(entry);
  burst(made);
}

/** Photos that follow one another within a minute stand together, as where the page is opened anew. */
function burst(made) {
  for (const one of [made, made?.nextElementSibling]) {
    const before = one?.previousElementSibling;
    if (!one?.dataset.photos || !before?.dataset.photos || one.contains(document.activeElement)) continue;
    if (one.dataset.photos - before.dataset.photos > BURST_S) continue;
    before.querySelector(".pics").append(...one.querySelector(".pics").children);
    before.dataset.photos = one.dataset.photos;
    one.remove();
  }
}

function swap({ id: entry, html }) {
  const old = document.getElementById(`e-${entry}`), made = parsed(html).firstElementChild;
  if (!old || old.outerHTML === made.outerHTML) return;
  if (old.contains(document.activeElement)) return morph(old, made, "outerHTML");
  old.replaceWith(made);
  burst(made);
}

let reading = false;
export async function older() {
  if (reading || !flow.dataset.older) return;
  reading = true;
  try {
    const talk = id();
    const answer = await fetch(`/desk/talks/${talk}/older?before=${flow.dataset.older}`);
    if (!answer.ok || talk !== id()) return;
    const part = parsed(await answer.text());
    const height = flow.scrollHeight, top = flow.scrollTop;
    flow.dataset.older = answer.headers.get("X-Older") || "";
    const button = document.getElementById("older");
    if (button) button.after(part);
    else flow.prepend(part);
    if (!flow.dataset.older) button?.remove();
    flow.scrollTop = top + flow.scrollHeight - height;
  } finally {
    reading = false;
  }
}

on("talk", (which) => {
  if ((!which || which === id()) && document.visibilityState === "visible") refresh(); // else when it is looked at
});
document.addEventListener("visibilitychange", () => {
  if (flow && document.visibilityState === "visible" && atEnd()) reached();
});
