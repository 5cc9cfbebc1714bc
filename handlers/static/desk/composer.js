// Writing: the draft that nothing loses, the key that sends once, Enter that never cuts a word of pinyin short.

import { csrf, post } from "../base.js";
import * as canned from "./canned.js";
import * as flow from "./flow.js";
import { changed } from "./live.js";
import * as pictures from "./pictures.js";

const settings = document.getElementById("desk-script").dataset;
const SAVE_MS = 500, TYPING_MS = 3000, AFTER_COMPOSITION_MS = 50;
let form = null, text = null, key = "", saved = "", timer = 0, sending = false, composed = 0, typed = 0, undone = null;

export const isThere = () => Boolean(form);
export const focus = () => text?.focus();
export const written = () => (text?.value.startsWith("/") ? "" : text?.value.trim() || "");
export const as = () => form.dataset.as;
const address = (what) => `/desk/talks/${flow.id()}/${what}`;

export function opened() {
  form = document.getElementById("composer");
  if (!form) return;
  text = document.getElementById("text");
  key = form.dataset.key;
  saved = text.value;
  pictures.opened(form, text);
  canned.opened(text, placed);
  setAs(form.dataset.as, false);
  allow(form.dataset.mode);
  grow();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("allowed", (event) => allow(event.detail));
  text.addEventListener("input", typing);
  text.addEventListener("keydown", pressed);
  text.addEventListener("compositionend", () => (composed = Date.now()));
  form.addEventListener("change", count);
  form.addEventListener("refused", (event) => warn(event.detail));
}

/** Before another talk is shown: what was written goes to the server. */
export function left() {
  if (!form) return;
  clearTimeout(timer);
  if (text.value !== saved) beacon();
  navigator.sendBeacon(address("present"), new URLSearchParams({ csrf: csrf(), gone: "1" }));
  form = text = null;
}

export function setAs(which, keep = true) {
  if (!form) return;
  form.dataset.as = which;
  const note = which === "note";
  for (const button of form.querySelectorAll(".modes [data-as]")) {
    button.setAttribute("aria-pressed", String(button.dataset.as === which));
  }
  document.getElementById("send").textContent = note ? "记备注" : "发送";
  text.setAttribute("aria-label", note ? "内部备注" : "回复内容");
  text.placeholder = note ? "写给同事，住户看不到；@名字 会提醒他" : "输入回复；/ 调出快捷回复；可粘贴或拖入图片";
  allow(form.dataset.mode);
  if (keep) {
    save();
    text.focus();
  }
}

function allow(mode) {
  if (!form) return; // left already, while another talk is on its way
  form.dataset.mode = mode;
  const note = form.dataset.as === "note";
  document.getElementById("send").disabled = !note && mode !== "free";
  form.querySelector("[data-act=picture]").disabled = note || mode !== "free";
}

function pressed(event) {
  if (event.isComposing || event.keyCode === 229 || Date.now() - composed < AFTER_COMPOSITION_MS) return;
  if (canned.pressed(event)) return;
  if (event.key === "Tab" && !event.shiftKey && canned.nextBlank(text)) return event.preventDefault();
  if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
  const withCtrl = event.ctrlKey || event.metaKey;
  if (settings.enter === "ctrl" ? !withCtrl : withCtrl) {
    if (withCtrl) insert("\n", event);
    return;
  }
  event.preventDefault();
  send();
}

function insert(letter, event) {
  event.preventDefault();
  text.setRangeText(letter, text.selectionStart, text.selectionEnd, "end");
  typing();
}

export function put(words) {
  text.value = words;
  typing();
  text.focus();
}

export const add = (words) => put(text.value.trim() ? `${text.value.trimEnd()}\n${words}` : words);

function placed(words, images) {
  text.value = words;
  pictures.addKept(images);
  typing();
  if (!canned.nextBlank(text, true)) text.setSelectionRange(words.length, words.length);
}

function grow() {
  text.rows = Math.min(8, Math.max(2, text.value.split("\n").length));
}

function typing() {
  grow();
  canned.typed(text.value);
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_MS);
  count();
  if (Date.now() - typed > TYPING_MS) {
    typed = Date.now();
    post(address("present"), { typing: true }).catch(() => {});
  }
}

async function save() {
  if (!form || sending) return;
  const words = text.value;
  try {
    const told = await post(address("draft"), { text: words, key, mode: form.dataset.as });
    saved = words;
    say("saved", words ? `草稿已存 ${told.saved}` : "");
  } catch {
    say("saved", "草稿还没存上，会再试");
    timer = setTimeout(save, 3000);
  }
}

function beacon() {
  const values = { csrf: csrf(), text: text.value, key, mode: form.dataset.as };
  navigator.sendBeacon(address("draft"), new URLSearchParams(values));
}

async function count() {
  const bytes = new TextEncoder().encode(text.value).length, images = pictures.ready();
  if (bytes <= 1900 && !images.length) return say("cost", "");
  const told = await post(address("cost"), { text: text.value, images: images.join(",") }).catch(() => null);
  if (told && form) say("cost", told.cost > 1 ? `这条用 ${told.cost} 次` : "");
}

function say(where, words) {
  const place = document.getElementById(where);
  if (place) place.textContent = words;
}

export async function send() {
  const words = text.value.trim(), note = form.dataset.as === "note", images = note ? [] : pictures.ready();
  if (sending || (!words && !images.length) || canned.isOpen()) return;
  if (!note && document.getElementById("send").disabled) return warn("现在发不了，字还在这里。");
  const blanks = note ? [] : canned.blanks(words);
  if (blanks.length) {
    canned.nextBlank(text, true);
    return warn(`还有没填的地方：${blanks.join("、")}。填好再发。`);
  }
  if (!note && pictures.busy()) return warn("图片还没传完，请稍等。");
  sending = true;
  clearTimeout(timer);
  try {
    const body = { text: words, images: images.join(","), key, seen: flow.marker() };
    const told = await post(address(note ? "note" : "say"), body);
    sent(told, words, images, note);
  } catch (fault) {
    await stopped(fault);
  } finally {
    sending = false;
  }
}

function sent(told, words, images, note) {
  warn("");
  if (!note) {
    flow.sawOwn(told.seen);
    offerUndo(key, told.undo_s);
    pictures.left(images);
  }
  key = told.key || newKey();
  if (text.value.trim() === words) text.value = "";
  saved = text.value;
  grow();
  say("saved", "");
  say("cost", "");
  if (text.value) save();
  changed("talk");
  changed("list");
  flow.toEnd();
}

async function stopped(fault) {
  if (fault.key === "human.crossed") await flow.refresh();
  warn(fault.status ? fault.message : "没有连上，字还在。再按一次会接着发，不会发两遍。");
  if (fault.key === "human.crossed") flow.toEnd();
  text.focus();
}

function warn(words) {
  const place = document.getElementById("crossed");
  place.textContent = words;
  place.hidden = !words;
}
export { warn };

const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");

/** A key for something that is no draft. */
export const freshKey = newKey;

function offerUndo(of, seconds) {
  clearInterval(undone?.timer);
  if (!seconds) return;
  const place = document.getElementById("undo");
  undone = { key: of, left: seconds };
  const show = () => {
    if (!undone || undone.left <= 0 || !place.isConnected) {
      clearInterval(undone?.timer);
      undone = null;
      place.hidden = true;
      changed("talk");
      return;
    }
    place.hidden = false;
    place.querySelector("span").textContent = `${undone.left} 秒后发出`;
    undone.left -= 1;
  };
  undone.timer = setInterval(show, 1000);
  show();
}

export async function undo() {
  if (!undone) return;
  clearInterval(undone.timer);
  const { key: of } = undone;
  undone = null;
  document.getElementById("undo").hidden = true;
  try {
    const told = await post(address("undo"), { key: of });
    key = told.key;
    put([told.text, text.value].filter(Boolean).join("\n"));
    pictures.addKept(told.images);
    warn("");
  } catch (fault) {
    warn(fault.message);
  }
  changed("talk");
}

export async function later() {
  const words = text.value.trim();
  if (!words) return warn("先把要说的写好，再点「等住户下次说话就发」。");
  if (pictures.busy()) return warn("图片还没传完，请稍等。");
  const images = pictures.ready();
  try {
    await post(address("later"), { text: words, images: images.join(","), key, seen: flow.marker() });
    key = newKey();
    pictures.left(images);
    text.value = saved = "";
    text.focus();
    warn("");
  } catch (fault) {
    await stopped(fault);
  }
  changed("talk");
}

addEventListener("pagehide", () => {
  if (form && text.value !== saved) beacon();
});
