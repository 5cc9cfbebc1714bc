"""Readings of a message as any words, where any words are an answer; what puts off or tells nothing is none."""

from bot.talk import answers, asking, digressions, early_answers, naming, settling, slots
from bot.talk.readings import CERTAIN, Reading
from bot.talk.state import Offered
from bot.talk.steering import aside
from bot.talk.taken import Refused
from bot.talk.talk import Talk
from bot.understanding.acts import Act, Acts, says
from bot.why import Rule

_NO_TEXT = (Act.URGE, Act.ABUSE, Act.GREETING, Act.THANKS, Act.FILLER, Act.WAIT, Act.BACK, Act.AGAIN)
_UNDECIDED = (Act.WAIT, Act.LATER, Act.DONT_KNOW)
_UNDECIDED_TOGETHER = 0.8  # their chances, for words that then are no answer
_UNDECIDED_ALONE, _HARDLY_TELLS = 0.5, 0.12  # the same where hardly anything is told, and what that is
FREE = 0.58  # of any words where any words are an answer
_BESIDE_NOTHING = 0.4  # of any words that most likely say that there is nothing to tell
_TOLD = 0.9  # of a story, where a choice takes one besides
_REQUESTED = 0.86  # of a request, where any words are taken besides
ASKS = 0.3  # chance of a question, for words that look like one to ask something
_SAYS = 4  # characters: fewer leave no message


async def any_words(talk: Talk, acts: Acts) -> Reading | None:
    """Whatever was written, where any words are an answer."""
    if talk.step.takes and talk.frame.mode != "change" and len(naming.plain(acts.text)) >= _SAYS:
        return _beside(talk, acts)
    if not settling.is_text_asked(talk):
        return None
    if talk.compiled.photos and len(acts.text) <= settling.CURT * 2 and says("photos_sent", acts.text):
        return Reading(Rule.WAITING, 0.9, lambda talk: aside(talk, "bot.take_time"), effect="stay")
    reading = await answers.typed(talk)
    if reading is None:
        return None
    if talk.slot(talk.step).reads == "name" and early_answers.is_no_name(talk, acts.text):
        told = await early_answers.would_tell(talk)  # a phone where a name is asked is the phone
        return Reading(Rule.TOLD_EARLY, 0.93, _keep_figures, effect="early") if told else None
    if slots.named(talk.slot(talk.step), talk.turn.heard, talk.turn):
        return Reading(Rule.NAMED, 0.93, lambda talk: settling.take(talk, reading), effect="text")
    if isinstance(reading, Refused) and len(naming.plain(acts.text)) <= _SAYS:
        return Reading(Rule.UNFIT, 0.5, lambda talk: settling.take(talk, reading), effect="refuse")
    if _is_no_answer(talk, acts):
        return None
    if place := _place_in_clause(talk, acts):
        return settling.pick(Rule.NAMED, 0.9, place)
    return Reading(
        Rule.ANY_WORDS, _worth(talk, acts), lambda talk: settling.take(talk, reading), effect="text"
    )


def _beside(talk: Talk, acts: Acts) -> Reading:
    """Words that are taken beside the options of a choice."""
    asks = says("requests", acts.text) and not acts.text.strip().startswith("请问")
    score = _REQUESTED if asks and len(acts.text) > settling.CURT else FREE
    if _tells_the_matter(talk):
        score = _TOLD
    return Reading(Rule.ANY_WORDS, score, settling.take_beside, effect="text")


def _is_no_answer(talk: Talk, acts: Acts) -> bool:
    """Whether words say nothing that could be kept as the answer."""
    if _will_not_tell(talk, acts) or is_undecided(acts):
        return True  # 我不知道这是几栋，等我问问
    if digressions.no_place(talk) or _is_idle(acts):
        return True
    if not _wants_place(talk):
        return False
    asks = acts.asked and says("asks_outright", acts.text) and says("no_place_asked", acts.text)
    return asks or acts.agrees or early_answers.names_choice(talk)  # 请问车位怎么租


def _worth(talk: Talk, acts: Acts) -> float:
    skips = any(one.value == asking.SKIP for one in talk.frame.options)
    if skips and acts.best is Act.NONE and acts.chance(Act.NONE) >= CERTAIN:
        return _BESIDE_NOTHING  # 一样料都没动, where what was used is asked
    tells = acts.best is Act.INFORM and not (acts.asked and acts.chance(Act.QUESTION) >= ASKS)
    return FREE + (0.2 if tells else 0.0)


def is_undecided(acts: Acts) -> bool:
    """Whether words put an answer off; less is enough where nothing in them tells anything."""
    together = sum(map(acts.chance, _UNDECIDED))
    tells = acts.chance(Act.INFORM) >= _HARDLY_TELLS
    if acts.best is Act.FILLER and acts.chance(Act.WAIT) >= ASKS and not tells:
        return True  # 容我理一理怎么讲
    return acts.best in _UNDECIDED and together >= (_UNDECIDED_TOGETHER if tells else _UNDECIDED_ALONE)


def _tells_the_matter(talk: Talk) -> bool:
    """A story of the kind that this script takes, where a choice takes it besides."""
    meaning, script = talk.turn.heard.meaning, talk.compiled.script
    grows = script.slots[talk.step.takes].grows
    return (
        grows
        and meaning is not None
        and meaning.action == "answer"
        and meaning.intent in script.triggers.intents
    )


async def _keep_figures(talk: Talk) -> None:
    await early_answers.told_early(talk)


def _place_in_clause(talk: Talk, acts: Acts) -> Offered | None:
    """厨房 of “厨房，明天上午来”: one of the places that were offered; what stands beside it has its own question."""
    entities = talk.turn.heard.entities
    if not _wants_place(talk) or entities is None or not (entities.time or entities.phone):
        return None
    shown = [one for one in talk.frame.options if one.value != asking.SKIP]
    found = [one for clause in acts.clauses if (one := naming.offered(clause, shown))]
    return found[0] if len(found) == 1 else None


def _will_not_tell(talk: Talk, acts: Acts) -> bool:
    """不想说, and a question where a name is asked: 能不能不填."""
    if acts.asked and talk.slot(talk.step).reads == "name":
        return True
    return (
        acts.best is Act.REFUSE
        and acts.chance(Act.REFUSE) >= settling.DONT_KNOW
        and len(acts.text) <= settling.CURT
    )


def _wants_place(talk: Talk) -> bool:
    return bool(talk.step.collect) and talk.slot(talk.step).fill == "place"


def _is_idle(acts: Acts) -> bool:
    """A cry, a greeting or a thank-you, and nothing else."""
    if acts.best is Act.FILLER and not says("hums", naming.plain(acts.text)):
        return False  # a name of a place that nobody taught looks like one
    return (
        acts.best in _NO_TEXT and acts.chance(acts.best) >= settling.IDLE and len(acts.text) <= settling.CURT
    )
