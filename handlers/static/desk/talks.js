// The inbox page: opens talks without a reload, and binds buttons and keys to what they do.

import { post } from "../base.js";
import { acts, duty, flash, leaveBy, takeAlarm, teach } from "./acting.js";
import * as boxes from "./boxes.js";
import * as composer from "./composer.js";
import * as flow from "./flow.js";
import * as keys from "./keys.js";
import * as list from "./list.js";
import { on } from "./live.js";
import { fill } from "./patching.js";
import * as choosing from "./choosing.js";
import * as pane from "./pane.js";
import { dangers } from "./ringing.js";
import "./badge.js";
import "./streaming.js";

const page = document.getElementById("page"), talk = document.getElementById("talk"), side = document.getElementById("side");
const settings = document.getElementById("desk-script").dataset;
const LOOKING_MS = 20000;
let wanted = "";

list.currentBy(flow.id);

async function open(id, { push = true, focus = true } = {}) {
  wanted = String(id);
  composer.left();
  const [one, beside] = await Promise.all([fetch(`/desk/talks/${id}/open`), fetch(`/desk/talks/${id}/beside`)]);
  if (wanted !== String(id)) return;
  if (!one.ok) return flash("打不开这段对话：它不在了，或者不归您管。");
  talk.innerHTML = await one.text();
  side.innerHTML = beside.ok ? await beside.text() : "";
  talk.dataset.id = id;
  page.classList.remove("on-side", "on-list");
  page.classList.add("on-talk");
  if (push) history.pushState({ id }, "", `/desk/talks/${id}?${list.query()}`);
  begin();
  list.refresh();
  if (focus) document.getElementById("flow").focus({ preventScroll: true });
}

function begin() {
  flow.opened();
  composer.opened();
  choosing.shown();
  list.mark(flow.id());
  looking();
}

function close({ push = true } = {}) {
  composer.left();
  wanted = "";
  const before = flow.id();
  talk.innerHTML = '<p class="empty">从左边选一段对话。J / K 上下移动，Enter 打开。</p>';
  side.innerHTML = "";
  flow.opened();
  page.classList.remove("on-talk", "on-side");
  page.classList.add("on-list");
  if (push) history.pushState({}, "", `/desk/talks?${list.query()}`);
  list.mark("");
  list.refresh();
  document.querySelector(`[data-open="${before}"]`)?.focus();
}

async function leave(next = false) {
  const rows = list.rows(), at = rows.findIndex((row) => row.dataset.open === flow.id());
  const after = rows[at + 1] || rows[at - 1];
  if (next && after) await open(after.dataset.open);
  else close();
  list.refresh();
}
leaveBy(leave);

addEventListener("popstate", () => {
  const found = location.pathname.match(/^\/desk\/talks\/(\d+)$/);
  if (found && found[1] === flow.id()) pane.restored();
  else if (found) open(found[1], { push: false });
  else close({ push: false });
});

function looking() {
  if (flow.id() && document.visibilityState === "visible") post(`/desk/talks/${flow.id()}/present`, {}).catch(() => {});
}
setInterval(looking, LOOKING_MS);

document.addEventListener("click", async (event) => {
  const target = event.target;
  const row = target.closest("[data-open]");
  if (row && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    return open(row.dataset.open);
  }
  const photo = target.closest("[data-photo]");
  if (photo) {
    event.preventDefault();
    return showPhoto(photo);
  }
  const alarm = target.closest("[data-take-alarm]");
  if (alarm) {
    const id = await takeAlarm(alarm);
    return id ? open(id) : undefined;
  }
  const mode = target.closest(".modes [data-as]");
  if (mode) return composer.setAs(mode.dataset.as);
  const button = target.closest("[data-act]");
  if (button && acts[button.dataset.act]) {
    event.preventDefault();
    acts[button.dataset.act](button);
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "teach") return;
  event.preventDefault();
  teach(event.target);
});
document.getElementById("duty").addEventListener("click", (event) => duty(event.currentTarget));
document.getElementById("help").addEventListener("click", help);
document.getElementById("choose").addEventListener("click", choosing.show);
document.addEventListener("wanted", (event) => open(event.detail));
talk.addEventListener("click", (event) => {
  if (event.target.id === "pill") flow.toEnd();
  if (event.target.id === "older") flow.older();
});

async function showPhoto(link) {
  const { show } = await import("./viewer.js");
  const all = [...document.querySelectorAll("[data-photo]")];
  show(all, all.indexOf(link));
}

function help() {
  keys.help(settings, (value) => choosing.choose("letters", value));
}

function move(by) {
  const rows = list.rows(), at = rows.findIndex((row) => row.dataset.open === (flow.id() || document.activeElement?.dataset.open));
  const next = rows[at < 0 ? 0 : at + by];
  if (!next) return;
  if (flow.id()) open(next.dataset.open);
  else next.focus();
}

async function find(words) {
  const found = Object.entries({ 接入: "take", 转接: "transfer", 搁置: "snooze", 办结: "resolve", 交还管家: "hand-back", 标为未读: "unread", 快捷回复: "canned" })
    .filter(([name]) => flow.id() && (!words || name.includes(words))).map(([name, act]) => [name, () => acts[act]()]);
  const answer = await fetch(`/desk/talks/list?${new URLSearchParams({ q: words, find: "1" })}`);
  if (!answer.ok) return found;
  const part = document.createElement("template");
  part.innerHTML = await answer.text();
  const talks = [...part.content.querySelectorAll("[data-open]")].slice(0, 6)
    .map((row) => [row.querySelector(".who").textContent, () => open(row.dataset.open)]);
  const all = words ? [[`在所有消息、工单、住户里搜「${words}」`, () => location.assign(`/desk/search?${new URLSearchParams({ q: words })}`)]] : [];
  return words ? [...talks, ...found.slice(0, 2), ...all] : [...talks, ...found];
}

const own = (does) => flow.id() && (document.querySelector("#head [data-act=resolve]") ? does() : flash("先接入这段对话，才能转接、搁置、办结。"));

keys.listen({
  next: () => move(1),
  previous: () => move(-1),
  reply: () => flow.id() && composer.setAs("reply"),
  note: () => flow.id() && composer.setAs("note"),
  take: () => document.querySelector("#head [data-act=take], #head [data-act=take-over]")?.click(),
  transfer: () => own(() => acts.transfer()),
  resolve: () => own(() => acts.resolve()),
  "resolve-next": () => own(() => acts.resolve(true)),
  snooze: () => own(() => acts.snooze()),
  unread: () => flow.id() && acts.unread(),
  side: () => acts.side(),
  picture: () => flow.id() && acts.picture(),
  search: () => document.getElementById("search").q.focus(),
  help,
  palette: () => keys.palette(find),
  nth: (number) => list.rows()[Number(number) - 1]?.click(),
  go: (where) => location.assign(`/desk/${where}`),
  escape: () => {
    if (pane.isOpen()) pane.leave();
    else if (document.activeElement?.matches("textarea, input")) document.activeElement.blur();
    else if (flow.id()) close();
  },
}, settings);

/** What stands beside the talk changes with it: a repair that moves on, a danger that somebody takes. */
const BESIDE_MS = 10000;
let besideRead = 0, besideWaits = 0;
async function beside() {
  besideWaits = 0;
  besideRead = Date.now();
  const id = flow.id(), shown = document.getElementById("phone");
  if (!id || side.querySelector("details[open]") || (shown && shown.textContent !== shown.dataset.masked)) return;
  const answer = await fetch(`/desk/talks/${id}/beside`);
  if (answer.ok && id === flow.id()) fill(side, await answer.text());
}
on("talk", (which) => {
  if (!flow.id() || (which && which !== flow.id()) || besideWaits || document.visibilityState !== "visible") return;
  besideWaits = setTimeout(beside, Math.max(besideRead + BESIDE_MS - Date.now(), 0));
});

on("alarms", async () => {
  const answer = await fetch("/desk/talks/alarms");
  if (!answer.ok) return;
  fill(document.getElementById("alarm"), await answer.text());
  dangers();
});

begin();
if (flow.id()) pane.restored();
