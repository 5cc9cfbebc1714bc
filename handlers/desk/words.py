"""What the rows of services read like in the inbox: last words, news, states, names, times of waiting."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.scripts import texts
from bot.scripts.templates import TemplateKind
from dialogs import shipped
from handlers.desk import intents
from handlers.web import wording
from handlers.web.wording import phrase, word
from models.community import Relation
from models.values import Json
from services import clock, spelling
from services.desk.allowance import Allowed
from services.desk.entries import Entry, Speaker, State
from services.desk.heard import Heard
from services.desk.listing import Row


def said(entry: Entry) -> str:
    """The text of an entry, put into words where it is a phrase still; of the bot's, numbers of others are masked."""
    text = card(entry.card) or entry.text or (phrase(entry.phrase, entry.values) if entry.phrase else "")
    return spelling.discreet(text) if entry.speaker is Speaker.BOT else text


def card(sent: Json | None) -> str:
    """A template message as the phone shows it: its title, and a line for each value."""
    shape = shipped.template_kinds().get(sent["kind"]) if sent else None
    if shape is None or sent is None:
        return ""
    return "\n".join(
        [shape.title, *(f"{label}：{value}" for label, value in card_lines(shape, sent["values"]))]
    )


def card_lines(shape: TemplateKind, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Label and value of each."""
    return tuple((one.label, values[name]) for name, one in shape.values.items() if name in values)


def news(entry: Entry) -> str:
    """One line between the messages."""
    if entry.kind in ("follow", "unfollow", "scan", "menu"):
        what = phrase("desk.kind", {"kind": entry.kind})
        key = str(entry.values.get("key") or "")
        return f"住户{what}{f'「{_menu(key)}」' if entry.kind == 'menu' else ''}"
    return phrase(f"desk.{entry.kind}", {**entry.values, "name": entry.name or "系统"}).strip()


def state(entry: Entry) -> str:
    return word("desk.state", "state", entry.state) if entry.state is not State.NONE else ""


def rule(name: str) -> str:
    """How the bot took what was said, in a few words for staff."""
    return word("desk.rule", "rule", name) or name


def why(code: str) -> str:
    """Why a message did not arrive, in a sentence: a code of ours, or what the platform said."""
    return phrase("desk.why", {"why": code}) or code


def last(row: Row) -> str:
    """The last words of a talk, with whose they are."""
    found = row.last
    if found is None:
        return phrase("desk.nothing_said")
    text = card(found.card) or found.text or (phrase(found.phrase, found.values) if found.phrase else "")
    text = spelling.discreet(text) if found.speaker is Speaker.BOT else text
    if found.kind != "text" and found.kind != "reply":
        text = word("desk.kind", "kind", found.kind) + (f" {text}" if text else "")
    speaker = "me" if row.mine and found.speaker is Speaker.STAFF else found.speaker
    return f"{word('desk.said_by', 'speaker', speaker)}{' '.join(text.split())[:80]}"


def name(row: Row) -> str:
    return row.name or phrase("desk.nameless")


def surname(text: str) -> str:
    return (text or phrase("desk.nameless"))[:1]


def house(row: Row) -> str:
    """清河 3-2-501, 员工, or since when a stranger follows."""
    if row.house:
        return f"{short(row.community)} {row.house}"
    if row.crew:
        return phrase("desk.crew")
    return phrase("desk.since", {"day": f"{clock.local(row.followed_at):%m-%d}"})


def short(community: str) -> str:
    """A community's name as a list has room for it."""
    return community.removesuffix("小区").removesuffix("花园")[:6]


def waited(seconds: int) -> str:
    """1分12秒 while seconds matter, then 14分, 2小时."""
    if 60 <= seconds < 120:
        return phrase("page.minutes_seconds", {"minutes": 1, "seconds": seconds % 60})
    return wording.lasting(timedelta(seconds=seconds))


def left(allowed: Allowed) -> str:
    """窗口剩 47小时12分."""
    return wording.until(allowed.until) if allowed.until else ""


def opened_by(allowed: Allowed) -> str:
    """By which act of the resident the window stands open."""
    return phrase("desk.opened_by", {"act": allowed.by}) if allowed.by else ""


def _menu(key: str) -> str:
    return next((one.name for button in shipped.menu() for one in button.entries if one.key == key), key)


def relation(of: Relation) -> str:
    return phrase("household.relation", {"relation": of})


def ticket_state(status: str) -> str:
    return phrase("desk.ticket_state", {"state": status})


def yuan(fen: int) -> str:
    return f"¥ {spelling.yuan(fen)}"


def moment_or_day(at: datetime) -> str:
    """今天 14:05, 明天 09:00, 11月28日周六 18:00."""
    return texts.when(at.isoformat())


def alarm_step(step: int) -> str:
    """How far an alarm has gone, in a sentence."""
    return phrase("desk.alarm_step", {"step": str(step)})


def filled(heard: Heard) -> list[str]:
    """What somebody told the talk that runs, by what people call it; numbers are masked."""
    labels = intents.labels(heard.running)
    found = [(labels[name], value) for name, value in heard.filled.items() if name in labels]
    return [f"{label}：{spelling.discreet(value)}" for label, value in found]


def danger(kind: str) -> str:
    return phrase("hazard.kind", {"kind": kind})


FILTERS = {
    "alarm_step": alarm_step,
    "danger_word": danger,
    "rule_word": rule,
    "relation": relation,
    "ticket_state": ticket_state,
    "yuan": yuan,
    "moment_or_day": moment_or_day,
    "intent_title": intents.title,
    "filled": filled,
    "script_title": lambda name: intents.script_titles().get(name, name),
    "said": said,
    "discreet": spelling.discreet,
    "news": news,
    "state_word": state,
    "why_word": why,
    "last_words": last,
    "row_name": name,
    "surname": surname,
    "row_house": house,
    "waited": waited,
    "window_left": left,
    "opened_by": opened_by,
}
GLOBALS = {"intents": lambda: sorted(intents.titles().items(), key=lambda one: one[1])}
