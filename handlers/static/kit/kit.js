// Pages of work: parts that are read again when something changed, acts and boxes, rows under the keyboard.

import { post } from "../base.js";
import * as boxes from "../desk/boxes.js";
import * as danger from "../desk/danger.js";
import * as keys from "../desk/keys.js";
import * as sounds from "../desk/sounds.js";
import { on } from "../desk/live.js";
import { parsed } from "../desk/patching.js";
import "../desk/badge.js";
import "../desk/streaming.js";
import { Idiomorph } from "../vendor/idiomorph/idiomorph.js";
import { pickedIds } from "./picking.js";
import "./revealing.js";
import * as rows from "./rows.js";

const { made } = boxes;
const UNDO_S = 10;
const ALL = ["*"], LIFTED_MS = 50, HELD_MS = 2000;
const stale = new Set(); // kinds of subjects, or ALL
let asked = 0, shownTurn = 0;

export function say(words) {
  document.getElementById("said").textContent = words;
}

/** A line at the top; with `undo`, an address, one may take it back for so many seconds. */
export function flash(words, undo = "", seconds = UNDO_S, kind = "") {
  const line = made("p", { class: kind }, made("span", {}, words), made("span", { class: "spread" }));
  if (undo) {
    const back = made("button", { class: "btn", type: "button" }, "撤销");
    back.addEventListener("click", () => act(undo));
    line.append(back);
    setTimeout(() => back.remove(), seconds * 1000);
  }
  line.append(made("button", { class: "btn ghost", type: "button", "data-dismiss": "p" }, "收起"));
  document.getElementById("flash").replaceChildren(line);
}

let pressed = 0; // since when: what is under the finger stays what it was until it is lifted
addEventListener("pointerdown", () => (pressed = Date.now()), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => (pressed = 0), LIFTED_MS), true);

/** Read the page again and change the parts that live, never what somebody types into, opened, picked or presses. */
export async function refresh(kinds = ALL) {
  for (const kind of kinds) stale.add(kind);
  if (!living().length) return;
  const turn = ++asked;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  while (Date.now() - pressed < HELD_MS) await new Promise((lifted) => setTimeout(lifted, LIFTED_MS));
  if (turn < shownTurn) return; // an answer to a later question is shown already
  shownTurn = turn;
  for (const part of living()) {
    const other = fresh.getElementById(part.id);
    if (!other) continue;
    named(part);
    named(other);
    Idiomorph.morph(part, other.innerHTML, { morphStyle: "innerHTML", callbacks: KEPT });
  }
  if (turn === asked) stale.clear();
  document.dispatchEvent(new CustomEvent("refreshed"));
}

/** The parts of which something may be stale. */
function living() {
  return [...document.querySelectorAll("[data-live]")].filter((part) =>
    stale.has(ALL[0]) || part.dataset.live.split(" ").some((kind) => stale.has(kind)));
}

/** A button is the one of its act: it never becomes another's under the hand or the focus of somebody. */
function named(part) {
  for (const button of part.querySelectorAll("button[data-act]:not([id]), button[data-box]:not([id])")) {
    button.id = `does${(button.dataset.act || button.dataset.box).replace(/\W+/g, "-")}`;
  }
}

const typedInto = (element) => element === document.activeElement && element.matches("input, select, textarea");
const KEPT = {
  beforeAttributeUpdated: (name, element) =>
    !(name === "open" && element.matches("details")) && !(name === "checked" && element.matches("[name=pick]")),
  beforeNodeMorphed: (old) => !(old.nodeType === 1 && (old.matches("[data-kept]") || typedInto(old))),
};

function done(told) {
  if (told.text) {
    flash(told.text, told.undo, told.undo_s, "ok");
    say(told.text);
  }
  if (told.go) location.assign(told.go);
  else refresh();
}

async function act(address, body) {
  try {
    done(await post(address, body));
  } catch (fault) {
    flash(fault.status ? fault.message : "没有连上，请再试一次。");
    refresh();
  }
}

async function press(button) {
  if (button.dataset.confirm && !(await boxes.ask(button.dataset.confirm, [["yes", button.dataset.yes || button.textContent.trim(), true]]))) return;
  button.disabled = true;
  await act(button.dataset.act, { ids: pickedIds(), ...(button.dataset.body ? JSON.parse(button.dataset.body) : {}) });
  button.disabled = false;
}

/** The fragment of an address in the dialog; its form goes from there and comes back with what is wrong. */
export async function openBox(address) {
  const url = new URL(address, location.href), ids = pickedIds();
  if (ids && !url.searchParams.has("ids")) url.searchParams.set("ids", ids);
  const answer = await fetch(url, { headers: { Accept: "text/html", "HX-Request": "true" } }).catch(() => null);
  if (!answer) return flash("没有连上，请再试一次。");
  const content = made("div");
  content.append(parsed(await answer.text()));
  if (!answer.ok) return flash(content.textContent.trim() || "打不开。");
  boxes.show(content);
  content.querySelector("[autofocus], input:not([type=hidden]), select, textarea")?.focus();
}

document.getElementById("box").addEventListener("submit", async (event) => {
  const form = event.target, send = event.submitter;
  if (form.method !== "post" || form.dataset.sending) return event.preventDefault();
  event.preventDefault();
  form.dataset.sending = "1";
  const body = new FormData(form);
  if (send?.name) body.append(send.name, send.value);
  try {
    const told = await post(form.getAttribute("action"), body);
    boxes.close();
    done(told);
  } catch (fault) {
    const words = fault.status ? fault.message : "没有连上，写的都还在，请再试一次。";
    const line = form.querySelector("[role=alert]") || made("p", { class: "say danger", role: "alert" });
    line.textContent = words;
    // Crossed: the sentence says what is new. Whoever sends the same once more has read it.
    if (fault.told?.seen !== undefined && form.elements.seen) form.elements.seen.value = fault.told.seen;
    form.append(line);
    line.scrollIntoView({ block: "nearest" });
  }
  delete form.dataset.sending;
});

document.addEventListener("click", (event) => {
  const alarm = event.target.closest("[data-take-alarm]");
  if (alarm) return act(`/desk/talks/alarms/${alarm.dataset.takeAlarm}/take`).then(alarms);
  const button = event.target.closest("[data-act], [data-box]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.box) openBox(button.dataset.box);
  else press(button);
});
document.addEventListener("change", (event) => {
  if (event.target.closest("form.filters") && event.target.type !== "search") event.target.form.requestSubmit();
});

async function alarms() {
  const answer = await fetch("/desk/talks/alarms").catch(() => null);
  if (answer?.ok) document.getElementById("alarm").innerHTML = await answer.text();
  danger.look();
  counted();
}

let waiting = null;
const title = document.title, icon = document.querySelector("link[rel=icon]"), plain = icon.href;

/** How many wait and how many are in danger, where it is seen while another page is looked at. */
function counted() {
  const open = (waiting || 0) + danger.alarms();
  document.title = open ? `(${open}) ${title}` : title;
  icon.href = open ? icon.dataset.dot : plain;
}

on("waiting", (many) => {
  if (waiting !== null && Number(many) > waiting && danger.isHeard()) sounds.play("queue", settings.volume);
  waiting = Number(many);
  counted();
});

const settings = { letters: "on", volume: "low" };
fetch("/desk/talks/liking").then((answer) => answer.ok && answer.json().then((liked) => Object.assign(settings, liked))).catch(() => null); // they stay on
function switchLetters(value) {
  settings.letters = value;
  post("/desk/talks/liking", { name: "letters", value });
}

const shown = [
  ["J / K", "下一行 / 上一行"], ["Enter", "打开"], ["X", "选上这一行"], ["/", "搜索"], ["Ctrl+K", "找会话、工单、住户"],
  ["G 再 I T C R D", "会话 工单 投诉 住户 今日"], ["Esc", "关上、离开输入框"], ["?", "这张表"],
];
keys.listen({
  next: () => rows.move(1),
  previous: () => rows.move(-1),
  pick: rows.pick,
  search: () => {
    const field = document.querySelector("[type=search]");
    if (field) field.focus();
    else location.assign("/desk/search");
  },
  palette: () => location.assign("/desk/search"),
  help: () => keys.help(settings, switchLetters, shown),
  go: (where) => location.assign(`/desk/${where}`),
  escape: () => document.activeElement?.matches("textarea, input, select") && document.activeElement.blur(),
}, settings);

// Clocks go on by the time of the server, also where nothing happens.
setInterval(() => {
  if (document.visibilityState === "visible" && document.querySelector("[data-live] [data-clock]")) refresh();
}, 60_000);
on("work", (kinds) => refresh(kinds ? kinds.split(",") : ALL));
on("alarms", alarms);
document.querySelector(".tabs a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" }); // on a phone
document.addEventListener("click", danger.unlock);
if (!document.querySelector("[data-alarm]")) alarms();
