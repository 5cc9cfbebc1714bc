"""Beginning a talk: on free ground, on top of another one, or by taking up a draft."""

from bot.talk import drafts, engine
from bot.talk.state import Parked
from bot.talk.talk import Talk
from bot.understanding.values import Understanding


async def begin(
    talk: Talk,
    name: str,
    values: dict[str, str],
    *,
    said: str = "",
    meaning: Understanding | None = None,
    beside: bool = False,
) -> None:
    """Start a script, on top of the running talk or on free ground; the same script anew replaces itself.

    `beside` says that it only answers a question: even a short talk comes back to what was open.
    """
    state = talk.state
    state.lost, state.said = 0, ""
    parked = next((one for one in reversed(state.parked) if one.frames[0].script == name), None)
    if parked and name == "human":
        state.parked.remove(parked)  # nobody goes on with asking for people: they ask again
        parked = None
    if parked and not talk.running and not values:
        state.parked.remove(parked)
        state.parked.append(parked)
        if not (meaning and meaning.entities.category):
            talk.say_phrase(
                "bot.resume_offer", {"title": talk.of(parked.frames[0]).script.title, "script": name}
            )
            return
    if not beside:
        _leave_what_was_quick(talk)
    if name == "human":
        drafts.park(talk)  # people have the talk from here on: a question of the bot's would stay unanswered
    if any(frame.script == name for frame in state.stack) or len(state.stack) >= engine.DEEPEST:
        drafts.park(talk) if values == {} else state.stack.clear()
    returning = "digress" if talk.running else ""
    text = said or (meaning.text if meaning else "")
    intent = meaning.intent if meaning else ""
    if said:
        talk.turn.heard.reword(said)
    await engine.start(talk, name, slots=dict(values), said=text, intent=intent, returning=returning)


def _leave_what_was_quick(talk: Talk) -> None:
    """Whoever goes on from a list or a short answer does not want to come back to it, nor to what called it."""
    stack = talk.state.stack
    count = 1
    while count < len(stack) and stack[-count].returning == "call":
        count += 1
    if all(talk.of(frame).script.quick for frame in stack[-count:]):
        del stack[-count:]


def offer_resume(talk: Talk, parked: Parked) -> None:
    script = talk.of(parked.frames[0]).script
    talk.say_phrase("bot.resume_offer", {"title": script.title, "script": script.script})
