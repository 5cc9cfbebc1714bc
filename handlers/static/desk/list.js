// The list of talks: which box, in which order, looked through for what; kept up without reload.

import { on } from "./live.js";
import { parsed, patchRow, patchRows } from "./patching.js";

const box = document.getElementById("list");
let pages = 1, asked = 0;
const me = Number(document.getElementById("desk-script").dataset.staff);

export const query = () => box.dataset.query;
export const rows = () => [...box.querySelectorAll("[data-open]")];
export const counts = () => box.querySelector("[data-part=rows]").dataset;
let current = () => "";
export function currentBy(found) {
  current = found;
}

export async function refresh() {
  const turn = ++asked;
  let after = "", whole = null;
  for (let number = 0; number < pages; number++) {
    const answer = await fetch(address(after));
    if (!answer.ok || turn !== asked) return;
    const part = parsed(await answer.text());
    if (!whole) whole = part;
    else {
      whole.querySelector(".more")?.remove();
      whole.querySelector("[data-part=rows]").append(...part.querySelector("[data-part=rows]").children);
    }
    after = part.querySelector("[data-more]")?.dataset.more;
    if (!after) break;
  }
  show(whole);
}

function address(after) {
  const wanted = new URLSearchParams(query());
  if (current()) wanted.set("current", current());
  if (after) wanted.set("after", after);
  return `/desk/talks/list?${wanted}`;
}

function show(part) {
  const tabs = part.querySelector("[data-part=tabs]"), list = part.querySelector("[data-part=rows]");
  const shown = box.querySelector("[data-part=tabs]");
  [...tabs.children].forEach((tab, number) => {
    const old = shown.children[number];
    if (old.textContent !== tab.textContent) old.textContent = tab.textContent;
    old.href = tab.href;
    if (tab.hasAttribute("aria-current")) old.setAttribute("aria-current", "true");
    else old.removeAttribute("aria-current");
  });
  const ours = box.querySelector("[data-part=rows]");
  ours.dataset.waiting = list.dataset.waiting;
  ours.dataset.mine = list.dataset.mine;
  ours.dataset.own = list.dataset.own;
  patchRows(ours, list);
  box.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
}

export async function choose(change) {
  const wanted = new URLSearchParams(query());
  for (const [name, value] of Object.entries(change)) value ? wanted.set(name, value) : wanted.delete(name);
  box.dataset.query = wanted.toString();
  pages = 1;
  box.querySelector("[data-part=rows]").scrollTop = 0;
  await refresh();
}

export function mark(id) {
  for (const link of rows()) {
    if (link.dataset.open === String(id)) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

box.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-box]"), more = event.target.closest("[data-more]");
  if (tab && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    choose({ box: tab.dataset.box });
  }
  if (more) {
    pages += 1;
    refresh();
  }
});

const search = document.getElementById("search");
let typed, before = ""; // the box that was shown before something was looked for in all of them
search.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(look, 250);
});
function look() {
  const words = search.q.value.trim(), shown = box.querySelector("[data-box][aria-current]")?.dataset.box || "";
  if (words && !new URLSearchParams(query()).get("q")) before = shown;
  choose({ q: words, box: words ? "all" : shown === "all" ? before : shown });
}
search.addEventListener("submit", (event) => {
  event.preventDefault();
  choose({ q: search.q.value.trim() });
});
const order = document.getElementById("order");
order.addEventListener("click", () => {
  const next = order.dataset.order === "longest" ? "newest" : "longest";
  order.dataset.order = next;
  order.textContent = next === "longest" ? "等待最久" : "最新消息";
  choose({ order: next });
});

/** Put the rows that the stream brought in their places; what is this person's own is read a little later. */
function place(news) {
  asked += 1; // a list that is being read is older
  const ours = box.querySelector("[data-part=rows]"), which = box.querySelector("[data-box][aria-current]").dataset.box;
  const searching = new URLSearchParams(query()).get("q");
  for (const row of news.rows) {
    const old = document.getElementById(`row-${row.id}`);
    const stays = row.boxes.includes(which) && (which !== "mine" || row.holder === me);
    if (!stays || (!old && searching)) old?.remove();
    else put(ours, old, row);
  }
  ours.querySelector(".empty")?.toggleAttribute("hidden", Boolean(ours.querySelector(".line")));
  for (const name of ["waiting", "mine", "snoozed"]) count(name, news[name]);
  ours.dataset.waiting = news.waiting;
  ours.dataset.mine = news.mine;
  box.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
}

function put(ours, old, row) {
  const fresh = parsed(row.html).firstElementChild, cursor = row.cursors[order.dataset.order];
  fresh.dataset.cursor = cursor;
  dress(fresh, old, row);
  const moves = !old || old.dataset.cursor !== cursor;
  if (old) patchRow(old, fresh);
  if (!moves) return;
  const before = [...ours.children].find((one) => one.dataset.cursor && one.id !== fresh.id && earlier(cursor, one.dataset.cursor));
  const more = ours.querySelector(".more");
  if (before) before.before(old || fresh);
  else if (!more) ours.append(old || fresh);
  else old?.remove(); // its place is on a page that is not shown
}

/** What the row is for this person: theirs, marked, and with how much they have not read. */
function dress(fresh, old, row) {
  const link = fresh.querySelector("a"), mine = row.holder === me, open = current() === String(row.id);
  link.search = query();
  if (open) link.setAttribute("aria-current", "true");
  if (mine) fresh.dataset.mine = "1";
  const newer = old ? Math.max(row.turns - Number(old.dataset.turns), 0) : 0;
  const unread = open ? 0 : old ? Number(old.dataset.unread) + newer : Number(fresh.dataset.unread);
  fresh.dataset.unread = unread;
  const mark = fresh.querySelector(".count"), tag = fresh.querySelector(".tag");
  mark.hidden = !unread;
  mark.querySelector("[data-count]").textContent = unread < 100 ? unread : "99+";
  tag.hidden = Boolean(unread);
  if (mine) {
    tag.textContent = "我的";
    tag.classList.add("accent");
  }
}

/** Whether the one place stands before the other: five numbers, the first that differs decides. */
function earlier(one, other) {
  const ours = one.split("_").map(Number), theirs = other.split("_").map(Number);
  const at = ours.findIndex((number, place) => number !== theirs[place]);
  return at >= 0 && ours[at] < theirs[at];
}

function count(name, number) {
  const tab = box.querySelector(`[data-box="${name}"]`), words = number ? `${tab.dataset.word} ${number}` : tab.dataset.word;
  if (tab.textContent !== words) tab.textContent = words;
}

on("list", refresh);
on("rows", place);
