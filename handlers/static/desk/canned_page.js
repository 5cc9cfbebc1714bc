// Pictures of a 快捷回复: each goes up as soon as it is chosen; the form holds the hashes of those that are there.

import { csrf } from "../base.js";
import { made } from "./boxes.js";

const MOST = 3, LARGEST = 10 * 1024 * 1024;
const box = document.getElementById("box");
const list = () => box.querySelector("[data-parts]");

function kept() {
  const hashes = [...list().children].map((one) => one.dataset.sha256).filter(Boolean);
  box.querySelector("[name=images]").value = hashes.join(",");
}

async function add(file) {
  const state = made("span", {}, "上传中"), drop = made("button", { class: "btn link", type: "button", "data-drop": "" }, "去掉");
  const picture = made("img", { src: URL.createObjectURL(file), alt: file.name });
  const row = made("li", {}, picture, state, drop);
  list().append(row);
  if (file.size > LARGEST) return (state.textContent = "超过10MB");
  try {
    const headers = { "X-CSRF-Token": csrf(), Accept: "application/json", "Content-Type": "application/octet-stream" };
    const answer = await fetch("/desk/canned/pictures", { method: "POST", headers, body: file });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.text);
    row.dataset.sha256 = told.sha256;
    state.textContent = "好了";
    if (row.isConnected) kept();
  } catch (fault) {
    state.textContent = fault.message || "没传上";
  }
  return row;
}

box.addEventListener("change", (event) => {
  if (!event.target.matches("[data-pictures]")) return;
  for (const file of event.target.files) if (list().children.length < MOST) add(file);
  event.target.value = "";
});
box.addEventListener("click", (event) => {
  if (!event.target.closest("[data-drop]")) return;
  event.target.closest("li").remove();
  kept();
});
