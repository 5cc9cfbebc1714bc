// Changing what is shown without ever touching what somebody has the focus in.

export function parsed(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

/** Replace the content of an element unless the focus is inside: then once it has left. */
export function fill(element, html) {
  if (element.dataset.html === html) return;
  if (element.contains(document.activeElement)) {
    element.dataset.waits = "1";
    element.addEventListener("focusout", () => {
      if (!element.dataset.waits) return;
      delete element.dataset.waits;
      setTimeout(() => fill(element, html));
    }, { once: true });
    return;
  }
  delete element.dataset.waits;
  element.innerHTML = html;
  element.dataset.html = html;
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
