// Pictures to be sent: pasted, dropped or chosen; each is shown at once from itself, and has a state of its own.

import { csrf } from "../base.js";
import * as flow from "./flow.js";

const MOST = 10 * 1024 * 1024, MANY = 9;
let parts = [], form = null, list = null;

export function opened(composer, area) {
  form = composer;
  list = document.getElementById("parts");
  parts = [];
  document.getElementById("file").addEventListener("change", (event) => {
    add(event.target.files);
    event.target.value = "";
  });
  area.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      add(event.clipboardData.files);
    }
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("dropping", name === "dragover");
      if (name === "drop") add(event.dataTransfer.files);
    });
  }
  list.addEventListener("click", (event) => {
    const part = parts[Number(event.target.closest("li")?.dataset.number)];
    if (!part) return;
    if (event.target.closest("[data-drop]")) parts = parts.filter((one) => one !== part);
    else if (event.target.closest("[data-again]")) upload(part);
    draw();
  });
}

export const choose = () => document.getElementById("file").click();
export const ready = () => parts.filter((one) => one.sha256).map((one) => one.sha256);
export const busy = () => parts.some((one) => one.state === "上传中");

/** These went out. One that failed stays, to be sent again or dropped. */
export function left(hashes) {
  for (const one of parts) if (hashes.includes(one.sha256)) URL.revokeObjectURL(one.preview);
  parts = parts.filter((one) => !hashes.includes(one.sha256));
  draw();
}

export function addKept(hashes) {
  for (const sha256 of hashes || []) {
    parts.push({ sha256, preview: `/desk/talks/${flow.id()}/pictures/${sha256}`, state: "好了" });
  }
  draw();
}

function add(files) {
  const pictures = [...files].filter((one) => one.type.startsWith("image/")), room = MANY - parts.length;
  if (pictures.length < files.length) refuse("只能发图片，别的文件没有放进来。");
  if (pictures.length > room) refuse(`一次最多发${MANY}张，多出来的${pictures.length - room}张没有放进来。`);
  for (const file of pictures.slice(0, room)) {
    const part = { file, preview: URL.createObjectURL(file), state: "上传中", sha256: "" };
    parts.push(part);
    upload(part);
  }
  draw();
}

function refuse(words) {
  form.dispatchEvent(new CustomEvent("refused", { detail: words }));
}

async function upload(part) {
  part.state = "上传中";
  draw();
  if (part.file.size > MOST) {
    part.state = "超过10MB";
    return draw();
  }
  try {
    const headers = { "X-CSRF-Token": csrf(), Accept: "application/json", "Content-Type": "application/octet-stream" };
    const answer = await fetch(`/desk/talks/${flow.id()}/pictures`, { method: "POST", headers, body: part.file });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.text);
    part.sha256 = told.sha256;
    part.state = "好了";
  } catch (fault) {
    part.state = fault.message || "没传上";
  }
  draw();
  form.dispatchEvent(new Event("change"));
}

function draw() {
  list.replaceChildren(...parts.map((one, number) => {
    const row = document.createElement("li"), picture = document.createElement("img"), state = document.createElement("span");
    row.dataset.number = number;
    picture.src = one.preview;
    picture.alt = `要发的第 ${number + 1} 张图片`;
    state.textContent = one.state;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn link";
    drop.dataset.drop = "";
    drop.textContent = "去掉";
    row.append(picture, state, drop);
    if (!one.sha256 && one.state !== "上传中") {
      const again = drop.cloneNode();
      delete again.dataset.drop;
      again.dataset.again = "";
      again.textContent = "再传";
      row.append(again);
    }
    return row;
  }));
}
