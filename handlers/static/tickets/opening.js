// Opening a ticket: who is found while one types, what is chosen in the talk, and one press that sends once.

import { post } from "../base.js";
import { parsed } from "../desk/patching.js";

const form = document.querySelector("[data-open]"), finder = document.querySelector("[data-find]");
const words = form.elements.description;
let made = words.value; // what stands there by itself; what somebody wrote is theirs
let asked = 0, waiting = 0;

form.addEventListener("change", (event) => {
  if (event.target.name !== "message" || words.value !== made) return;
  made = [...form.querySelectorAll("[data-words]:checked")].map((one) => one.dataset.words).join("\n");
  words.value = made;
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  const body = new FormData(form), alert = form.querySelector("[role=alert]");
  if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
  alert.hidden = true;
  try {
    location.assign((await post(form.getAttribute("action"), body)).go);
  } catch (fault) {
    alert.textContent = fault.status ? fault.message : "没有连上，写的都还在，请再按一次。";
    alert.hidden = false;
    if (fault.key?.startsWith("ticket.known")) form.querySelector("[data-anyway]").hidden = false;
    alert.scrollIntoView({ block: "nearest" });
    delete form.dataset.sending;
  }
});

async function find() {
  const turn = ++asked, search = finder.elements.q.value.trim(), found = document.getElementById("found");
  if (!search) return found.replaceChildren();
  const answer = await fetch(`${finder.action}?q=${encodeURIComponent(search)}`).catch(() => null);
  if (turn !== asked) return;
  const page = answer?.ok ? parsed(await answer.text()) : "没有连上，请再试一次。";
  found.replaceChildren(page);
}

finder?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, 250);
});
finder?.addEventListener("submit", (event) => {
  event.preventDefault();
  const first = finder.querySelector("#found a");
  if (first) location.assign(first.href);
  else find();
});
