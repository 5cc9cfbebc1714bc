// Moving through the rows of a page by keyboard. A row is a child of [data-rows]; its first link is what opens it.

const all = () => [...document.querySelectorAll("[data-rows] > *")].filter((row) => link(row));
const link = (row) => (row.matches("a") ? row : row.querySelector("a[href]"));

export function move(by) {
  const rows = all(), at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? 0 : at + by];
  if (!next) return;
  link(next).focus();
  next.scrollIntoView({ block: "nearest" });
}

/** Pick the row that has the focus, or no longer. */
export function pick() {
  const box = all().find((row) => row.contains(document.activeElement))?.querySelector("input[name=pick]");
  if (box) box.click();
}
