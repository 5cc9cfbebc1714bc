// A phone in the browser: one person's talk with the account, live.

import { ask, asked, at, encoded, toast } from "./browser.js";
import { bubble, clock, face, make } from "./bubbles.js";

const ROLES = { resident: "住户", technician: "师傅", staff: "员工" };
const state = { account: { name: "" }, people: new Map(), shown: null, read: stored(), last: new Map(), drawnAt: 0, seq: 0 };
const GAP = 300;

function stored() {
  try { return JSON.parse(localStorage.getItem("read") ?? "{}"); } catch { return {}; }
}

async function act(path, body) {
  try { return await ask(`/sim/users/${encodeURIComponent(state.shown)}/${path}`, body); }
  catch (error) { toast(error.message); return null; }
}

const acts = {
  send: (body) => act("send", body),
  open(url) {
    if (url.startsWith("tel:")) return toast(`呼叫 ${url.slice(4)}`);
    if (!/^https?:/.test(url)) return toast("这个链接在模拟器中打不开");
    return window.open(url, "_blank", "noopener");
  },
  enlarge(url) { at("large").src = url; at("viewer").showModal(); },
  settle: () => bottom(),
};

// ---- people

function unread(person) { return Math.max(0, person.messages - (state.read[person.openid] ?? 0)); }

function row(person) {
  const count = unread(person), message = state.last.get(person.openid);
  const avatar = face(person.nickname);
  if (count) avatar.append(make("span", { class: "badge" }, count > 99 ? "…" : String(count)));
  const said = message ? message.text || { image: "[图片]", voice: "[语音]", location: "[位置]" }[message.type] || message.title || "" : "";
  const line = person.follows ? said.split("\n")[0] || "已关注" : "未关注";
  const label = `${person.nickname}，${count ? `${count}条未读` : line}`;
  return make("button", { type: "button", class: "who", "aria-label": label, "aria-current": String(person.openid === state.shown),
    onclick: () => show(person.openid) },
    avatar, make("span", {}, make("b", {}, person.nickname, make("time", {}, message ? clock(message.time) : "")), make("p", {}, line)));
}

function drawPeople() {
  const groups = Map.groupBy
    ? Map.groupBy(state.people.values(), (person) => person.role || "其他")
    : new Map([["人物", [...state.people.values()]]]);
  at("people").replaceChildren(...[...groups].flatMap(([role, people]) => [make("h2", {}, ROLES[role] ?? role), ...people.map(row)]));
}

async function loadPeople() {
  const { users } = await ask("/sim/users");
  state.people = new Map(users.map((person) => [person.openid, person]));
  // A simulator that began afresh has shorter talks than this browser remembers.
  for (const { openid, messages } of users) state.read[openid] = state.read[openid] > messages ? 0 : state.read[openid];
  await Promise.all(users.filter((person) => person.messages).map(async (person) => {
    const messages = await ask(`/sim/users/${encodeURIComponent(person.openid)}/messages?after=${person.messages - 1}`);
    state.last.set(person.openid, messages.at(-1));
  }));
  drawPeople();
}

// ---- one phone

async function show(openid) {
  const person = state.people.get(openid);
  if (!person) return;
  state.shown = openid;
  document.cookie = `sim_openid=${encodeURIComponent(openid)}; path=/; SameSite=Lax`;
  history.replaceState(null, "", `#${encodeURIComponent(openid)}`);
  document.body.dataset.screen = "chat";
  at("blank").hidden = true;
  at("chat").hidden = false;
  at("messages").replaceChildren();
  state.drawnAt = state.seq = 0;
  frame(person);
  await catchUp();
  at(person.follows ? "text" : "follow").focus({ preventScroll: true });
}

function frame(person) {
  at("title").textContent = state.account.name;
  at("owner").textContent = `${person.nickname}的手机`;
  at("offer").hidden = person.follows;
  at("dock").hidden = !person.follows;
  document.title = `${person.nickname} · 微信模拟器`;
}

async function catchUp() {
  const openid = state.shown;
  if (!openid) return;
  const messages = await ask(`/sim/users/${encodeURIComponent(openid)}/messages?after=${state.seq}`);
  if (openid === state.shown) messages.forEach(draw);
  markRead();
}

function draw(message) {
  if (message.seq <= state.seq) return;
  state.seq = message.seq;
  if (message.time - state.drawnAt > GAP) at("messages").append(make("li", { class: "when" }, clock(message.time)));
  state.drawnAt = message.time;
  at("messages").append(bubble(message, state.people.get(state.shown), state.account, acts));
  bottom();
}

function bottom() { at("messages").scrollTop = at("messages").scrollHeight; }

function markRead() {
  if (!state.shown || document.body.dataset.screen !== "chat") return drawPeople();
  state.read[state.shown] = state.seq;
  localStorage.setItem("read", JSON.stringify(state.read));
  drawPeople();
}

// ---- live

function listen() {
  const source = new EventSource("/sim/events");
  source.onopen = async () => { await loadPeople(); await loadMenu(); await catchUp(); };
  source.onmessage = ({ data }) => { hear(JSON.parse(data)); };
}

function hear(change) {
  if (change.kind === "menu") return loadMenu();
  if (change.kind === "typing") return typing(change);
  if (!change.person) return undefined;
  state.people.set(change.openid, change.person);
  if (change.message) state.last.set(change.openid, change.message);
  if (change.openid !== state.shown) return drawPeople();
  frame(change.person);
  if (!change.message) return drawPeople();
  if (change.message.seq > state.seq + 1) return catchUp();
  draw(change.message);
  return markRead();
}

function typing(change) {
  if (change.openid !== state.shown) return;
  at("title").textContent = change.on ? "对方正在输入…" : state.account.name;
  clearTimeout(typing.timer);
  typing.timer = setTimeout(() => { at("title").textContent = state.account.name; }, 15000);
}

// ---- the account's menu

async function loadMenu() {
  const { menu } = await ask("/sim/menu");
  const buttons = menu?.button ?? [];
  at("menu").replaceChildren(...buttons.map(top));
  const had = !at("to-menu").hidden;
  at("to-menu").hidden = !buttons.length;
  if (had !== buttons.length > 0) keys(!buttons.length);
}

function keys(on) {
  at("compose").hidden = !on;
  at("menu-row").hidden = on;
  at("tools").hidden = true;
  at("plus").setAttribute("aria-expanded", "false");
}

function top(button) {
  const below = button.sub_button ?? [];
  if (!below.length) return make("div", {}, make("button", { type: "button", onclick: () => tap(button) }, button.name));
  const list = make("div", { class: "below", hidden: true }, ...below.map((one) =>
    make("button", { type: "button", onclick: () => { closeMenus(); tap(one); } }, one.name)));
  const toggle = (event) => {
    const open = list.hidden;
    closeMenus();
    list.hidden = !open;
    event.currentTarget.setAttribute("aria-expanded", String(open));
    event.stopPropagation();
  };
  return make("div", {}, list, make("button", { type: "button", "aria-expanded": "false", onclick: toggle }, button.name));
}

function closeMenus() {
  for (const list of document.querySelectorAll(".below")) list.hidden = true;
  for (const button of at("menu").querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", "false");
}

function tap(button) {
  if (button.type === "view" || button.type === "miniprogram") {
    acts.send({ type: "view", url: button.url });
    return acts.open(button.url);
  }
  if (button.type.startsWith("scancode")) return scan();
  if (button.type.startsWith("pic_")) return at("photos").click();
  if (button.type === "location_select") return place();
  return acts.send({ type: "menu", key: button.key });
}

// ---- what a person can do

async function scan() {
  const { qrcodes } = await ask("/sim/qrcodes");
  at("codes").replaceChildren(...qrcodes.slice(-40).reverse().map((code) => make("button",
    { type: "button", disabled: code.expired, onclick: () => { at("scene").value = code.scene; at("scan-box").close("ok"); } },
    make("img", { src: `/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.ticket)}`, alt: "", loading: "lazy" }),
    code.expired ? `${code.scene}（已过期）` : code.scene)));
  at("scene").value = "";
  if (await asked("scan-box") === "ok" && at("scene").value.trim()) await act("scan", { scene: at("scene").value.trim() });
}

async function place() {
  if (await asked("place-box") !== "ok") return;
  await acts.send({ type: "location", lat: at("lat").valueAsNumber, lng: at("lng").valueAsNumber, label: at("label").value });
}

async function about() {
  const person = state.people.get(state.shown);
  at("about-title").textContent = state.account.name;
  at("about-text").textContent = `${state.account.account}\n${person.follows ? "已关注" : "未关注"}\n${person.nickname}的 openid：${person.openid}`;
  at("unfollow").hidden = !person.follows;
  if (await asked("about-box") === "unfollow") await act("unfollow", {});
}

async function addPerson() {
  at("nickname").value = "";
  if (await asked("person-box") !== "ok") return;
  const { openid } = await ask("/sim/users", { nickname: at("nickname").value.trim(), role: at("role").value.trim() });
  await loadPeople();
  await show(openid);
}

async function photos() {
  const files = [...at("photos").files];
  at("photos").value = "";
  at("tools").hidden = true;
  const pictures = await Promise.all(files.map(encoded));
  pictures.forEach((base64) => acts.send({ type: "image", base64 }));
}

function say(event) {
  event?.preventDefault();
  const content = at("text").value.trim();
  if (!content) return;
  at("text").value = "";
  grow();
  acts.send({ type: "text", content });
}

function grow() {
  at("text").style.height = "auto";
  at("text").style.height = `${at("text").scrollHeight}px`;
  at("send").hidden = !at("text").value.trim();
  at("plus").hidden = !at("send").hidden;
}

function tools() {
  at("tools").hidden = !at("tools").hidden;
  at("plus").setAttribute("aria-expanded", String(!at("tools").hidden));
  bottom();
}

const taps = {
  add: addPerson, scan, "tool-scan": scan, "follow-scan": scan, place, more: about, plus: tools,
  voice: () => acts.send({ type: "voice" }), "tool-voice": () => acts.send({ type: "voice" }),
  follow: () => act("follow", {}), "to-menu": () => keys(false),
  "to-keys": () => { keys(true); at("text").focus(); },
  back: () => { document.body.dataset.screen = "people"; state.shown = null; drawPeople(); },
};
for (const [id, run] of Object.entries(taps)) at(id).addEventListener("click", run);
at("compose").addEventListener("submit", say);
at("text").addEventListener("input", grow);
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) say(event);
});
at("photos").addEventListener("change", photos);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(); });
for (const cancel of document.querySelectorAll("dialog .cancel")) {
  cancel.addEventListener("click", () => cancel.closest("dialog").close("cancel"));
}

state.account = await ask("/sim/account");
await loadPeople();
await loadMenu();
await show(decodeURIComponent(location.hash.slice(1)));
listen();
