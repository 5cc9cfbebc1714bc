"""Photos: into the running talk, into one that wants them, or kept until it is clear what they are for."""

from typing import cast

from bot.talk import asking, engine, filling, opening
from bot.talk.talk import Talk
from bot.values import Plain


async def received(talk: Talk) -> None:
    """Photos are answered once, when no more come: the turn is not loud."""
    talk.loud = False
    media = list(talk.turn.heard.media)
    if talk.running and talk.compiled.photos:
        await _attached(talk, media)
        return
    if not talk.running and (found := talk.bot.catalogue.for_photo(talk.turn.person)):
        talk.state.loose, talk.state.loose_at = media, talk.turn.now
        await opening.begin(talk, found.script.script, {})
        return
    state = talk.state
    recent = state.loose_at and talk.turn.now - state.loose_at <= filling.LOOSE_FOR
    state.loose = [*(state.loose if recent else []), *media][-9:]
    state.loose_at = talk.turn.now
    if talk.running:
        talk.note("bot.photos", {"count": len(state.loose)})
        await asking.ask(talk, again=True)
    else:
        talk.say_phrase("bot.photo_first", {"count": len(state.loose)})


async def _attached(talk: Talk, media: list[int]) -> None:
    left = filling.attach(talk, media)
    have = talk.frame.slots[talk.compiled.photos]
    count = len(have) if isinstance(have, list) else 0
    talk.note("bot.photos_full" if left else "bot.photos", {"count": count, "max": count})
    if talk.frame.mode == "change":
        await asking.ask_change(talk)
    else:
        await engine.changed(talk)


async def forget_lost(talk: Talk) -> None:
    """Those that could not be opened are no photos; the person was told when that turned out."""
    state = talk.state
    held = [(frame, talk.of(frame).photos) for frame in state.stack]
    holding = [(frame, name) for frame, name in held if frame.slots.get(name)]
    sent = [one for frame, name in holding for one in _ids(frame.slots[name])] + state.loose
    gone = await talk.effects.lost_photos(sent) if sent else set()
    if not gone:
        return
    state.loose = [one for one in state.loose if one not in gone]
    for frame, name in holding:
        left = [one for one in _ids(frame.slots[name]) if one not in gone]
        if left:
            frame.slots[name] = cast(Plain, left)
            frame.shown[name] = talk.phrase("bot.photo_count", {"count": len(left)}).text
        else:
            del frame.slots[name]
            frame.shown.pop(name, None)


def _ids(value: Plain) -> list[int]:
    return [one for one in value if isinstance(one, int)] if isinstance(value, list) else []
