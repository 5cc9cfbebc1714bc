"""问卷, 投票 and 座谈会: one question after another, kept until the whole is handed in."""

from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import many, resident, table, whole, words
from dialogs.actions.questions import UNANSWERED, choices
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from models.surveys import QuestionKind
from services.community import surveys
from services.community.surveys import Given


@registry.action("survey.open", gives=("survey",), outcomes=("none", "one"), reads=True)
async def open_(turn: Turn) -> Outcome:
    found = await surveys.unanswered(turn.person.id)
    if not found:
        return Outcome("none")
    return Outcome("one", {"survey": str(found[0].id)}) if len(found) == 1 else Outcome()


@registry.source("survey.open")
async def listed(turn: Turn) -> Listed:
    found = await surveys.unanswered(turn.person.id)
    return [(str(one.id), f"【{phrase('survey.kind', kind=one.kind)}】{one.title}") for one in found]


@registry.action("survey.start", gives=("name", "intro", "count", "per", "answers"), reads=True)
async def start(turn: Turn, *, survey: Plain) -> Outcome:
    """Raises where handing in would, before anything is asked."""
    wanted = whole(survey)
    asked = await surveys.questions(turn.person.id, wanted)
    found = next(one for one in await surveys.unanswered(turn.person.id, limit=50) if one.id == wanted)
    values: dict[str, Plain] = {
        "name": found.title,
        "intro": found.intro,
        "count": len(asked),
        "per": phrase("survey.per", per=found.per),
        "answers": {},
    }
    return Outcome(values=values)


@registry.action(
    "survey.question",
    gives=("question", "question_id", "place", "count"),
    outcomes=("one", "several", "words", "optional"),
    reads=True,
)
async def question(turn: Turn, *, survey: Plain, answers: Plain) -> Outcome:
    """The next question without an answer; ok when all have one."""
    asked = await surveys.questions(turn.person.id, whole(survey))
    open_ = next((one for one in asked if str(one.id) not in table(answers)), None)
    if open_ is None:
        return Outcome()
    values: dict[str, Plain] = {
        "question": open_.text,
        "question_id": open_.id,
        "place": asked.index(open_) + 1,
        "count": len(asked),
    }
    if open_.kind is QuestionKind.TEXT:
        return Outcome("words" if open_.required else "optional", values)
    return Outcome("one" if open_.kind is QuestionKind.SINGLE else "several", values)


@registry.source("survey.options")
async def options(turn: Turn, *, survey: Plain, question: Plain) -> Listed:
    asked = await surveys.questions(turn.person.id, whole(survey))
    wanted = next(one for one in asked if one.id == whole(question))
    return choices(wanted.options, required=wanted.required)


@registry.action("survey.answered", gives=("answers",), reads=True)
async def answered(turn: Turn, *, survey: Plain, answers: Plain, question: Plain, answer: Plain) -> Outcome:
    """Keeps one answer, after the survey's own check of it."""
    given = [one for one in many(answer) if one != UNANSWERED]
    asked = await surveys.questions(turn.person.id, whole(survey))
    wanted = next(one for one in asked if one.id == whole(question))
    surveys.check(wanted, _given(wanted.kind, given))
    kept: list[Plain] = [*given]
    return Outcome(values={"answers": {**table(answers), str(wanted.id): kept}})


@registry.action("survey.submit")
async def submit(turn: Turn, *, survey: Plain, answers: Plain) -> Outcome:
    wanted = whole(survey)
    kinds = {str(one.id): one.kind for one in await surveys.questions(turn.person.id, wanted)}
    said = {int(key): _given(kinds[key], many(value)) for key, value in table(answers).items()}
    await surveys.submit(turn.person.id, wanted, said, actor=resident(turn))
    return Outcome()


def _given(kind: QuestionKind, answer: list[str]) -> Given:
    if kind is QuestionKind.TEXT:
        return Given(text=words(answer[0]) if answer else "")
    return Given(choices=answer)
