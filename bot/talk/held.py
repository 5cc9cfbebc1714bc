"""While people have the talk the bot keeps out of it, but for danger and for those who leave the queue."""

import re

from bot.talk import drafts, naming, taps
from bot.talk.talk import Talk
from bot.understanding import Command, command
from bot.values import Kind
from bot.why import Rule
from models.conversations import Hold
from services import actors, clock, worktime
from services.desk import another, handover, silence

LEAVING = (Command.CANCEL, Command.MENU, Command.RESTART)
_NO_MORE = re.compile(
    r"^(?:算了|那|我)*(?:不|别|懒得)(?:想|用|要|再)?(?:等|排队?|转|找)(?:人工)?了[吧啊呀]?$"
)
_DROPS = re.compile(r"^(?:算了|得了|不等了|不找了)[吧啊呀]?$")
_CLAUSES = re.compile(r"[\s,，。;；!！]+")
_NO_WISH = ("human", "smalltalk", "unknown")
_CLEARLY = 0.85  # chance of a question about a repair, to answer it meanwhile
LEAVING_OPTIONS = tuple(f"c:{one}" for one in LEAVING)


async def held(talk: Talk, hold: Hold) -> bool:
    """True when the message is for people alone. Answers go to talk.turn.replies all the same."""
    if talk.turn.heard.kind in (Kind.FOLLOW, Kind.SCAN, Kind.MENU):
        return False
    if await _taps_beside(talk):
        talk.turn.for_people = False
        return False
    if not await _for_people(talk, hold):
        return False
    drafts.park(talk)  # what the bot had asked is not what their next words answer
    return True


def goes_on_beside(talk: Talk) -> None:
    """The bot asks something while people have the talk: the next number or option is an answer to it."""
    talk.state.beside = talk.state.stack[0].talk if talk.running else 0


async def _taps_beside(talk: Talk) -> bool:
    """A tap on something else, or on what the bot asks beside the people, is served and waits for nobody.

    Phones that do not tell a tap say it in words: those of what the bot asked last, or of an earlier option.
    """
    heard = talk.turn.heard
    if heard.kind is not Kind.TEXT:
        return False
    if heard.option_id.startswith("s:") or (heard.tapped and taps.asked_for(talk, heard.option_id)):
        return True
    if talk.running and talk.state.stack[0].talk == talk.state.beside:
        return naming.offered(heard.text, talk.frame.options) is not None
    if not (option_id := await taps.earlier(talk)):
        return False
    heard.option_id = option_id
    return True


async def _for_people(talk: Talk, hold: Hold) -> bool:
    heard = talk.turn.heard
    talk.took(Rule.HELD)
    if hold is Hold.STAFF:
        await silence.heard(talk.turn.conversation_id)
        await _against_holder(talk)
    if heard.kind is not Kind.TEXT:
        return True
    if hold is Hold.QUEUED and _leaves(talk):
        talk.took(Rule.LEFT_QUEUE)
        await handover.cancel(actor=actors.person(talk.turn.person.id))
        talk.say_phrase("bot.held_left")
        return True
    if hold is Hold.QUEUED and (rest := _leaves_for(talk)):
        talk.took(Rule.LEFT_QUEUE)
        await handover.cancel(actor=actors.person(talk.turn.person.id))
        heard.reword(rest)
        return False
    if _danger(talk):
        return False
    if hold is Hold.QUEUED and _asks_after_repair(talk):
        await handover.heard(heard.text, actor=actors.person(talk.turn.person.id))
        return False  # the people waited for see it too
    if hold is Hold.QUEUED:
        await _calm(talk)
    return True


async def _against_holder(talk: Talk) -> None:
    """Words against whoever has the talk: another goes on with it."""
    turn = talk.turn
    goes = await another.heard(turn.conversation_id, turn.heard.text, actor=actors.person(turn.person.id))
    if goes is not None:
        opens = (await worktime.of_desk()).next_open(clock.now())
        talk.say_phrase(goes, {"opens": opens.isoformat()})


async def _calm(talk: Talk) -> None:
    """Who writes again while waiting hears once how they stand; the words go to the people they wait for."""
    who = talk.turn.person.id
    place = await handover.waiting(who)
    await handover.heard(talk.turn.heard.text, actor=actors.person(who))
    if place is not None and not place.calmed:
        ahead = place.position - 1
        phrase = "human.wait" if ahead > 0 else "human.wait_next"
        talk.say_phrase(phrase, {"ahead": ahead, "hours": place.hours})


def _leaves(talk: Talk) -> bool:
    """The option 不等了, tapped or typed, its number, or words that say as much."""
    heard = talk.turn.heard
    offer = naming.offered(heard.text, talk.state.offers)
    offered = heard.option_id or (offer.go if offer else "")
    if offered in LEAVING_OPTIONS or command(heard.text) in LEAVING:
        return True
    return bool(_NO_MORE.match(naming.plain(heard.text)))


def _leaves_for(talk: Talk) -> str:
    """What is wanted instead of waiting: 马桶堵了 of “算了，马桶堵了”; "" for anything else."""
    first, *rest = _CLAUSES.split(talk.turn.heard.text.strip(), maxsplit=1)
    if not rest or not (_NO_MORE.match(naming.plain(first)) or _DROPS.match(naming.plain(first))):
        return ""
    heard = talk.turn.heard
    meaning = heard.understand(rest[0]) if heard.understand else None
    wants = meaning is not None and meaning.action == "answer" and meaning.intent not in _NO_WISH
    return rest[0] if wants else ""


def _asks_after_repair(talk: Talk) -> bool:
    meaning = talk.turn.heard.meaning
    sure = meaning is not None and meaning.action == "answer" and meaning.confidence >= _CLEARLY
    return sure and meaning is not None and meaning.intent == "repair_progress"


def _danger(talk: Talk) -> bool:
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.intent != "emergency" or meaning.action != "answer":
        return False
    drafts.park(talk)
    return True
