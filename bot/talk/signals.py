"""Messages that are no text: a code that was scanned, the menu, a place, a voice, a video."""

from bot.scripts.format import SlotType
from bot.talk import answers, taps
from bot.talk.opening import begin
from bot.talk.steering import aside, menu_phrase
from bot.talk.taken import Taken
from bot.talk.talk import Talk
from bot.values import Kind
from bot.why import Rule
from services import actors
from services.desk import messages

OTHER_KINDS = {
    Kind.VOICE: "bot.voice",
    Kind.VIDEO: "bot.video",
    Kind.LINK: "bot.link",
    Kind.OTHER: "bot.other",
}


async def leave_recording(talk: Talk) -> None:
    """A voice or a video goes to people, as the answer says."""
    heard = talk.turn.heard
    if heard.kind in (Kind.VOICE, Kind.VIDEO):
        media_id = heard.media[0] if heard.media else None
        await messages.leave_recording(
            heard.kind, actor=actors.person(talk.turn.person.id), media_id=media_id
        )


async def scanned(talk: Talk, scene: str, *, followed: bool) -> None:
    talk.took(Rule.FOLLOWED if followed else Rule.SCANNED)
    who = talk.turn.person
    found = talk.bot.catalogue.for_scene(scene, who) if scene else None
    welcome = talk.bot.catalogue.for_follow(who) if followed else None
    if found:
        if followed:
            talk.note("bot.welcome")
        await begin(talk, found.script.script, {"scene": scene})
    elif welcome:
        await begin(talk, welcome.script.script, {})
    else:
        talk.say_phrase("bot.welcome" if followed else menu_phrase(talk))


async def menu(talk: Talk, key: str) -> None:
    talk.took(Rule.MENU)
    if found := talk.bot.catalogue.for_menu(key, talk.turn.person):
        await begin(talk, found.script.script, {})
    else:
        await taps.option(talk, key if key.startswith(("s:", "c:")) else "c:menu")


async def location(talk: Talk) -> None:
    talk.took(Rule.LOCATION)
    heard = talk.turn.heard
    if talk.running and talk.step.collect and talk.slot(talk.step).type is SlotType.TEXT and heard.place:
        heard.text = heard.place
        await answers.take(talk, Taken(heard.place, heard.place))
        return
    await aside(talk, "bot.location", {"place": heard.place})
