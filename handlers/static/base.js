// What every page does in the browser: messages that can be put away, forms that are sent once.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (button) button.closest(button.dataset.dismiss).remove();
});

// A second press while the answer is on its way sends nothing again; coming Back makes the form usable.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("hx-post") || form.method === "dialog") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

/** The token that every request which changes something carries in X-CSRF-Token. */
export const csrf = () => document.querySelector("meta[name=csrf]").content;

/** Post JSON or a FormData; the answer as JSON. Rejects with the sentence that the server says. */
export async function post(address, body) {
  const isForm = body instanceof FormData;
  const headers = { "X-CSRF-Token": csrf(), Accept: "application/json" };
  if (!isForm) headers["Content-Type"] = "application/json";
  const answer = await fetch(address, { method: "POST", headers, body: isForm ? body : JSON.stringify(body ?? {}) });
  if (answer.status === 401) location.assign(answer.headers.get("Location") || "/desk/sign-in");
  const told = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.text), { key: told.error, status: answer.status, told });
  return told;
}
