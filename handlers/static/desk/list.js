// The list of talks: which box, in which order, looked through for what; kept up without reload.

import { on } from "./live.js";
import { parsed, patchRows } from "./patching.js";

const box = document.getElementById("list");
let pages = 1, asked = 0;

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
let typed;
search.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => choose({ q: search.q.value.trim(), box: search.q.value.trim() ? "all" : "" }), 250);
});
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

on("list", refresh);
