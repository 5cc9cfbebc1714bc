"""Asking which of several things a message means: tappable, never guessed."""

from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.values import Understanding
from bot.values import Option

YES = ("是", "对", "对的", "嗯", "好", "好的", "要")


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
    phrase = "bot.which"
    if len(offers) == 1 and last is None:
        phrase, offers = "bot.which_one", [Offered("是的", go=offers[0].go, keywords=YES)]
    offers.append(last or Offered("都不是" if phrase == "bot.which" else "不是", go="c:menu"))
    talk.state.offers = offers
    reply = talk.phrase(phrase, {"title": next(iter(titles))}, variant=talk.state.talks)
    talk.show(reply.text, [Option(one.text, one.go) for one in offers])
