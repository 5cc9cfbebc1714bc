// Being heard: sounds, the number in the title, the dot on the icon. One tab of a browser rings, whichever is first.

import { on } from "./live.js";
import * as list from "./list.js";

const DANGER_MS = 5000;
const TONES = { danger: [[880, 0.25], [660, 0.25], [880, 0.25]], queue: [[523, 0.12], [659, 0.12]], own: [[784, 0.12]] };
const LOUD = { off: 0, low: 0.08, loud: 0.3 };
let audio = null, leader = false, before = null, danger = 0;
const settings = document.getElementById("desk-script").dataset;
const silent = document.getElementById("silent"), button = document.getElementById("sound");
const title = document.title;

export async function unlock() {
  audio = audio || new AudioContext();
  await audio.resume();
  button.hidden = audio.state === "running";
  silent.hidden = audio.state === "running";
  if ("Notification" in window && Notification.permission === "default") Notification.requestPermission();
  play("own");
}

function play(what) {
  if (!leader || audio?.state !== "running") return;
  let at = audio.currentTime;
  for (const [pitch, length] of TONES[what]) {
    const tone = audio.createOscillator(), volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = what === "danger" ? LOUD.loud : LOUD[settings.volume] ?? LOUD.low;
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length);
    at += length + 0.05;
  }
}

function notice(words, tag) {
  if (!leader || document.hasFocus() || !("Notification" in window) || Notification.permission !== "granted") return;
  new Notification(words, { tag });
}

function look() {
  const { waiting, mine } = list.counts();
  const unread = list.rows().filter((row) => row.closest("li").dataset.mine)
    .reduce((sum, row) => sum + Number(row.closest("li").dataset.unread || 0), 0);
  const now = { waiting: Number(waiting), mine: Number(mine), unread };
  if (before && now.waiting > before.waiting) {
    play("queue");
    notice(`${now.waiting} 位住户在等`, "queue");
  } else if (before && now.unread > before.unread) {
    play("own");
    notice("您接待的住户说话了", "own");
  }
  before = now;
  const open = now.waiting + (alarms() ? 1 : 0);
  document.title = open ? `(${open}) ${title}` : title;
}

const alarms = () => document.querySelectorAll("[data-alarm]").length;

export function dangers() {
  if (alarms() && !danger) {
    play("danger");
    notice("险情，还没有人处理", "danger");
    danger = setInterval(() => play("danger"), DANGER_MS);
  }
  if (!alarms() && danger) {
    clearInterval(danger);
    danger = 0;
  }
}

button.addEventListener("click", unlock);
silent.addEventListener("click", unlock);
document.addEventListener("shown", look);
setInterval(() => {
  silent.hidden = button.hidden === false || audio?.state === "running";
}, 2000);
if (navigator.locks) {
  navigator.locks.request("guanjia-ringing", () => {
    leader = true;
    return new Promise(() => {});
  });
} else leader = true;
on("alarms", dangers);
look();
dangers();
