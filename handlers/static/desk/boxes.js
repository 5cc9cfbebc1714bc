// The one dialog of the page: choices, forms, photos, the palette.

const box = document.getElementById("box");
let back = null;

export const isOpen = () => box.open;

export function show(content) {
  back = back || document.activeElement;
  box.replaceChildren(content);
  if (!box.open) box.showModal();
}

export function close() {
  if (box.open) box.close();
}

box.addEventListener("close", () => {
  box.replaceChildren();
  const to = back;
  back = null;
  if (to) (to.isConnected ? to : document.getElementById("flow"))?.focus({ preventScroll: true });
});
box.addEventListener("click", (event) => {
  if (event.target === box || event.target.closest("[data-close]")) close();
});

/** An element with its attributes and what stands in it; text is never read as HTML. */
export function made(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

/** What `read` gives once the box is closed, and not before: who goes on from there may open it again. */
export function answered(read) {
  return new Promise((resolve) => box.addEventListener("close", () => resolve(read()), { once: true }));
}

/** Ask which: resolves with the value of what was chosen, with null for none. */
export function ask(title, choices) {
  let chosen = null;
  const buttons = choices.map(([value, text, main]) => {
    const button = made("button", { type: "button", class: main ? "btn main" : "btn" }, text);
    button.addEventListener("click", () => {
      chosen = value;
      close();
    });
    return button;
  });
  const cancel = made("button", { type: "button", class: "btn ghost", "data-close": "" }, "取消");
  show(made("div", {}, made("h2", {}, title), made("div", { class: "choices" }, ...buttons, cancel)));
  return answered(() => chosen);
}

/** Ask for words: resolves with the fields of the form, with null when nothing was sent. */
export function fields(title, parts, send) {
  let given = null;
  const form = made("form", { class: "stack", method: "dialog" }, made("h2", {}, title), ...parts,
    made("div", { class: "row-of" }, made("button", { class: "btn main", type: "submit" }, send),
      made("button", { class: "btn", type: "button", "data-close": "" }, "取消")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    given = Object.fromEntries(new FormData(form));
    close();
  });
  show(form);
  form.querySelector("input, select, textarea")?.focus();
  return answered(() => given);
}

export function field(label, input) {
  return made("label", { class: "field" }, made("span", { class: "label" }, label), input);
}
