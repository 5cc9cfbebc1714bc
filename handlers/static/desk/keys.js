// The keyboard: letters when no field has the focus, with Alt in the composer too; Ctrl K finds everything.

import * as boxes from "./boxes.js";

const LETTERS = {
  KeyJ: "next", KeyK: "previous", KeyR: "reply", KeyN: "note", KeyT: "take", KeyE: "resolve", KeyS: "snooze",
  KeyU: "unread", KeyI: "side", KeyX: "pick",
};
const WITH_ALT = {
  KeyJ: "next", KeyK: "previous", KeyL: "reply", KeyP: "note", KeyE: "resolve", KeyM: "snooze", KeyO: "side",
};
const GO = { KeyI: "talks", KeyT: "tickets", KeyC: "complaints", KeyR: "residents", KeyD: "today" };
const TOLD = [
  ["J / K", "下一段 / 上一段对话"], ["Enter · Esc", "打开 · 回到列表"], ["R 或 Alt+L", "回复"], ["N 或 Alt+P", "内部备注"],
  ["T · Shift+T", "接入 · 转接"], ["E 或 Alt+E", "办结"], ["Ctrl+Alt+E", "办结，看下一段"], ["S 或 Alt+M", "搁置"],
  ["U", "标为未读"], ["/", "搜索；在回复里是快捷回复"], ["Ctrl+K", "找对话和操作"], ["I 或 Alt+O", "住户资料"],
  ["G 再 I T C R D", "会话 工单 投诉 住户 今日"], ["Enter · Shift+Enter", "发送 · 换行", "ctrl"], ["Ctrl+Alt+A", "图片"],
  ["Alt+1…9", "第几段对话"], ["?", "这张表"],
];
let going = 0;

export function listen(does, settings) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const name = named(event, settings);
    if (!name || !does[name.split(":")[0]]) return;
    event.preventDefault();
    does[name.split(":")[0]](name.split(":")[1]);
  });
}

function named(event, settings) {
  const ctrl = event.ctrlKey || event.metaKey;
  if (ctrl && event.code === "KeyK") return "palette";
  if (boxes.isOpen() || document.querySelector(".pswp")) return "";
  if (ctrl && event.altKey) return { KeyE: "resolve-next", KeyA: "picture" }[event.code] || "";
  if (event.altKey && !ctrl) return event.code.startsWith("Digit") ? `nth:${event.code.slice(5)}` : WITH_ALT[event.code] || "";
  if (ctrl) return "";
  if (event.key === "Escape") return "escape";
  if (inField(event.target)) return "";
  if (settings.letters === "off") return "";
  if (event.key === "?") return "help";
  if (event.code === "Slash") return "search";
  if (Date.now() - going < 1500 && GO[event.code]) {
    going = 0;
    return `go:${GO[event.code]}`;
  }
  if (event.code === "KeyG") {
    going = Date.now();
    return "";
  }
  if (event.shiftKey) return event.code === "KeyT" ? "transfer" : "";
  return LETTERS[event.code] || "";
}

function inField(target) {
  return target.matches("input, textarea, select, [contenteditable]");
}

/** The keys of a page with what they do, as a box; `more` stands below them. */
function table(rows, ...more) {
  const { made } = boxes;
  const lines = rows.flatMap(([keys, what]) => [made("dt", {}, made("kbd", {}, keys)), made("dd", {}, what)]);
  boxes.show(made("div", {}, made("h2", {}, "快捷键"), made("dl", {}, ...lines), ...more,
    made("button", { class: "btn", type: "button", "data-close": "" }, "知道了")));
}

/** The keys, with the switch for those of one letter; `rows` are the inbox's where a page has none of its own. */
export function help(settings, change, rows = TOLD) {
  const { made } = boxes;
  const shown = rows.map(([keys, what, switched]) => [switched && settings.enter === "ctrl" ? "Ctrl+Enter · Enter" : keys, what]);
  const off = made("input", { type: "checkbox" });
  off.checked = settings.letters === "off";
  off.addEventListener("change", () => change(off.checked ? "off" : "on"));
  table(shown, made("label", { class: "row-of" }, off, "关掉单个字母的快捷键"));
}

/** A field over everything that `find` finds: [text, what it does]. */
export function palette(find) {
  const { made } = boxes;
  const input = made("input", { class: "input", type: "search", "aria-label": "找对话、房号、操作", placeholder: "找对话、房号、操作" });
  const list = made("div", { class: "choices", role: "listbox" });
  let chosen = 0, found = [], turn = 0;
  const draw = () => list.replaceChildren(...found.slice(0, 9).map(([words, does], number) => {
    const row = made("button", { class: number === chosen ? "btn main" : "btn", type: "button", role: "option" }, words);
    row.setAttribute("aria-selected", String(number === chosen));
    row.addEventListener("click", () => run(does));
    return row;
  }));
  const run = (does) => {
    boxes.close();
    setTimeout(does);
  };
  const look = async () => {
    const now = ++turn, got = await find(input.value.trim());
    if (now !== turn) return;
    found = got;
    chosen = 0;
    draw();
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const many = Math.min(found.length, 9) || 1;
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : many - 1)) % many;
      draw();
    }
    if (event.key === "Enter" && found[chosen]) {
      event.preventDefault();
      run(found[chosen][1]);
    }
  });
  boxes.show(made("div", { class: "stack" }, input, list));
  input.focus();
  look();
}
