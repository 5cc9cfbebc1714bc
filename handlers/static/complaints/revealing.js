// A whole phone number, for a minute: asking for it is a POST that is written down. On a phone one tap calls.

import { post } from "../base.js";
import { flash } from "../work/work.js";

const SHOWN_S = 60;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const place = button.closest("[data-phone]"), before = [...place.childNodes];
  button.disabled = true;
  try {
    const { phone } = await post(button.dataset.reveal, {});
    const link = document.createElement("a");
    link.href = `tel:${phone}`;
    link.textContent = phone;
    place.dataset.kept = "";
    place.replaceChildren(link);
    setTimeout(() => {
      place.replaceChildren(...before);
      delete place.dataset.kept;
    }, SHOWN_S * 1000);
    if ("call" in button.dataset && matchMedia("(pointer: coarse)").matches) location.assign(link.href);
    else link.focus();
  } catch (fault) {
    flash(fault.status ? fault.message : "没有连上，请再试一次。");
  }
  button.disabled = false;
});
