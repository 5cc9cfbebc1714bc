"""Which of the options shown an answer means: by place, by name, in other words, by a yes or a no."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.talk import asking, slots
from bot.talk.state import Offered
from bot.understanding.acts import Act, Acts
from bot.understanding.heads import head
from bot.understanding.matching import matches
from bot.understanding.normal import normal

_TIED = 0.08  # two options nearer than this are asked back
_DOUBTED = 0.35  # what is left of a likeness where the words ask
_STEERING = (asking.MORE, asking.CHANGE)
_HOLDS_BACK = frozenset(
    {
        Act.DONT_YET,
        Act.WAIT,
        Act.QUESTION,
        Act.CORRECT,
        Act.WITHDRAW,
        Act.NO,
        Act.LATER,
        Act.REFUSE,
        Act.DONT_KNOW,
        Act.FALSE_ALARM,
    }
)


@dataclass(frozen=True, slots=True)
class Meant:
    """An option with the likeness (0 to 1) by which it was found; `rivals` are those that lie too near."""

    offer: Offered
    likeness: float
    rivals: tuple[Offered, ...] = ()


def by_place(acts: Acts, options: Sequence[Offered]) -> list[Offered]:
    """第二个, 最后那个, 一和三: what is named by its place among what can be chosen."""
    listed = [one for one in options if one.value not in (asking.SKIP, *_STEERING)] or list(options)
    found = []
    for place in acts.ordinals:
        at = len(listed) // 2 if place == 0 else place - 1 if place > 0 else len(listed) + place
        if place > 0 and len(options) > len(
            listed
        ):  # the number that was shown counts the skipping option too
            at, among = place - 1, list(options)
        else:
            among = listed
        if 0 <= at < len(among) and among[at] not in found:
            found.append(among[at])
    return found


def by_name(acts: Acts, options: Sequence[Offered]) -> Meant | None:
    """The option that the words name best; what they deny or only ask about is not meant."""
    named = [one for one in options if one.value != asking.MORE]
    found = matches(acts.text, [(one.text, *one.keywords) for one in named])
    if not found:
        return None
    best = named[found[0].place]
    likeness = found[0].score * (_DOUBTED if acts.asked else 1.0)
    if is_binding(best) and not may_bind(acts):
        return None
    rivals = tuple(named[one.place] for one in found[1:3] if found[0].score - one.score < _TIED)
    return Meant(best, likeness, rivals)


def is_binding(offer: Offered) -> bool:
    """Whether the option is a yes, which may only be taken from clear words."""
    return offer.value in (asking.YES, "yes") or affirms(offer)


def may_bind(acts: Acts) -> bool:
    """Whether words that name such an option really agree: no denial, question, condition or delay in them."""
    if acts.agrees:
        return True
    return not (acts.asked or acts.negated or acts.conditional or acts.best in _HOLDS_BACK)


def agreeing(options: Sequence[Offered]) -> Offered | None:
    """The option that a yes means."""
    return next((one for one in options if one.value in (asking.YES, "yes")), None) or _only(
        [one for one in options if affirms(one)]
    )


def refusing(options: Sequence[Offered]) -> Offered | None:
    """The option that a no means."""
    return next((one for one in options if one.value in (asking.NO, "no")), None) or _only(
        [one for one in options if denies(one)]
    )


def leaving(options: Sequence[Offered]) -> Offered | None:
    """The option with which a short list is done: 没事了, 知道了, 就看看."""
    done = ("没事了", "知道了", "不用了", "没别的", "先这样", "好的", "就看看")
    return next((one for one in options if any(word in (one.text, *one.keywords) for word in done)), None)


def affirms(offer: Offered) -> bool:
    return any(_is_head(word, "yes") for word in (offer.text, *offer.keywords))


def denies(offer: Offered) -> bool:
    return any(_is_head(word, "no") for word in (offer.text, *offer.keywords))


def names(offer: Offered, word: str) -> bool:
    return any(word in slots.plain(one) for one in (offer.text, *offer.keywords))


def _is_head(word: str, kind: str) -> bool:
    found = head(normal(word))
    return found.kind == kind and not found.rest


def _only(found: list[Offered]) -> Offered | None:
    return found[0] if len(found) == 1 else None
