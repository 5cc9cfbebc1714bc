// How much of 今日 is due, beside its word in the rail.

import { on } from "./live.js";

const PAUSE_MS = 5000;
let asked = 0, waiting = 0;

async function look() {
  waiting = 0;
  asked = Date.now();
  const answer = await fetch("/desk/today/due", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { due } = await answer.json();
  for (const link of document.querySelectorAll('.rail a[href="/desk/today"], .bottom a[href="/desk/today"]')) {
    let badge = link.querySelector(".count");
    if (!badge && due) link.append(badge = document.createElement("span"));
    if (!badge) continue;
    badge.className = "count";
    badge.textContent = due > 99 ? "99+" : due;
    badge.hidden = !due;
  }
}

function soon() {
  if (!waiting) waiting = setTimeout(look, Math.max(asked + PAUSE_MS - Date.now(), 0));
}

for (const what of ["work", "alarms"]) on(what, soon);
if (document.querySelector('a[href="/desk/today"]')) soon();
