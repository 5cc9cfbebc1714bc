// Being noticed: sounds, the number in the title, the dot on the icon, one desktop notice however many tabs there are.

import { alarms, isHeard, look as ring, unlock as unlocked } from "./danger.js";
import * as list from "./list.js";
import * as sounds from "./sounds.js";

const LOOK_MS = 2000;
let leader = false, before = null;
const settings = document.getElementById("desk-script").dataset;
const silent = document.getElementById("silent"), button = document.getElementById("sound");
const icon = document.querySelector("link[rel=icon]"), plain = icon.href;
const title = document.title;

async function unlock() {
  await unlocked();
  heard();
  if ("Notification" in window && Notification.permission === "default") Notification.requestPermission();
  play("own");
  look();
}

/** Without sound it says so in red, next to what mends it. */
function heard() {
  button.hidden = silent.hidden = sounds.on();
}

/** So that somebody hears how loud it is. */
export function tryOut() {
  sounds.play("queue", settings.volume);
}

function play(what) {
  if (isHeard()) sounds.play(what, settings.volume);
}

/** One for each tag: a newer one takes the place of an older. No names: a screen is seen by others, too. */
function notice(words, tag, talk = "") {
  if (!leader || document.hasFocus() || !("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(words, { tag, renotify: true });
  shown.onclick = () => {
    window.focus();
    if (talk) document.dispatchEvent(new CustomEvent("wanted", { detail: talk }));
    shown.close();
  };
}

function counted() {
  const { waiting, own } = list.counts();
  return { waiting: Number(waiting), own: new Map(own.split(" ").filter(Boolean).map((one) => one.split(":"))) };
}

function look() {
  const now = counted();
  if (before) compare(now);
  before = now;
  const open = now.waiting + now.own.size + alarms();
  document.title = open ? `(${open}) ${title}` : title;
  icon.href = open ? icon.dataset.dot : plain;
  badge(now.waiting);
}

function compare(now) {
  const newer = [...now.own].filter(([id, unread]) => Number(unread) > Number(before.own.get(id) || 0));
  if (now.waiting > before.waiting) {
    play("queue");
    notice(`${now.waiting} 位住户在等`, "queue");
  } else if (newer.length) play("own");
  for (const [id] of newer) notice("您接待的住户说话了", `talk-${id}`, id);
}

function badge(waiting) {
  for (const link of document.querySelectorAll(".rail a[href='/desk/talks'], .bottom a[href='/desk/talks']")) {
    let mark = link.querySelector(".count");
    if (!mark) link.append(mark = Object.assign(document.createElement("span"), { className: "count" }));
    mark.textContent = waiting;
    mark.setAttribute("aria-label", `${waiting} 位在等`);
    mark.hidden = !waiting;
  }
}

let inDanger = 0;

export function dangers() {
  const many = alarms();
  if (many > inDanger) notice("险情，还没有人处理", "danger");
  inDanger = many;
  ring();
  look();
}

button.addEventListener("click", unlock);
silent.addEventListener("click", unlock);
document.addEventListener("shown", look);
setInterval(heard, LOOK_MS);
if (navigator.locks) {
  navigator.locks.request("guanjia-notices", () => {
    leader = true;
    dangers();
    return new Promise(() => {});
  });
} else leader = true;
heard();
dangers();
