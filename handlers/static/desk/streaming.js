// One stream of news for all tabs of this browser. The tab that holds the lock has it and passes on what it hears; a
// browser without locks or channels opens one a tab. It goes on after a cursor, whatever the break was, never by time.

import { changed, everything, rowsCame, streams } from "./live.js";

const NAME = "guanjia-desk";
const QUIET_MS = 25000; // the server says something every 15 s
const LOOK_MS = 5000;
const LIST_MS = 1000; // a list is read once a second at most, however much happens
// Where news bring the rows, the list is read as a whole once it has become quiet, and now and then in between.
const CALM_MS = 1500, EXACT_MS = 30000;
const CLOCK_MS = 60000; // for what time alone changes: windows that close, who went away

const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
let source = null, cursor = "", leads = false, heard = 0, looked = Date.now(), refreshed = Date.now(), joined = false;

function open() {
  source?.close();
  heard = Date.now();
  const from = cursor;
  source = new EventSource(`/desk/stream${from ? `?after=${encodeURIComponent(from)}` : ""}`);
  let first = !from;
  for (const kind of ["ping", "changed", "reload"]) {
    source.addEventListener(kind, (event) => {
      const news = { kind: first ? "reload" : kind, cursor: event.lastEventId, ...JSON.parse(event.data) };
      first = false;
      channel?.postMessage(news);
      hear(news);
    });
  }
}

function hear(news) {
  heard = Date.now();
  cursor = news.cursor;
  streams(true);
  if (!joined || news.kind === "reload") {
    joined = true;
    refreshed = Date.now();
    everything();
    return;
  }
  if (news.kind !== "changed") return;
  for (const id of news.talks) changed("talk", id);
  if (news.rows) {
    rowsCame(news);
    exactly();
  } else if (news.much) exactly();
  else if (news.list) soon("list");
  if (news.alarms) soon("alarms");
  if (news.work.length) {
    for (const kind of news.work) touched.add(kind);
    soon("work");
  }
}

let latest = 0, calm = 0;
function exactly() {
  const now = Date.now();
  latest = latest || now + EXACT_MS * (0.5 + Math.random() / 2); // not all desks at once
  clearTimeout(calm);
  calm = setTimeout(() => {
    latest = 0;
    changed("list");
  }, Math.max(0, Math.min(CALM_MS, latest - now)));
}

const last = {}, waiting = {}, touched = new Set(); // kinds of subjects since "work" was said
function soon(what) {
  if (waiting[what]) return;
  const now = () => {
    delete waiting[what];
    last[what] = Date.now();
    changed(what, what === "work" ? [...touched].join(",") : "");
    if (what === "work") touched.clear();
  };
  const left = (last[what] || 0) + LIST_MS - Date.now();
  if (left <= 0) now();
  else waiting[what] = setTimeout(now, left);
}

function lead() {
  leads = true;
  open();
}

function follow({ steal = false } = {}) {
  navigator.locks.request(NAME, steal ? { steal } : {}, () => {
    lead();
    return new Promise(() => {}); // for as long as the tab lives, or until another takes it away
  }).catch(() => {
    leads = false;
    source?.close();
    source = null;
    follow();
  });
}

/** Nothing was heard for too long: whoever has the stream opens it anew, others take it from a tab that sleeps. */
function revive() {
  streams(false);
  if (leads) open();
  else if (document.visibilityState === "visible") {
    heard = Date.now();
    follow({ steal: true });
  }
}

function look() {
  const now = Date.now(), slept = now - looked > 3 * LOOK_MS;
  looked = now;
  if (now - heard > QUIET_MS) revive();
  else if (slept && leads) open();
  if (now - refreshed > CLOCK_MS && document.visibilityState === "visible") {
    refreshed = now;
    everything();
  }
}

if (channel) channel.onmessage = (event) => hear(event.data);
if (channel && navigator.locks) follow();
else lead();
heard = Date.now();
setInterval(look, LOOK_MS);
addEventListener("online", () => leads && open());
addEventListener("offline", () => streams(false));
addEventListener("pageshow", (event) => event.persisted && leads && open());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  if (Date.now() - heard > QUIET_MS) revive();
  else if (leads && source?.readyState !== EventSource.OPEN) open();
});
addEventListener("pagehide", () => source?.close());
