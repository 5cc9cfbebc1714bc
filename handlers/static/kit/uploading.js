// Pictures of a form: chosen, pasted or dropped, each goes up at once and has a state of its own; the form holds the
// hashes of those that are there. A field is [data-pictures] with its address; it takes so many as data-most says.

import { csrf } from "../base.js";
import { made } from "../desk/boxes.js";

const LARGEST = 10 * 1024 * 1024, ON_ITS_WAY = "上传中";
const files = new WeakMap(); // of each row
const list = (field) => field.querySelector("[data-parts]");

/** The field that a paste or a drop is for: of the open dialog, else of the page. */
function current() {
  const box = document.getElementById("box");
  return (box?.open ? box : document).querySelector("[data-pictures]");
}

function changed(field) {
  const rows = [...list(field).children];
  field.querySelector("[name=images]").value = rows.map((one) => one.dataset.sha256).filter(Boolean).join(",");
  const waits = rows.some((one) => "waits" in one.dataset);
  for (const send of field.closest("form").querySelectorAll("[type=submit]")) send.disabled = waits;
}

function said(row, state, sha256 = "") {
  row.querySelector("span").textContent = state;
  if (sha256) row.dataset.sha256 = sha256;
  if (state === ON_ITS_WAY) row.dataset.waits = "";
  else delete row.dataset.waits;
  row.querySelector("[data-again]").hidden = Boolean(sha256) || state === ON_ITS_WAY;
  const field = row.closest("[data-pictures]");
  if (field) changed(field);
}

async function upload(row, address) {
  const file = files.get(row);
  if (file.size > LARGEST) return said(row, "超过10MB");
  said(row, ON_ITS_WAY);
  try {
    const headers = { "X-CSRF-Token": csrf(), Accept: "application/json", "Content-Type": "application/octet-stream" };
    const answer = await fetch(address, { method: "POST", headers, body: file });
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.text), { said: true });
    said(row, "好了", told.sha256);
  } catch (fault) {
    said(row, fault.said ? fault.message : "没传上");
  }
}

function add(field, chosen) {
  for (const file of chosen) {
    if (!file.type.startsWith("image/")) continue;
    if (list(field).children.length >= Number(field.dataset.most)) break;
    const preview = URL.createObjectURL(file);
    const picture = made("img", { src: preview, alt: file.name || "要加的照片" });
    picture.addEventListener("load", () => URL.revokeObjectURL(preview), { once: true });
    const again = made("button", { class: "btn link", type: "button", "data-again": "" }, "再传");
    const row = made("li", {}, picture, made("span"), again, made("button", { class: "btn link", type: "button", "data-drop": "" }, "去掉"));
    files.set(row, file);
    list(field).append(row);
    upload(row, field.dataset.pictures);
  }
}

document.addEventListener("change", (event) => {
  const field = event.target.matches("[type=file]") && event.target.closest("[data-pictures]");
  if (!field) return;
  add(field, [...event.target.files]);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  const copied = event.clipboardData, words = copied.types.includes("text/plain") && event.target.matches("input, textarea");
  const field = !words && copied.files.length && current();
  if (!field) return;
  event.preventDefault();
  add(field, [...event.clipboardData.files]);
});
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const field = current();
    if (!field || (name !== "dragleave" && !event.dataTransfer.types.includes("Files"))) return;
    event.preventDefault();
    field.classList.toggle("dropping", name === "dragover");
    if (name === "drop") add(field, [...event.dataTransfer.files]);
  });
}
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-pictures] li");
  if (!row) return;
  const field = row.closest("[data-pictures]");
  if (event.target.closest("[data-again]")) upload(row, field.dataset.pictures);
  if (!event.target.closest("[data-drop]")) return;
  row.remove();
  changed(field);
});
