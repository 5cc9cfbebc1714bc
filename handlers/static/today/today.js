// 今日: the number of somebody to call, shown for a minute; on a phone it is dialled at once.

import { post } from "../base.js";
import { flash, say } from "../kit/kit.js";

const SHOWN_MS = 60000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-call]");
  if (!button) return;
  try {
    const { phone } = await post(button.dataset.call, {});
    show(button, phone);
    if (matchMedia("(pointer: coarse)").matches) location.assign(`tel:${phone}`);
    else say(`电话 ${phone}`);
  } catch (fault) {
    flash(fault.status ? fault.message : "没有连上，请再试一次。");
  }
});

function show(button, phone) {
  const shown = button.querySelector("span");
  shown.textContent = phone;
  button.dataset.kept = "";
  setTimeout(() => {
    shown.textContent = button.dataset.masked;
    delete button.dataset.kept;
  }, SHOWN_MS);
}
