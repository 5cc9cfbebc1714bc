// Rows that were picked: how many, and their ids for whatever is done with all of them.

const picked = () => [...document.querySelectorAll("input[name=pick]:checked")];

/** "1,2,3", "" for none. */
export const pickedIds = () => picked().map((one) => one.value).join(",");

function count() {
  const bar = document.querySelector(".bulk");
  if (!bar) return;
  bar.hidden = !picked().length;
  const shown = bar.querySelector("[data-picked]");
  if (shown) shown.textContent = `选了 ${picked().length} 行`;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[name=pick-all]")) {
    for (const one of document.querySelectorAll("input[name=pick]")) one.checked = event.target.checked;
  }
  if (event.target.matches("input[name=pick], input[name=pick-all]")) count();
});
document.addEventListener("refreshed", count);
addEventListener("pageshow", count);
count();
