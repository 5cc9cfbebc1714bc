// A whole phone number: asked for by name, written down on the server, and masked again after a minute.

import { post } from "../base.js";

const SHOWN_MS = 60_000;

function mask(shown) {
  shown.textContent = shown.dataset.masked;
  delete shown.dataset.kept;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const shown = button.parentElement.querySelector("[data-masked]");
  button.disabled = true;
  try {
    const told = await post(button.dataset.reveal);
    shown.textContent = told.phone;
    shown.dataset.kept = ""; // or the page, which is told that somebody looked, would mask it at once
    document.getElementById("said").textContent = `电话 ${told.phone}`;
    setTimeout(() => mask(shown), SHOWN_MS);
  } catch (fault) {
    document.getElementById("said").textContent = fault.message;
    shown.textContent = fault.status ? fault.message : "没有连上，请再试一次。";
  }
  button.disabled = false;
});
