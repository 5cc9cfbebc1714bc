// Uploading a spreadsheet: the file itself as the body; its page shows how far the check is.

import { csrf } from "../base.js";

const form = document.getElementById("import");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = form.elements.file.files[0], send = form.querySelector("button");
  const wrong = form.querySelector("[role=alert]");
  if (!file) return;
  wrong.hidden = true;
  if (file.size > form.dataset.most * 2 ** 20) {
    // The answer to what is cut off half-way may never be read.
    wrong.textContent = `文件太大，最多 ${form.dataset.most} MB。`;
    wrong.hidden = false;
    delete form.dataset.sent;
    return;
  }
  send.disabled = true;
  const query = new URLSearchParams({ kind: form.elements.kind.value, name: file.name });
  try {
    const headers = { "X-CSRF-Token": csrf(), Accept: "application/json", "Content-Type": "application/octet-stream" };
    const answer = await fetch(`${form.getAttribute("action")}?${query}`, { method: "POST", headers, body: file });
    const told = await answer.json();
    if (answer.ok) return location.assign(told.go);
    wrong.textContent = told.text;
  } catch {
    wrong.textContent = "没有传上去，请再试一次。";
  }
  wrong.hidden = false;
  send.disabled = false;
  delete form.dataset.sent;
});
