// What the buttons of a talk do; each posts one verb and lets the page hear that things have changed.

import { post } from "../base.js";
import * as boxes from "./boxes.js";
import * as canned from "./canned.js";
import * as composer from "./composer.js";
import * as flow from "./flow.js";
import { changed, everything } from "./live.js";
import { parsed } from "./patching.js";
import * as pane from "./pane.js";
import * as pictures from "./pictures.js";

const { ask, field, fields, made } = boxes;
const address = (what) => `/desk/talks/${flow.id()}/${what}`;
let leave = () => {};
export function leaveBy(back) {
  leave = back;
}

export function say(words) {
  document.getElementById("said").textContent = words;
}

/** Post; what went wrong is said where one looks. */
async function act(where, body, done) {
  try {
    const told = await post(where, body);
    // The button that was pressed may be gone in a moment: what is read next gets the focus.
    if (document.activeElement?.closest("#quota, #head, .again")) document.getElementById("flow")?.focus({ preventScroll: true });
    everything();
    if (composer.isThere()) composer.warn("");
    if (done) say(done);
    return told;
  } catch (fault) {
    if (composer.isThere()) composer.warn(fault.status ? fault.message : "没有连上，请再试一次。");
    else flash(fault.message);
    everything();
    return null;
  }
}

export function flash(words, kind = "") {
  const line = made("p", { class: kind }, made("span", {}, words), made("span", { class: "spread" }),
    made("button", { class: "btn ghost", type: "button", "data-dismiss": "p" }, "收起"));
  document.getElementById("flash").replaceChildren(line);
}

async function fetchedBox(where) {
  const answer = await fetch(where);
  if (!answer.ok) return null;
  const content = made("div");
  content.append(parsed(await answer.text()));
  let given = null;
  boxes.show(content);
  content.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    given = { ...Object.fromEntries(new FormData(event.target)), ...(pressed?.name ? { [pressed.name]: pressed.value } : {}) };
    boxes.close();
  });
  return boxes.answered(() => given);
}

/** A box whose form is posted from there: a refusal is shown in it, and nothing typed is lost. */
async function postedBox(where) {
  const answer = await fetch(where);
  if (!answer.ok) return flash("打不开，请刷新页面再试。");
  const content = made("div");
  content.append(parsed(await answer.text()));
  const form = content.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const told = await post(form.getAttribute("action"), Object.fromEntries(new FormData(form)));
      boxes.close();
      everything();
      say(told.text);
    } catch (fault) {
      const line = form.querySelector("[role=alert]") || made("p", { class: "say danger", role: "alert" });
      line.textContent = fault.status ? fault.message : "没有连上，写的都还在，请再试一次。";
      form.append(line);
    }
  });
  boxes.show(content);
  form.querySelector("[autofocus]")?.focus();
}

export const acts = {
  promise: (button) =>
    postedBox(`/desk/today/promise?${new URLSearchParams({ about: `conversation:${flow.id()}`, entry: button.dataset.entry })}`),
  async take() {
    if (await act(address("take"), {}, "已接入")) composer.focus();
  },
  async "take-over"() {
    const reason = made("input", { name: "reason", class: "input", required: "", maxlength: "200" });
    const given = await fields("接管这段对话", [field("为什么接管（原来的同事看得到）", reason)], "接管");
    if (given) await act(address("take-over"), given, "已接管");
  },
  async transfer() {
    const given = await fetchedBox(address("takers"));
    if (given && await act(address("transfer"), given, "已转接")) leave();
  },
  async snooze() {
    const until = await ask("搁置到什么时候", [
      ["answer", "住户再说话时", true], ["1h", "1 小时后"], ["3h", "3 小时后"], ["tomorrow", "明天 9:00"],
    ]);
    if (until && await act(address("snooze"), { until }, "已搁置")) leave();
  },
  async "snooze-on"(button) {
    if (await act(address("snooze"), { until: button.dataset.until }, "接着搁置")) leave();
  },
  async "keep-canned"() {
    const title = made("input", { name: "title", class: "input", required: "", maxlength: "40" });
    const words = made("textarea", { name: "text", class: "input", rows: "4", maxlength: "1000", required: "" });
    words.value = composer.written();
    const given = await fields("新的快捷回复", [
      field("标题（按拼音首字母也找得到）", title),
      field("内容，可以用 {称呼} {房号} {小区} {我}，要现填的写成【几点】", words),
      made("p", { class: "soft" }, "只有您能用。要给同事用、要配图片，在「管理快捷回复」里写。"),
    ], "存好");
    if (given) await act("/desk/talks/canned", given, "存好了");
  },
  wake: () => act(address("wake"), {}, "不搁置了"),
  async resolve(next = false) {
    const closing = made("textarea", { name: "closing", class: "input", rows: "3", maxlength: "1000" });
    const rating = made("input", { type: "checkbox", name: "ask", value: "1", checked: "" });
    const given = await fields("办结", [
      field("结束语（可以不写，不写就不发消息）", closing),
      made("label", { class: "row-of" }, rating, "请住户点一下评价（只剩一条时不问）"),
    ], "办结");
    if (!given) return;
    const body = { ...given, seen: flow.marker(), key: composer.freshKey() };
    if (await act(address("resolve"), body, "已办结")) leave(next === true);
  },
  async more() {
    // What has room in the head of a wide screen, and what it does, is the same one here.
    const head = [...document.querySelectorAll("#head .wide[data-act]")];
    const what = await ask("更多", [
      ...head.map((button) => [button.dataset.act, button.textContent]), ["hand-back", "交还管家"], ["unread", "标为未读"],
    ]);
    if (what) acts[what](head.find((button) => button.dataset.act === what));
  },
  async "hand-back"() {
    if (await act(address("hand-back"), {}, "已交还管家")) leave();
  },
  async unread() {
    if (await act(address("unread"), {}, "已标为未读")) leave();
  },
  back: () => leave(),
  side: () => pane.toggle(),
  undo: () => composer.undo(),
  later: () => composer.later(),
  canned: () => canned.open(),
  picture: () => pictures.choose(),
  "ask-back": () => composer.add("您回复一下，我们好继续说。"),
  async template() {
    const given = await fetchedBox(address("templates"));
    if (!given?.chosen) return;
    const [phrase, number] = given.chosen.split(" ");
    await act(address("template"), { phrase, number, key: composer.freshKey(), seen: flow.marker() }, "模板消息已发");
  },
  "cancel-held": async (button) => {
    const told = await act(address(`held/${button.dataset.held}/cancel`), {}, "已取消");
    if (told) composer.add(told.text);
  },
  retry: (button) => act(address(`sent/${button.dataset.sent}/retry`), {}, "重发了"),
  async "send-again"(button) {
    const sure = await ask("住户可能已经收到了，再发会收到两遍。仍要重发吗？", [["yes", "仍要重发"]]);
    if (sure) acts.retry(button);
  },
  "ask-received": () => composer.put("刚才那条消息您收到了吗？回个字就行。"),
  async reveal() {
    const told = await act(address("reveal"), {});
    const shown = document.getElementById("phone");
    if (!told || !shown) return null;
    shown.textContent = told.phone;
    setTimeout(() => (shown.textContent = shown.dataset.masked), 60000);
    return told.phone;
  },
  acknowledge: (button) => act(`/desk/instructions/${button.dataset.instruction}/acknowledge`, {}, "知道了"),
  async instruct() {
    const text = made("textarea", { name: "text", required: "", rows: "4", maxlength: "2000" });
    const given = await fields("批示这段会话", [field("写给接待的人（住户看不到）", text)], "发出批示");
    if (given) await act("/desk/instructions", { kind: "conversation", id: String(flow.id()), text: given.text }, "批示发出去了");
  },
  async call() {
    const phone = await acts.reveal();
    if (phone) location.assign(`tel:${phone}`);
  },
  async copy(button) {
    await navigator.clipboard.writeText(button.parentElement.querySelector("[data-copy-text]").textContent);
    say("已复制");
  },
  speed(button) {
    const audio = button.parentElement.querySelector("audio");
    audio.playbackRate = audio.playbackRate === 1 ? 1.5 : 1;
    button.textContent = `${audio.playbackRate}×`;
  },
};

export async function duty(button) {
  const chosen = await ask("现在的状态", [["on", "在岗"], ["away", "离开（不收新的）"], ["off", "下班（先看交接单）"]]);
  if (chosen === "off") {
    const given = await fetchedBox("/desk/talks/leaving");
    if (!given || !(await act("/desk/talks/leave", given, "已下班"))) return;
  } else if (!chosen || !(await act("/desk/talks/duty", { duty: chosen }))) return;
  button.dataset.duty = chosen;
  button.textContent = { on: "在岗", away: "离开", off: "下班" }[chosen];
}

export async function takeAlarm(button) {
  if (await act(`/desk/talks/alarms/${button.dataset.takeAlarm}/take`, {}, "您在处理这个险情")) changed("alarms");
  return button.dataset.talk;
}

export async function teach(form) {
  const body = { message: form.dataset.message, ...Object.fromEntries(new FormData(form)) };
  if (await act(address("teach"), body, "记下了")) {
    form.closest("details").open = false;
    flash("记下了，脚本管理员会看到。", "ok");
  }
}
