"""What an event reads like: what was done, by whom, and the difference it made."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dialogs import shipped
from services import clock, spelling
from services.company.audit import Line

_PLAIN = (str, int, float, bool)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*[+-]\d\d:\d\d")
# Numbers of rows, which say nothing to a reader.
_ROWS = frozenset(
    {"person", "house", "binding", "occupant", "occupants", "session", "conversation", "merge", "task"}
    | {
        "held_by",
        "staff",
        "technician",
        "to",
        "from_id",
        "into_id",
        "activity",
        "response",
        "outbox",
        "payment",
    }
    | {"promise", "batch", "note", "id", "of", "main", "key"}
)
_FEN = "_fen"
_LONGEST = 80  # characters of one value


def verb(line: Line) -> str:
    return verb_word(line.verb)


def verb_word(code: str) -> str:
    return _word("audit.verb", "verb", code)


def source(line: Line) -> str:
    """Address and device of a page; else by which way it came."""
    return line.source or _word("audit.way", "kind", line.who_kind)


def exact(at: datetime) -> str:
    """2026-11-28 14:05:09, as somebody who has to prove it needs it."""
    return f"{clock.local(at):%Y-%m-%d %H:%M:%S}"


def kind(name: str) -> str:
    return _word("audit.kind", "kind", name)


def who(line: Line) -> str:
    kind_of = _word("audit.who", "kind", line.who_kind)
    return f"{kind_of} {line.who}" if line.who else kind_of


def subject(line: Line) -> str:
    named = line.subject or (str(line.subject_id) if line.subject_id else "")
    return f"{kind(line.kind)} {named}".strip()


def difference(line: Line) -> str:
    """待审核 → 使用中；电话：138****0001 → 139****0002；原因."""
    parts = [*_statuses(line), *_changes(line.body), *([_value(line.note)] if line.note else [])]
    return "；".join(parts)


def _statuses(line: Line) -> Iterator[str]:
    if line.before != line.after and (line.before or line.after):
        yield _arrow(state_word(line.before), state_word(line.after))


def _changes(body: Mapping[str, object]) -> Iterator[str]:
    before, after, changes = body.get("before"), body.get("after"), body.get("changes")
    if isinstance(changes, Mapping):
        for name, pair in changes.items():
            if isinstance(pair, list) and len(pair) == 2:
                yield f"{_field(name)}：{_arrow(_value(pair[0]), _value(pair[1]))}"
    if "before" in body or "after" in body:
        yield _arrow(_value(before), _value(after))
    for name, value in body.items():
        told = name not in _ROWS and name not in ("before", "after", "changes")
        told = told and not (name == "from" and isinstance(value, int))  # whose it was, by number
        if told and isinstance(value, int) and name.endswith(_FEN):
            yield f"{_field(name)}：{spelling.yuan(value)} 元"
        elif told and isinstance(value, _PLAIN) and value != "":
            yield f"{_field(name)}：{_value(value)}"


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}" if before else after


def _value(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    text = _text(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……"


def _text(said: str) -> str:
    """A word for a code, the local time of a moment, or what was written."""
    return exact(datetime.fromisoformat(said)) if _MOMENT.fullmatch(said) else state_word(said)


def state_word(code: str) -> str:
    return _word("audit.state", "state", code) if code else ""


def _field(name: str) -> str:
    return _word("audit.field", "field", name)


def _word(phrase: str, name: str, code: str) -> str:
    """The code itself where nobody wrote a word for it."""
    return shipped.phrases().reply(phrase, {name: code}).text or code


def row(line: Line) -> Sequence[str]:
    """A line of the audit as a row of a spreadsheet."""
    number = str(line.subject_id) if line.subject_id else ""
    return (exact(line.at), who(line), source(line), subject(line), verb(line), difference(line), number)


FILTERS = {
    "audit_verb": verb,
    "verb_word": verb_word,
    "audit_kind": kind,
    "audit_who": who,
    "audit_subject": subject,
    "audit_source": source,
    "difference": difference,
    "exact": exact,
}
