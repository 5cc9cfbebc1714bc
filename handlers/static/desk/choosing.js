// 声音和按键: how somebody likes their desk. What is chosen counts at once, and on every machine they sit down at.

import { post } from "../base.js";
import * as boxes from "./boxes.js";
import { tryOut } from "./ringing.js";

const settings = document.getElementById("desk-script").dataset;
const CHOICES = [
  ["volume", "声音（险情总是响的）", [["low", "轻"], ["loud", "响"], ["off", "关"]]],
  ["enter", "发送", [["enter", "Enter 发送，Shift+Enter 换行"], ["ctrl", "Ctrl+Enter 发送，Enter 换行"]]],
  ["letters", "单个字母的快捷键", [["on", "用"], ["off", "不用"]]],
];

export function show() {
  const { made } = boxes;
  const groups = CHOICES.map(([name, title, values]) => made("fieldset", { class: "choice" }, made("legend", {}, title),
    ...values.map(([value, words]) => {
      const input = made("input", { type: "radio", name, value });
      input.checked = settings[name] === value;
      input.addEventListener("change", () => choose(name, value));
      return made("label", { class: "row-of" }, input, words);
    })));
  boxes.show(made("div", { class: "stack" }, made("h2", {}, "声音和按键"), ...groups, made("p", { class: "soft" }, noticed()),
    made("button", { class: "btn", type: "button", "data-close": "" }, "好了")));
}

export async function choose(name, value) {
  settings[name] = value;
  shown();
  if (name === "volume") tryOut();
  await post("/desk/talks/liking", { name, value });
}

/** What the composer says about its keys. */
export function shown() {
  const key = document.getElementById("send-key");
  if (key) key.textContent = settings.enter === "ctrl" ? "Ctrl+Enter" : "Enter";
}

function noticed() {
  const state = "Notification" in window ? Notification.permission : "none";
  return {
    granted: "桌面通知：已打开。不看这一页的时候也会提醒。",
    denied: "桌面通知：浏览器里关掉了。要打开，点地址栏左边的图标，把「通知」改成允许。",
    default: "桌面通知：还没打开。点「开始值班」，浏览器会问您，选允许。",
  }[state] || "桌面通知：这个浏览器没有。";
}
