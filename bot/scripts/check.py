"""What is wrong with a script beyond its format: ways to nowhere, texts nobody can fill, unknown names."""

from collections.abc import Iterator

from bot.scripts import conditions, texts
from bot.scripts.actions import Registry, misfits
from bot.scripts.format import CANCEL, END, Script, SlotType, Step
from bot.scripts.machine import Moves, direct
from bot.turn import WHO_NAMES

COMMON = {"my_name", "my_phone", "my_house", "my_community", "company", "said", "intent", "deed", "outcome"}


def problems(script: Script, registry: Registry, known: set[str]) -> list[str]:
    """Every fault, a line each, in the words of whoever edits the script. `known` are the names of all scripts."""
    found = [*_names(script, registry, known)]
    if found:
        return found  # what follows would only stumble over the same
    return [*_reach(script), *_steps(script), *_texts(script, registry), *_conditions(script, registry)]


def _names(script: Script, registry: Registry, known: set[str]) -> Iterator[str]:
    yield from [*not_run(script, registry), *strange(script, registry), *lacking(script, registry)]
    ids = [step.id for step in script.steps]
    yield from (f"step {one} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    for name, slot in script.slots.items():
        if slot.leads and slot.leads not in ids:
            yield f"slot {name} leads to {slot.leads}, which does not exist"
    for step in script.steps:
        for target in _targets(step, script):
            if target not in (*ids, END, CANCEL):
                yield f"step {step.id} leads to {target}, which does not exist"
        if step.collect and step.collect not in script.slots:
            yield f"step {step.id} collects {step.collect}, which is no slot"
        if step.takes and (step.takes not in script.slots or script.collector(step.takes) is None):
            yield f"step {step.id} takes {step.takes}, which nothing asks for"
        if step.sooner and not step.takes:
            yield f"step {step.id} goes on sooner, but takes no words with which it is wanted"
        if step.call and step.call not in known:
            yield f"step {step.id} calls {step.call}, which is no script"
        yield from (
            f"step {step.id} changes {name}, which nothing asks for"
            for name in step.change
            if name not in script.slots or script.collector(name) is None
        )
    if script.given_up and script.given_up not in ids:
        yield f"whoever gives it up is led to {script.given_up}, which does not exist"
    if script.guard and script.guard.otherwise and script.guard.otherwise not in known:
        yield f"the guard runs {script.guard.otherwise}, which is no script"


def not_run(script: Script, registry: Registry) -> Iterator[str]:
    """What this program has no way to run: a script of another release may name what only that one has."""
    for step in script.steps:
        if step.do and step.do not in registry.actions:
            yield f"step {step.id} does {step.do}, which is no action"
    for name, slot in script.slots.items():
        if slot.source and slot.source not in registry.sources:
            yield f"slot {name} takes its options from {slot.source}, which is no source"


def strange(script: Script, registry: Registry) -> list[str]:
    """Arguments that its steps hand on and this program does not know: they are of a newer release, or a mistake."""
    return [line for unknown, _ in _handed_on(script, registry) for line in unknown]


def lacking(script: Script, registry: Registry) -> list[str]:
    """Arguments that this program needs and its steps do not hand on: it is of an older release, or a mistake."""
    return [line for _, needed in _handed_on(script, registry) for line in needed]


def _handed_on(script: Script, registry: Registry) -> Iterator[tuple[list[str], list[str]]]:
    for step in script.steps:
        slot = script.slots.get(step.collect)
        used = registry.actions.get(step.do) or (registry.sources.get(slot.source) if slot else None)
        if used is not None:
            unknown, needed = (
                [f"step {step.id}: {used.name} {one}" for one in lines]
                for lines in misfits(used.run, step.with_)
            )
            yield unknown, needed


def _targets(step: Step, script: Script) -> set[str]:
    written = (
        {one.to for one in step.options if one.to} | set(step.on.values()) | {one.to for one in step.branch}
    )
    written |= {
        one
        for one in (
            step.then,
            step.changed,
            step.sooner,
            step.unwilling,
            step.yes.to,
            step.no.to if step.no else "",
        )
        if one
    }
    slot = script.slots.get(step.collect)
    return written | ({one.to for one in slot.options if one.to} if slot else set())


def _reach(script: Script) -> Iterator[str]:
    reached: set[str] = set()
    open_ = [script.steps[0].id, *([script.given_up] if script.given_up else [])]
    open_ += [slot.leads for slot in script.slots.values() if slot.leads]
    while open_:
        here = open_.pop()
        if here in reached or here in (END, CANCEL):
            continue
        reached.add(here)
        step = script.step(here)
        open_ += [*direct(script, step), *([script.after(step)] if step.when or step.collect else [])]
        open_ += [asked.id for name in step.change if (asked := script.collector(name))]
    for step in script.steps:
        if step.id not in reached:
            yield f"step {step.id} is never reached"
    Moves(script)


def _steps(script: Script) -> Iterator[str]:
    for step in script.steps:
        if (step.collect or step.choose) and len(step.ask or []) < 2:
            yield f"step {step.id} asks in fewer than two wordings"
        if step.choose and not step.options:
            yield f"step {step.id} offers nothing to choose"
        if step.choose and any(not (one.to or one.go) for one in step.options):
            yield f"step {step.id} has an option that leads nowhere"
        if step.collect:
            yield from _collecting(script, step)
        yield from _overlaps(step)


def _collecting(script: Script, step: Step) -> Iterator[str]:
    slot = script.slots[step.collect]
    if slot.type is SlotType.CHOICE and not (slot.options or slot.source or step.options):
        yield f"step {step.id}: the choice {step.collect} has no options"
    if slot.type is SlotType.PHOTOS and not step.skip:
        yield f"step {step.id} takes photos but has no way past (skip)"


def _overlaps(step: Step) -> Iterator[str]:
    """Two options of one question that the same typed word would mean; those under a condition may exclude others."""
    seen: dict[str, str] = {}
    for option in (one for one in step.options if not one.when):
        for word in (option.text, *option.keywords):
            if seen.get(word, option.text) != option.text:
                yield f"step {step.id}: {word} means both {seen[word]} and {option.text}"
            seen[word] = option.text


def given_names(script: Script, registry: Registry) -> set[str]:
    """Variables that actions, choices, scenes and options may set."""
    gives = {name for step in script.steps if step.do for name in registry.actions[step.do].gives}
    return (
        gives
        | {step.choose for step in script.steps if step.choose}
        | {"said", "intent", "deed", "laid_aside", "outcome", "answered"}
    )


def _texts(script: Script, registry: Registry) -> Iterator[str]:
    known = COMMON | set(script.slots) | given_names(script, registry)
    for step in script.steps:
        written = [*(step.ask or []), *(step.say or []), *(step.confirm or []), step.handoff, step.image]
        written += [text for one in step.options for text in (one.text, one.value, one.go)]
        slot = script.slots.get(step.collect)
        written += [one.told for one in slot.options] if slot else []
        for text in written:
            try:
                yield from (
                    f"step {step.id} names {{{one}}}, which nothing fills"
                    for one in texts.names(text) - known
                )
            except texts.TextError as error:
                yield f"step {step.id}: {error}"


def _conditions(script: Script, registry: Registry) -> Iterator[str]:
    names = {
        "slots": dict.fromkeys(script.slots),
        "vars": dict.fromkeys(given_names(script, registry)),
        "person": dict.fromkeys(WHO_NAMES),
    }
    for place, expression in _expressions(script):
        try:
            conditions.check(expression)
            yield from _unknown(place, expression, names)
        except conditions.ConditionError as error:
            yield f"{place}: {error}"


def _expressions(script: Script) -> Iterator[tuple[str, str]]:
    if script.guard:
        yield "the guard", script.guard.when
    for name, slot in script.slots.items():
        if slot.default:
            yield f"slot {name}", slot.default
    for step in script.steps:
        ways = [*(one.when for one in step.branch), *(one.when for one in step.options)]
        yield from ((f"step {step.id}", one) for one in (step.when, *step.with_.values(), *ways) if one)
    for expression in (script.triggers.photo, script.triggers.when):
        if expression:
            yield "the triggers", expression


def _unknown(place: str, expression: str, names: dict[str, dict[str, None]]) -> Iterator[str]:
    for room, member in conditions.members(expression):
        if room in names and member not in names[room]:
            yield f"{place}: {expression} names {room}.{member}, which does not exist"
