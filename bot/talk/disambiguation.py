"""Asking which of several things a message means: tappable, never guessed."""

from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.values import Understanding
from bot.values import Option


def which(talk: Talk, meaning: Understanding, last: Offered | None = None) -> None:
    """Ask which of two or three is meant, never guess. `last` is what none of them leads to."""
    wanted = [
        intent for intent, _ in meaning.ranking[:3] if intent != "smalltalk"
    ]  # nobody asks for that by name
    found = [talk.bot.catalogue.for_intent(intent, talk.turn.person) for intent in wanted]
    titles = {one.script.title: one.script.script for one in found if one}
    if not titles:
        talk.say_phrase("bot.unknown", variant=talk.state.talks)
        return
    talk.state.said = meaning.text
    offers = [Offered(title, go=f"s:{name}?p=1") for title, name in titles.items()]
    title, script = next(iter(titles.items()))
    phrase = "bot.which"
    if len(offers) == 1 and last is None:
        phrase, offers = "bot.which_one", []
    reply = talk.phrase(phrase, {"title": title, "script": script}, variant=talk.state.talks)
    offers += (
        [last] if last else [Offered(one.text, go=one.id, keywords=one.keywords) for one in reply.options]
    )
    talk.state.offers = offers
    talk.show(reply.text, [Option(one.text, one.go) for one in offers])
