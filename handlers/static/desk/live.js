// The one place from which the pages hear that something changed: "list", "talk" with the id, "alarms", "work" with kinds.
// Whatever finds it out calls changed(); until a stream does, everything is asked for every few seconds.

const heard = new EventTarget();
const EVERY_MS = 3000;
const CLOCKS_MS = 60000; // how long somebody has waited, and what is left of a window, change by themselves

/** Say that something may be different now: "list", "alarms", "talk" with its id (none: whichever is open), "work"
    with the kinds of subjects, comma between them (none: all), or "waiting" with how many wait in the queue. */
export function changed(what, id = "") {
  heard.dispatchEvent(new CustomEvent(what, { detail: String(id) }));
}

export function on(what, listener) {
  heard.addEventListener(what, (event) => listener(event.detail));
}

/** Rows of the list as they stand now, out of the stream. */
export function rowsCame(news) {
  heard.dispatchEvent(new CustomEvent("rows", { detail: news }));
}

export function everything() {
  for (const what of ["list", "talk", "alarms", "work"]) changed(what);
}

let source = "asking";

/** A stream takes over: nothing is asked for by the clock while it is there. */
export function streams(isThere) {
  source = isThere ? "stream" : "asking";
}

setInterval(() => {
  if (source === "asking" && navigator.onLine && document.visibilityState === "visible") everything();
}, EVERY_MS);
setInterval(() => {
  if (source === "stream" && document.visibilityState === "visible") everything();
}, CLOCKS_MS);
for (const moment of ["online", "focus"]) addEventListener(moment, everything);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") everything();
});
