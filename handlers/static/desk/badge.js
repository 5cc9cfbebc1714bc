// How much of 今日 is due, and how many wait in 会话, beside their words in the rail.

import { changed, on } from "./live.js";

const PAUSE_MS = 5000, LONG_PAUSE_MS = 30000; // talks change all the time
let asked = 0, waiting = 0;

function show(area, count) {
  for (const link of document.querySelectorAll(`.rail a[href="${area}"], .bottom a[href="${area}"]`)) {
    let badge = link.querySelector(".count");
    if (!badge && count) link.append(badge = document.createElement("span"));
    if (!badge) continue;
    badge.className = "count";
    badge.textContent = count > 99 ? "99+" : count;
    badge.hidden = !count;
  }
}

async function look() {
  waiting = 0;
  asked = Date.now();
  const answer = await fetch("/desk/today/due", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.json();
  show("/desk/today", told.due);
  if (!document.getElementById("list")) show("/desk/talks", told.waiting); // the inbox has it from its list, at once
  changed("waiting", told.waiting);
}

function soon(pause = PAUSE_MS) {
  if (!waiting) waiting = setTimeout(look, Math.max(asked + pause - Date.now(), 0));
}

for (const what of ["work", "alarms"]) on(what, () => soon());
on("list", () => soon(LONG_PAUSE_MS));
if (document.querySelector('a[href="/desk/today"]')) soon();
