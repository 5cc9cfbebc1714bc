// Ringing for a danger, on every page of staff: in one tab of a browser, among those that may be heard, whichever is first.

import * as sounds from "./sounds.js";

const LOOK_MS = 2000;
let leads = false, asked = false;

export const alarms = () => document.querySelectorAll("[data-alarm]").length;
/** Whether it is this tab that is heard. */
export const isHeard = () => leads;

/** This tab may be heard now: somebody has pressed something in it. */
export async function unlock() {
  if (asked || navigator.userActivation?.hasBeenActive === false) return;
  if (!(await sounds.unlock()) || asked) return;
  asked = true;
  if (navigator.locks) {
    navigator.locks.request("guanjia-ringing", () => {
      begin();
      return new Promise(() => {});
    });
  } else begin();
}

function begin() {
  leads = true;
  look();
}

export function look() {
  if (leads && alarms()) sounds.ring();
  else sounds.quiet();
}

setInterval(look, LOOK_MS);
