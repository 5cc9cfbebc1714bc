"""While people have the talk the bot keeps out of it, but for danger and for those who leave the queue."""

from bot import engine
from bot.talk import Talk
from bot.understanding import Command, command
from bot.values import Kind
from models.conversations import Hold
from services import handover

LEAVING = (Command.CANCEL, Command.MENU, Command.RESTART)
LEAVING_OPTIONS = tuple(f"c:{one}" for one in LEAVING)


async def held(talk: Talk, hold: Hold) -> bool:
    """True when the message is for people alone. Answers go to talk.turn.replies all the same."""
    heard = talk.turn.heard
    if heard.kind in (Kind.FOLLOW, Kind.SCAN, Kind.MENU) or heard.option_id.startswith("s:"):
        return False  # an explicit wish for something else is served beside the waiting
    if heard.kind is not Kind.TEXT:
        return True
    leaves = heard.option_id in LEAVING_OPTIONS or command(heard.text) in LEAVING
    if hold is Hold.QUEUED and leaves:
        await handover.cancel(talk.turn.person.id)
        talk.say_phrase("bot.held_left")
        return True
    return not _danger(talk)


def _danger(talk: Talk) -> bool:
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.intent != "emergency" or meaning.action != "answer":
        return False
    engine.park(talk)
    return True
