// Draws messages as WeChat shows them. Everything that came from outside is set as text, never as markup.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function face(name, kind = "") {
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 5;
  return make("span", { class: `face ${kind}`, "data-hue": hue, "aria-hidden": "true" }, [...name][0] ?? "?");
}

export function clock(seconds) {
  const then = new Date(seconds * 1000);
  const time = then.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return time;
  return days === 1 ? `昨天 ${time}` : `${then.getMonth() + 1}月${then.getDate()}日 ${time}`;
}

const TAPPABLE = /(https?:\/\/[^\s，。；、）<>"]+)|((?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})(?!\d))/g;

// WeChat makes addresses and telephone numbers in any text tappable.
function plain(text, acts) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(TAPPABLE)) {
    nodes.push(text.slice(end, match.index));
    nodes.push(link(match[0], match[1] ?? `tel:${match[2]}`, acts));
    end = match.index + match[0].length;
  }
  return [...nodes, text.slice(end)];
}

function link(text, url, acts) {
  const go = (event) => { event.preventDefault(); acts.open(url); };
  return make("a", { href: url.startsWith("javascript:") ? "#" : url, onclick: go }, text);
}

function part(one, acts) {
  if (one.kind === "option") {
    const tap = () => acts.send({ type: "option", text: one.sends, id: one.id ?? "" });
    return [make("button", { type: "button", class: "option", onclick: tap }, one.text.replace(/\n$/, "")), one.text.endsWith("\n") ? "\n" : ""];
  }
  return one.kind === "link" ? [link(one.text, one.url ?? "", acts)] : plain(one.text, acts);
}

function text(message, acts) {
  const parts = message.parts ?? [{ kind: "text", text: message.text }];
  return make("div", { class: "bubble" }, ...parts.flatMap((one) => part(one, acts)));
}

function picture(message, acts) {
  const show = () => acts.enlarge(message.media_url);
  return make("button", { type: "button", class: "picture", "aria-label": "查看图片", onclick: show },
    make("img", { src: message.media_url, alt: "图片", loading: "lazy", onload: acts.settle }));
}

function sound() {
  return make("div", { class: "bubble" }, make("span", { class: "sound" }, icon("voice"), "1″"));
}

function film(message) {
  return make("div", { class: "card" }, make("h3", {}, message.title || "视频"), make("p", {}, message.text));
}

function place(message) {
  const where = `${message.lat}，${message.lng}`;
  return make("div", { class: "card" }, make("h3", {}, message.text || "位置"), make("p", {}, where),
    make("div", { class: "map" }, icon("place")));
}

function opener(message, acts) {
  return message.url ? [make("button", { type: "button", class: "open", onclick: () => acts.open(message.url) }, "查看详情 ›")] : [];
}

function news(message, acts) {
  const image = message.picture ? [make("img", { src: message.picture, alt: "", onload: acts.settle })] : [];
  return make("div", { class: "card" }, make("h3", {}, message.title), ...image, make("p", {}, message.text),
    ...opener(message, acts));
}

function template(message, acts) {
  const facts = (message.facts ?? []).flatMap((fact) => [make("dt", {}, fact.label), make("dd", {}, ...plain(fact.value, acts))]);
  return make("div", { class: "card" }, make("h3", {}, message.title), make("dl", {}, ...facts), ...opener(message, acts));
}

const DRAWN = { text, image: picture, voice: sound, video: film, shortvideo: film, location: place, template };

export function bubble(message, person, account, acts) {
  if (message.type === "tip") return make("li", { class: "tip" }, message.text);
  const own = message.from === "user";
  const drawn = (DRAWN[message.type] ?? news)(message, acts);
  return make("li", { class: own ? "own" : "", "data-seq": message.seq },
    own ? face(person.nickname) : face(account.name, "account"), drawn);
}
