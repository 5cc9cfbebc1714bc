// 快捷回复: "/" at the beginning brings the list; words or initials narrow it; Tab goes from one 【…】 to the next.

import { post } from "../base.js";
import * as flow from "./flow.js";

const BLANK = /【[^【】]*】/g;
let text = null, list = null, take = null, found = [], chosen = 0, asked = 0;

export function opened(area, placed) {
  text = area;
  take = placed;
  list = document.getElementById("canned");
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const row = event.target.closest("li");
    if (row?.dataset.number) choose(Number(row.dataset.number));
    else if (row?.dataset.act || row?.querySelector("a")) setTimeout(close, 200); // the click that follows finds it first
  });
}

export const isOpen = () => Boolean(list && !list.hidden);

export function typed(words) {
  if (words.startsWith("/") && !words.includes("\n")) search(words.slice(1));
  else close();
}

export function open() {
  search("");
  text.focus();
}

async function search(words) {
  const turn = ++asked;
  const answer = await fetch(`/desk/talks/canned?${new URLSearchParams({ q: words, talk: flow.id() })}`);
  if (!answer.ok || turn !== asked) return;
  found = (await answer.json()).replies;
  chosen = 0;
  draw();
}

function draw() {
  list.replaceChildren(...found.map((one, number) => {
    const row = document.createElement("li"), small = document.createElement("small");
    row.setAttribute("role", "option");
    row.id = `canned-${number}`;
    row.dataset.number = number;
    row.setAttribute("aria-selected", String(number === chosen));
    small.textContent = one.text;
    row.append(one.title, small);
    return row;
  }));
  if (!found.length) {
    const none = document.createElement("li");
    none.textContent = "没有这样的快捷回复";
    list.append(none);
  }
  const keep = document.createElement("li"), manage = document.createElement("li"), link = document.createElement("a");
  keep.dataset.act = "keep-canned";
  keep.textContent = "＋ 存一条新的";
  link.href = "/desk/canned";
  link.textContent = "管理快捷回复（改、归档、配图片、给同事用）";
  manage.append(link);
  list.append(keep, manage);
  list.hidden = false;
  text.setAttribute("aria-activedescendant", found.length ? `canned-${chosen}` : "");
}

export function close() {
  asked += 1;
  if (!list) return;
  list.hidden = true;
  text?.removeAttribute("aria-activedescendant");
}

/** Whether the list took the key. */
export function pressed(event) {
  if (!isOpen()) return false;
  if (event.key === "Escape") close();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(found.length, 1);
    draw();
  } else if (event.key === "Enter" && found.length) choose(chosen);
  else if (event.key === "Enter") close();
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

async function choose(number) {
  const one = found[number];
  close();
  if (!one) return;
  const told = await post(`/desk/talks/canned/${one.id}/fill`, { talk: flow.id() });
  take(told.text, told.images);
}

export const blanks = (words) => words.match(BLANK) || [];

/** Select the next place to fill in, behind the caret or from the start. */
export function nextBlank(area, fromStart = false) {
  const places = [...area.value.matchAll(BLANK)];
  if (!places.length) return false;
  const next = fromStart ? places[0] : places.find((one) => one.index >= area.selectionEnd) || places[0];
  area.focus();
  area.setSelectionRange(next.index, next.index + next[0].length);
  return true;
}
