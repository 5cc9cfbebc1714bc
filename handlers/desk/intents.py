"""What residents may want, in the words of the scripts that serve it."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from bot.scripts import yamls
from dialogs import shipped


@cache
def titles() -> Mapping[str, str]:
    """The title of the script that an intent starts."""
    found: dict[str, str] = {}
    for _, source in shipped.scripts():
        script = cast("dict[str, Any]", yamls.load(source))
        for intent in (script.get("triggers") or {}).get("intents", []):
            found.setdefault(intent, str(script.get("title", intent)))
    return found


def title(intent: str) -> str:
    """Danger is served by no intent of a script, and what was not understood by none."""
    if found := titles().get(intent):
        return found
    return shipped.phrases().reply("desk.danger" if intent == "emergency" else "desk.not_understood").text


@cache
def labels(script: str) -> Mapping[str, str]:
    """What people call the slots of a script; those that nobody is asked for have no name."""
    source = dict(shipped.scripts()).get(script)
    slots = cast("dict[str, Any]", yamls.load(source)).get("slots") or {} if source else {}
    return {name: str(slot["label"]) for name, slot in slots.items() if slot.get("label")}


@cache
def script_titles() -> Mapping[str, str]:
    found = {}
    for name, source in shipped.scripts():
        found[name] = str(cast("dict[str, Any]", yamls.load(source)).get("title", name))
    return found
