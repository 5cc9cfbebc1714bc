"""Whoever changes something is known, and what they changed is recorded: no verb of services forgets either."""

import ast
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WRITES = {
    "save", "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete",
}  # fmt: skip
RECORDS = {"services.events.record", "services.events.record_many"}
SQL_WRITES = re.compile(r"\bINSERT INTO\b|(?<!FOR )\bUPDATE\b|\bDELETE FROM\b")
SQL_RECORDS = re.compile(r"\bINSERT INTO event\b")

_QUEUES = {
    "services.company.chat_codes.sweep": "what is over goes at night; the log counts it",
    "services.company.throttle": "tries of strangers, counted for a quarter of an hour",
    "services.company.sessions.sweep": "what is old goes by the written rule at night; the log counts it",
    "services.company.sessions.find": "when a browser was last seen; a new token for rights whose change is recorded",
    "services.outbox": "what is to be sent belongs to a verb, which records why",
    "services.timers": "what is to be done later belongs to a verb, which records why",
    "services.delivery": "how a message or a photo travels is kept in its own row, step by step",
    "services.jobs": "how far a job is stands in its own row, step by step; asking, ending and fetching are recorded",
    "services.demo": "fills an empty database, before which nothing happened",
    "services.privacy.retention": "what is old goes by the written rule at night; the log counts it",
    "services.estate.people.meet": "made by somebody's first message, whose row says when",
    "services.desk.search_index.fill": "what can be found follows the rows that it is made of",
    "services.desk.changes.prune": "what pages will not ask for any more, a quarter of an hour later",
    "services.desk.holding.lock": "makes the row of a talk that nobody has begun",
    "services.holidays.seed": "what the state announced, as the release that is installed knows it",
    "services.scripts.misunderstandings.note": "itself the record of a turn",
    "services.scripts.versions.ensure_shipped": "the row names the release as its author",
    "services.staff_tasks.renew": "more words for an open task; that it was added is recorded",
}
# A function or all of a module: what changes rows and records nothing, and why.
UNRECORDED = _QUEUES | {
    "services.desk.drafts": "nobody's business until it is sent, which is recorded",
    "services.desk.liking": "how somebody likes their own pages",
    "services.desk.saved_views": "how somebody likes their own pages",
    "services.desk.presence": "for seconds, in Redis: who looks at a talk",
    "services.desk.reading": "what somebody has read of a talk is a row of their own",
    "services.desk.canned.fill": "counts how often it is used",
    "services.company.chat_codes.ask": "a stranger asks; that somebody got in with the code is recorded",
    "services.company.chat_codes.scanned": "sends a code; that somebody got in with it is recorded",
    "services.community.notices.read": "the reading is a row of its own, which never changes",
    "services.repairs.tickets.withdraw_unsent": "takes back what the move that it belongs to makes untrue",
}
# What changes rows for nobody in particular, and why.
NOBODYS = _QUEUES | {
    "services.company.chat_codes": "who acts is who gets in, which is found out here",
    "services.company.sign_in": "who acts is who gets in, which is found out here",
    "services.community.notices.run_publish": "by timer; the system acts",
    "services.community.waitlist.offer_free_seats": "by whatever freed a seat; the system acts",
    "services.repairs.clusters": "the system sees it",
    "services.repairs.outage_news": "what follows from a verb or from the clock; the system acts",
    "services.staff_tasks.settling": "follows from a move of the ticket; the system acts",
    "services.desk.held_replies": "by timer, or by the turn of whoever wrote; the system acts",
    "services.repairs.tickets.withdraw_unsent": "belongs to the move that makes it untrue",
}


@dataclass
class Function:
    """A function of services as it is written: what it calls by name, whether it writes, who acts in it."""

    name: str
    public: bool
    named_actor: bool
    writes: bool = False
    records: bool = False
    calls: set[str] = field(default_factory=set)

    @property
    def module(self) -> str:
        return self.name.rpartition(".")[0]


@cache
def functions() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for path in sorted((ROOT / "services").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text("utf-8"))
        names, texts = _names(tree, module), _texts(tree)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{module}.{node.name}"] = _function(node, module, names, texts)
    return found


def _names(tree: ast.Module, module: str) -> dict[str, str]:
    """Full names of what a module imports from services or defines itself."""
    names = {
        node.name: f"{module}.{node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "services":
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _texts(tree: ast.Module) -> dict[str, str]:
    """The constants of a module with what is written in them: its statements in SQL are among these."""
    return {
        target.id: " ".join(
            part.value
            for part in ast.walk(node.value)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, module: str, names: dict[str, str], texts: dict[str, str]
) -> Function:
    found = Function(
        f"{module}.{node.name}",
        public=not node.name.startswith("_"),
        named_actor="actor" in {one.arg for one in node.args.kwonlyargs},
    )
    for part in ast.walk(node):
        if isinstance(part, ast.Await) and isinstance(part.value, ast.Call):
            called = part.value.func
            # Rows are written by awaiting: a dict's update and a picture's save are not awaited.
            known = isinstance(called, ast.Attribute) and _full(called, names).startswith("services.")
            found.writes |= isinstance(called, ast.Attribute) and called.attr in WRITES and not known
            for given in part.value.args:
                sql = texts.get(given.id, "") if isinstance(given, ast.Name) else ""
                found.writes |= bool(SQL_WRITES.search(sql))
                found.records |= bool(SQL_RECORDS.search(sql))
        if isinstance(part, ast.Call):
            beside = _beside(part, texts)
            found.writes |= bool(SQL_WRITES.search(beside))
            found.records |= bool(SQL_RECORDS.search(beside))
        if isinstance(part, ast.Name | ast.Attribute):
            found.calls.add(_full(part, names))
    return found


def _beside(call: ast.Call, texts: dict[str, str]) -> str:
    """The statement that is handed to whoever records its cause: of `Part(_SQL, …)` or `rows.updating(…)`."""
    if isinstance(call.func, ast.Attribute):
        return "UPDATE" if call.func.attr == "updating" else ""
    is_part = isinstance(call.func, ast.Name) and call.func.id == "Part"
    return " ".join(texts.get(one.id, "") for one in call.args if isinstance(one, ast.Name) and is_part)


def _full(part: ast.expr, names: dict[str, str]) -> str:
    if isinstance(part, ast.Name):
        return names.get(part.id, "")
    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names:
        return f"{names[part.value.id]}.{part.attr}"
    return ""


def _reached(name: str, *, inside: str = "") -> set[str]:
    """Itself and what it calls, directly or not; only private functions of one module, if that is given."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in seen or one not in functions():
            seen |= {one} & RECORDS
            continue
        seen.add(one)
        calls = functions()[one].calls
        waiting += [call for call in calls if not inside or _is_private_of(call, inside)]
    return seen


def _is_private_of(name: str, module: str) -> bool:
    found = functions().get(name)
    return found is not None and found.module == module and not found.public


def verbs() -> list[str]:
    """The public functions that write, themselves or by private helpers of their module."""
    return sorted(
        name
        for name, one in functions().items()
        if one.public and any(functions()[part].writes for part in _reached(name, inside=one.module))
    )


def _records(name: str) -> bool:
    reached = _reached(name)
    return bool(reached & RECORDS) or any(functions()[one].records for one in reached - RECORDS)


def test_what_is_checked_are_the_verbs() -> None:
    assert {
        "services.estate.bindings.bind",
        "services.money.payments.record",
        "services.repairs.insertion.write",
        "services.company.staff.join",
    } <= set(verbs())
    assert "services.money.billing.account" not in verbs()


def _may_not_be(name: str, listed: dict[str, str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in listed)


@pytest.mark.parametrize("name", verbs())
def test_every_verb_records_what_it_changed(name: str) -> None:
    assert _records(name) or _may_not_be(name, UNRECORDED)


@pytest.mark.parametrize("name", verbs())
def test_every_verb_is_told_by_keyword_who_acts(name: str) -> None:
    assert functions()[name].named_actor or _may_not_be(name, NOBODYS)


def test_the_lists_name_only_what_needs_them() -> None:
    silent = {name for name in verbs() if not _records(name)}
    assert [one for one in UNRECORDED if not any(_may_not_be(name, {one: ""}) for name in silent)] == []
    actorless = {name for name in verbs() if not functions()[name].named_actor}
    assert [one for one in NOBODYS if not any(_may_not_be(name, {one: ""}) for name in actorless)] == []
