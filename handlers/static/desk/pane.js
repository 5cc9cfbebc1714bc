// The resident's pane: beside the talk on a wide screen, else a page behind the name, out of which Back leads as well.

const page = document.getElementById("page"), covers = matchMedia("(max-width: 1099px)");

export const isOpen = () => page.classList.contains("on-side");

export function toggle() {
  if (isOpen()) return leave();
  if (!covers.matches) return;
  page.classList.add("on-side");
  history.pushState({ ...history.state, side: true }, "", "#side");
}

export function leave() {
  if (history.state?.side) history.back();
  else page.classList.remove("on-side");
}

/** After Back or Forward within one talk, and a reload. */
export function restored() {
  page.classList.toggle("on-side", Boolean(history.state?.side));
}
