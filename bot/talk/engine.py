"""Running scripts: starting one, going from step to step until one waits, ending and coming back.

Nothing here reads answers (bot/talk/answers.py) or decides what a message is for (bot/talk/router.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.scripts.format import CANCEL, END, Step
from bot.talk import asking, drafts, filling
from bot.talk.state import Frame, Offered
from bot.talk.talk import Done, Talk
from bot.turn import Heard
from bot.values import Option, Plain, Reply

LONGEST_RUN = 60  # automatic steps in a row; more is a loop in a script
DEEPEST = 4  # talks on top of each other


class EndlessScriptError(Exception):
    """A script went on and on without asking anything."""


async def start(
    talk: Talk,
    name: str,
    *,
    slots: Mapping[str, Plain] | None = None,
    said: str = "",
    intent: str = "",
    returning: str = "",
) -> None:
    """Begin the newest version of a script on top of whatever runs."""
    await put(talk, name, slots=slots, said=said, intent=intent, returning=returning)
    await enter(talk)


async def put(
    talk: Talk,
    name: str,
    *,
    slots: Mapping[str, Plain] | None = None,
    said: str = "",
    intent: str = "",
    returning: str = "",
) -> None:
    """Lay a script on the stack with what is known already filled in; `enter` begins it."""
    compiled = talk.bot.catalogue.newest(name)
    state = talk.state
    state.talks += 1
    frame = Frame(name, compiled.version, state.talks, returning=returning)
    frame.vars = {"said": said, "intent": intent}
    if said and (deeds := talk.turn.heard.deeds):
        frame.vars["deed"] = str(deeds.best)
    if compiled.script.triggers.danger:
        state.alarmed_at, state.alarmed_of = talk.turn.now, str((slots or {}).get("danger") or "")
        frame.vars["laid_aside"] = _lay_aside_forms(talk, frame)
    state.stack.append(frame)
    filling.defaults(talk)
    await filling.given(talk, slots or {})
    if said:
        await filling.first_sentence(talk)
    filling.loose_photos(talk)


def _lay_aside_forms(talk: Talk, alert: Frame) -> bool:
    """Whoever is in danger fills in no form: what was open is laid aside, but for what leads to the alert itself."""
    stack = talk.state.stack
    first = len(stack)
    if alert.returning == "call":
        first -= 1
        while first and stack[first].returning == "call":
            first -= 1
        stack[first].returning = ""
    else:
        alert.returning = ""
    below = stack[:first]
    drafts.lay_aside(talk, below)
    del stack[:first]
    return any(frame.slots for frame in below)


async def start_over(talk: Talk, place: int, said: str, intent: str) -> None:
    """The talk at this place of the stack again, from new words; whatever it called is forgotten."""
    frame = talk.state.stack[place]
    del talk.state.stack[place:]
    await start(talk, frame.script, said=said, intent=intent, returning=frame.returning)


async def enter(talk: Talk) -> None:
    """Pass the guard, running what it asks for first, and go to the first step."""
    guard = talk.compiled.script.guard
    if guard is None or talk.holds(guard.when):
        if talk.frame.guarded:
            filling.defaults(talk)  # the person has a house now
        await proceed(talk, talk.compiled.script.steps[0].id)
        return
    tried, talk.frame.guarded = talk.frame.guarded, True
    if guard.otherwise and not tried and await _wait_for(talk, guard.otherwise):
        return
    if guard.otherwise and not tried:
        if guard.say:
            talk.notes.append(talk.fill(guard.say))
        await start(talk, guard.otherwise, slots={"said": talk.frame.vars["said"]}, returning="call")
        return
    if guard.say and not tried:
        talk.turn.replies.append(Reply(text=talk.fill(guard.say)))
    await finish(talk, cancelled=True)


async def put_below(talk: Talk, name: str, heard: Heard, intent: str) -> None:
    """Lay a script below the running one, which it waits for: it was told of beside an answer."""
    running, spoken = talk.state.stack.pop(), talk.turn.heard
    talk.turn.heard = heard
    await put(talk, name, said=heard.text, intent=intent, returning=running.returning)
    talk.turn.heard = spoken
    talk.frame.guarded = True  # whoever leaves what it waits for is not asked to begin that again
    running.returning = "call"
    talk.state.stack.append(running)


async def _wait_for(talk: Talk, name: str) -> bool:
    """Put this talk below the script it needs, when that runs already: it comes after, and nothing said is lost.

    Whoever called this talk goes down with it, for it waits for this talk and has no question of its own to ask.
    """
    stack = talk.state.stack
    first = len(stack) - 1
    while first and stack[first].returning == "call":
        first -= 1
    place = next((at for at, one in enumerate(stack[:first]) if one.script == name), None)
    if place is None:
        return False
    waiting = stack[first:]
    del stack[first:]
    needed = stack[place]
    waiting[0].returning, needed.returning = needed.returning, "call"
    needed.vars["said"] = f"{needed.vars.get('said') or ''}，{waiting[-1].vars.get('said') or ''}".strip("，")
    stack[place:place] = waiting
    talk.note("bot.kept_for_later", {"title": talk.of(waiting[-1]).script.title})
    await asking.ask(talk, again=True)
    return True


async def proceed(talk: Talk, target: str) -> None:
    """Go to a step and on, until a question was asked or nothing runs any more."""
    depth = len(talk.state.stack)
    for _ in range(LONGEST_RUN):
        if target in (END, CANCEL):
            await finish(talk, cancelled=target == CANCEL)
            return
        step = talk.compiled.steps[target]
        if not talk.holds(step.when) or (step.collect and not step.again and talk.filled(step.collect)):
            target = talk.compiled.script.after(step)
            continue
        talk.frame.at = talk.compiled.moves.move(talk.frame.at, target)
        if step.waits:
            if step.again and step.collect:
                talk.clear(step.collect)
            await asking.ask(talk)
            return
        following = await _run(talk, step)
        if following is None or len(talk.state.stack) != depth:
            return  # another script took over; it comes back by itself
        target = following
    raise EndlessScriptError(f"{talk.frame.script} at {talk.frame.at}")


async def _run(talk: Talk, step: Step) -> str | None:
    """Do an automatic step. The next step, or None when another script runs first."""
    if step.do:
        return await _do(talk, step)
    if step.say:
        _say(talk, step)
    elif step.branch:
        return next((one.to for one in step.branch if talk.holds(one.when)), talk.compiled.script.after(step))
    elif step.call:
        await _call(talk, step)
        return None
    elif step.handoff:
        reason = talk.fill(step.handoff)
        leave(talk)
        await start(talk, "human", slots={"reason": reason})
        return None
    return talk.compiled.script.after(step)


async def _call(talk: Talk, step: Step) -> None:
    given, returning = talk.arguments(step), "call"
    if step.instead:
        returning = talk.frame.returning
        leave(talk)
    await start(talk, step.call, slots=given, returning=returning)


async def _do(talk: Talk, step: Step) -> str | None:
    before = len(talk.turn.replies)
    done = await talk.effects.run(step.do, talk.turn, talk.arguments(step))
    if talk.notes and len(talk.turn.replies) > before:
        first = talk.turn.replies[before]
        talk.turn.replies[before] = Reply("\n".join([*talk.notes, first.text]), first.options, first.image)
        talk.notes.clear()
    return await _after_action(talk, step, done)


async def _after_action(talk: Talk, step: Step, done: Done) -> str:
    frame = talk.frame
    if done.error:
        talk.note(done.error, done.values)
        frame.vars["outcome"] = "error"
        if "error" in step.on:
            return step.on["error"]
        flush(talk)
        return CANCEL
    await filling.given(talk, done.values)
    frame.vars["outcome"] = done.outcome
    if done.extra:
        talk.turn.replies.append(done.extra)
    return step.on.get(done.outcome) or talk.compiled.script.after(step)


def flush(talk: Talk) -> None:
    """Say the notes that no question will carry."""
    if talk.notes:
        text = "\n".join(talk.notes)
        talk.notes.clear()
        talk.turn.replies.append(Reply(text=text))


def _say(talk: Talk, step: Step) -> None:
    assert step.say
    text = talk.fill(step.say[talk.frame.talk % len(step.say)])
    offers = [
        Offered(talk.fill(one.text), go=talk.link(one.go), keywords=one.keywords)
        for one in step.options
        if talk.holds(one.when)
    ]
    if offers:
        talk.state.offers = offers
    talk.show(text, [Option(one.text, one.go) for one in offers], talk.fill(step.image))


def leave(talk: Talk) -> None:
    """Drop the top frame without ceremony."""
    talk.state.stack.pop()


async def finish(talk: Talk, *, cancelled: bool) -> None:
    """End the running script and go back to the one below, if there is one."""
    ended = talk.state.stack.pop()
    if not talk.state.stack:
        flush(talk)
        return
    if ended.returning == "call":
        await _return_to_caller(talk, cancelled=cancelled)
    else:
        await back_to(talk)


async def _return_to_caller(talk: Talk, *, cancelled: bool) -> None:
    if not talk.frame.at:  # the guard's own script ended: look at the guard again
        if talk.compiled.script.guard is None:  # it only waited for its turn
            talk.turn.replies = [replace(one, options=()) for one in talk.turn.replies]
        await enter(talk)
        return
    step = talk.step
    if cancelled:
        await proceed(talk, step.on.get("cancelled", CANCEL))
    else:
        await proceed(talk, step.on.get("done") or talk.compiled.script.after(step))


async def back_to(talk: Talk) -> None:
    """Ask the open question of the script below again, after a digression: the only options are its own."""
    replies, talk.state.offers = talk.turn.replies, []
    talk.turn.replies = [replace(one, options=()) for one in replies]
    talk.note("bot.back_to", {"title": talk.compiled.script.title})
    await asking.ask(talk, again=True)


def way_to(talk: Talk, slots_told: Sequence[str]) -> Offered | None:
    """The option that only leads to what was just told: “说个别的时间” once a time was said."""
    steps = talk.compiled.steps
    leading = (one for one in talk.frame.options if talk.step.choose and one.to in steps)
    return next((one for one in leading if steps[one.to].collect in slots_told), None)


def _beyond(talk: Talk, slots_told: Sequence[str]) -> str:
    """The question behind the one to which an option leads, once that is answered: 那就四个人吧, for 改人数."""
    steps, way = talk.compiled.steps, way_to(talk, slots_told)
    after = talk.compiled.script.after(steps[way.to]) if way else ""
    return after if after in steps and (steps[after].waits or steps[after].branch) else ""


def _led_to(talk: Talk, slots_told: Sequence[str]) -> str:
    """Where a slot leads that was told while another was asked: 楼道, where a time is asked."""
    slots = talk.compiled.script.slots
    return next((slots[one].leads for one in slots_told if talk.step.collect and slots[one].leads), "")


async def changed(talk: Talk, slots_told: Sequence[str] = ()) -> None:
    """Something that was said before is different now: go where the open question leads then, else ask it again."""
    target = talk.step.changed or _led_to(talk, slots_told) or _beyond(talk, slots_told)
    if not target and slots_told and talk.step.when and not talk.holds(talk.step.when):
        target = talk.step.id  # 我说的是楼道: nobody has to be at home for that
    if target and not talk.frame.mode:
        talk.frame.asked.pop(talk.step.id, None)
        await proceed(talk, target)
    else:
        await asking.ask(talk, again=True)


async def fall_back(talk: Talk, place: int) -> None:
    """Lay aside what was opened on top of the talk at this place of the stack, and ask its open question again."""
    drafts.lay_aside(talk, talk.state.stack[place + 1 :])
    del talk.state.stack[place + 1 :]
    await back_to(talk)
