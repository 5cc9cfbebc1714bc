// A masked number that is read in full: asked for by a press, which is written down, and masked again after a minute.
// With data-call the same press dials it on a phone.

import { post } from "../base.js";
import { made } from "../desk/boxes.js";

const SHOWN_MS = 60_000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-reveal]");
  const place = button?.parentElement.querySelector("[data-masked]");
  if (!place || button.disabled) return;
  button.disabled = true;
  const masked = place.textContent;
  try {
    const { phone } = await post(button.dataset.reveal);
    place.dataset.kept = "1"; // a part that is read again leaves it
    place.replaceChildren(made("a", { href: `tel:${phone}` }, phone));
    document.getElementById("said").textContent = `电话 ${phone}`;
    if ("call" in button.dataset && matchMedia("(pointer: coarse)").matches) location.assign(`tel:${phone}`);
    setTimeout(() => {
      place.replaceChildren(masked);
      delete place.dataset.kept;
      button.disabled = false;
    }, SHOWN_MS);
  } catch (fault) {
    button.disabled = false;
    place.textContent = fault.status ? fault.message : "没有连上，请再试一次。";
  }
});
