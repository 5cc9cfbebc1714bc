"""Whatever services, the bot and scripts refer to by name is there to be said, opened or tapped."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.scripts import texts
from bot.scripts.format import read
from bot.understanding import Command
from dialogs import shipped
from dialogs.actions.wording import phrase
from models.activities import SignUpStatus
from models.billing import BillStatus, Fund
from models.community import Relation
from models.notices import NoticeKind
from models.surveys import OneAnswerPer, SurveyKind

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"[a-z]+\.[a-z_]+")
SAYING = {
    "tell",
    "tell_reporter",
    "tell_followers",
    "_tell",
    "_tell_reporter",
    "NotFound",
    "NotAllowed",
    "Invalid",
    "DomainError",
}
SAYING |= {"say_phrase", "phrase", "word", "note", "reply", "Refused", "aside"}
SCRIPTS = {name: read(source, name=name) for name, source in shipped.scripts()}
PHRASES = shipped.phrases()


def _said(folder: str) -> Iterator[tuple[str, str]]:
    """(file, key) of every phrase key that is handed to something that says it, but for those of its own folder."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and called(node.func) in SAYING:
                yield from (
                    (path.name, key) for key in keys_in(node) if f"{path.parent.name}.{key}" not in PHRASES
                )


def keys_in(call: ast.Call) -> Iterator[str]:
    for part in ast.walk(call):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and KEY.fullmatch(part.value):
            yield part.value


def called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@pytest.mark.parametrize("folder", ["services", "bot", "dialogs", "handlers"])
def test_every_phrase_that_is_said_is_written(folder: str) -> None:
    keys = set(_said(folder))
    assert keys
    assert {(file, key) for file, key in keys if key not in PHRASES} == set()


def _reasons() -> Iterator[str]:
    """Every reason with which services put a task on the list of staff: their second argument."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        given = {
            one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)
        }  # a parameter is called so, too
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node.func) in {"add", "gather", "ask"}:
                if isinstance(node.func, ast.Name) and node.func.id in given:
                    continue
                for part in ast.walk(node.args[1]) if len(node.args) > 1 else ():
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def test_every_task_of_staff_has_its_words() -> None:
    escalated = yaml.safe_load((ROOT / "dialogs" / "phrases" / "job.yaml").read_text("utf-8"))
    reasons = {*_reasons(), *escalated["job.escalated"]["words"]["reason"]}
    assert {"manual", "matched", "low_rating", "silence"} <= reasons
    assert {one for one in reasons if f"task.{one}" not in PHRASES} == set()


@pytest.mark.parametrize("phrase", ["task.undelivered", "task.delivery_unknown"])
def test_every_fault_of_our_own_has_its_words(phrase: str) -> None:
    found = {
        node.args[0].value
        for file in (
            "workers/delivery.py",
            "services/delivery/sending.py",
            "services/delivery/undelivered.py",
        )
        for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        if isinstance(node, ast.Call)
        and called(node.func) == "Fault"
        and isinstance(node.args[0], ast.Constant)
    }
    assert {"not_following", "interrupted"} <= found
    told = {one: PHRASES.reply(phrase, {"why": one}).text for one in found}
    assert {one for one, text in told.items() if one in text} == set()


CODES = {
    "bill.state": BillStatus,
    "bill.fund": Fund,
    "activity.state": set(SignUpStatus) - {SignUpStatus.WITHDRAWN},  # nobody has that place any more
    "household.relation": Relation,
    "survey.kind": SurveyKind,
    "survey.per": OneAnswerPer,
    "notice.kind": NoticeKind,
}


@pytest.mark.parametrize("key", sorted(CODES))
def test_every_code_that_a_line_shows_has_its_word(key: str) -> None:
    said = [phrase(key, **{key.partition(".")[2]: code}) for code in CODES[key]]
    assert len(set(said)) == len(said) and not set(said) & {str(code) for code in CODES[key]}


def _goes() -> Iterator[tuple[str, str]]:
    for script in SCRIPTS.values():
        for step in script.steps:
            yield from ((script.script, option.go) for option in step.options if option.go)
    for path in sorted((ROOT / "dialogs" / "phrases").glob("*.yaml")):
        for key, body in yaml.safe_load(path.read_text("utf-8")).items():
            if isinstance(body, dict):
                yield from ((key, option["go"]) for option in body.get("options", []))


@pytest.mark.parametrize(("where", "go"), sorted(set(_goes())))
def test_every_option_leads_somewhere(where: str, go: str) -> None:
    kind, _, rest = go.partition(":")
    name, _, query = rest.partition("?")
    if kind == "c":
        assert name in {*Command, "resume", "drop"}
        return
    assert kind == "s"
    slots = {part.partition("=")[0] for part in query.split("&") if part} - {"fresh", "p"}
    if texts.names(name):
        return  # named by a value
    assert name in SCRIPTS
    assert slots <= set(SCRIPTS[name].slots)


def test_every_entry_of_the_menu_opens_a_script() -> None:
    buttons = yaml.safe_load((ROOT / "dialogs" / "menu.yaml").read_text("utf-8"))
    keys = {entry["key"] for button in buttons for entry in button["entries"] if "key" in entry}
    opened = {key for script in SCRIPTS.values() for key in script.triggers.menu} | {
        f"c:{one}" for one in Command
    }
    assert keys <= opened
    assert len(buttons) <= 3
    assert all(len(button["entries"]) <= 5 and len(button["name"]) <= 4 for button in buttons)
    assert all(len(entry["name"]) <= 8 for button in buttons for entry in button["entries"])


def test_nothing_is_said_in_only_one_way_when_nobody_is_understood() -> None:
    told = {PHRASES.reply("bot.unknown", variant=number).text for number in range(3)}
    assert len(told) == 3


def test_every_intent_has_a_home() -> None:
    intents = {intent for script in SCRIPTS.values() for intent in script.triggers.intents}
    named = (
        "repair_report repair_progress complaint complaint_progress suggestion fee_query fee_pay activity_signup "
        "activity_cancel announcement house_binding contact human merchant viewing faq survey smalltalk"
    )
    assert set(named.split()) <= intents
