// Changing what is shown without ever touching what somebody writes in, and without taking their focus away.

import { Idiomorph } from "../vendor/idiomorph/idiomorph.js";

export function parsed(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

const WRITTEN_IN = "input, select, textarea, [contenteditable]";
const waiting = new WeakMap(); // what an element shall show as soon as nobody writes in it any more

/** Make the content of an element this one: a focused button stays the same, and who writes in it is left alone. */
export function fill(element, html) {
  if (element.dataset.html === html) return waiting.delete(element);
  if (element.contains(document.activeElement) && document.activeElement.matches(WRITTEN_IN)) {
    if (!waiting.has(element)) element.addEventListener("focusout", () => setTimeout(late, 0, element), { once: true });
    waiting.set(element, html);
    return;
  }
  waiting.delete(element);
  morph(element, html, "innerHTML");
  element.dataset.html = html;
}

function late(element) {
  const html = waiting.get(element);
  waiting.delete(element);
  if (html !== undefined) fill(element, html);
}

/** Buttons and links stay themselves by what they do; whoever was on one that is gone is in the talk then. */
export function morph(element, html, morphStyle) {
  const focused = element.contains(document.activeElement), made = document.createElement("div");
  made.append(typeof html === "string" ? parsed(html) : html);
  identify(element, element.id);
  identify(made, element.id);
  Idiomorph.morph(element, morphStyle === "innerHTML" ? made.innerHTML : made.firstElementChild, { morphStyle });
  if (focused && document.activeElement === document.body) document.getElementById("flow")?.focus({ preventScroll: true });
}

function identify(root, prefix) {
  for (const one of root.querySelectorAll("button:not([id]), a[href]:not([id])")) {
    const does = [...one.attributes].filter(({ name }) => name === "href" || name.startsWith("data-"));
    const name = does.map(({ name: key, value }) => `${key}${value}`).join("").replace(/\W+/g, "-");
    if (name && !root.querySelector(`[id="${prefix}-${name}"]`)) one.id = `${prefix}-${name}`;
  }
}

/** Make the rows of a list those of another, by their ids; a row that is focused stays the same element. */
export function patchRows(list, fresh) {
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const known = new Map([...list.children].map((row) => [row.id, row]));
  let place = list.firstElementChild;
  for (const row of [...fresh.children]) {
    const old = row.id ? known.get(row.id) : null;
    if (old) {
      known.delete(row.id);
      patchRow(old, row);
    }
    const one = old || row;
    if (one === place) place = place.nextElementSibling;
    else list.insertBefore(one, place);
  }
  while (place) {
    const next = place.nextElementSibling;
    place.remove();
    place = next;
  }
  if (focused && document.activeElement !== focused) {
    if (focused.isConnected) focused.focus({ preventScroll: true });
  }
}

/** Make one row as another is. */
export function patchRow(old, row) {
  copyAttributes(old, row);
  const link = old.querySelector("a"), newer = row.querySelector("a");
  if (!link || !newer) {
    if (old.innerHTML !== row.innerHTML && !old.contains(document.activeElement)) old.innerHTML = row.innerHTML;
    return;
  }
  copyAttributes(link, newer);
  if (link.innerHTML !== newer.innerHTML) link.innerHTML = newer.innerHTML; // nothing in it takes the focus
}

function copyAttributes(old, other) {
  for (const { name } of [...old.attributes]) if (!other.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of [...other.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}
