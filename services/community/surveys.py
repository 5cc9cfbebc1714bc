"""问卷, 投票 and 座谈会: what a person has still to answer, and answering once per house or person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models.events import SubjectKind
from models.surveys import (
    Answer,
    OneAnswerPer,
    Question,
    QuestionKind,
    Response,
    Survey,
    SurveyKind,
    SurveyStatus,
)
from services import clock, events, work
from services.actors import Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes
from services.estate.homes import Home
from services.events import Subject
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says to one question: texts of chosen options, or free text."""

    choices: Sequence[str] = field(default=())
    text: str = ""


@dataclass(frozen=True, slots=True)
class SurveyView:
    id: int
    kind: SurveyKind
    title: str
    intro: str
    per: OneAnswerPer


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; only those that are no TEXT have options."""

    id: int
    kind: QuestionKind
    text: str
    options: tuple[str, ...]
    required: bool


async def unanswered(person_id: int, *, limit: int = 5) -> list[SurveyView]:
    """Open surveys of the person's community that neither they nor (where one per house) their house answered."""
    home = await homes.require(person_id)
    done = await Response.filter(
        Q(respondent=_of_person(person_id)) | Q(respondent=_of_house(home.house_id))
    ).values_list("survey_id", flat=True)
    rows = await Survey.filter(_open_for(home)).exclude(id__in=list(done)).order_by("id").limit(limit)
    return [SurveyView(one.id, one.kind, one.title, one.intro, one.per) for one in rows]


async def questions(person_id: int, survey_id: int) -> list[Asked]:
    """In their order; raises NotFound or NotAllowed exactly where submit would, before anything is asked."""
    home = await homes.require(person_id)
    survey = await _require(survey_id, home)
    if await Response.filter(survey_id=survey_id, respondent=_respondent(survey, home)).exists():
        raise _taken(survey)
    return await _asked(survey_id)


async def submit(person_id: int, survey_id: int, answers: Mapping[int, Given], *, actor: Actor) -> None:
    """Save all answers, by question id. Raises Invalid for one that does not fit, NotAllowed survey.answered
    when the house or person answered before, also when both answer at the same moment."""
    home = await homes.require(person_id)
    survey = await _require(survey_id, home)
    asked = await _asked(survey_id)
    for question in asked:
        check(question, answers.get(question.id, Given()))
    try:
        async with in_transaction():  # a savepoint: the caller's transaction survives the refusal
            response = await _write_response(survey, home)
    except IntegrityError as error:
        raise _taken(survey) from error
    await Answer.bulk_create(
        [
            Answer(response_id=response.id, question_id=one.id, choices=list(given.choices), text=given.text)
            for one in asked
            if (given := answers.get(one.id))
        ]
    )
    await events.record(_subject(survey), "answered", actor=actor, body={"response": response.id})


def check(question: Asked, given: Given) -> None:
    """Raises Invalid when the answer does not fit its question; scripts ask this after each answer."""
    said = bool(given.choices) or bool(given.text.strip())
    if question.required and not said:
        raise Invalid("survey.answer_missing", question=question.text)
    if question.kind is not QuestionKind.TEXT and set(given.choices) - set(question.options):
        raise Invalid("survey.no_such_option", question=question.text)
    if question.kind is QuestionKind.SINGLE and len(given.choices) > 1:
        raise Invalid("survey.one_option", question=question.text)


async def close(survey_id: int, *, actor: Actor) -> None:
    """Nobody can answer any more. Raises NotFound outside of the scope."""
    own = actor.doing(Field.CONTENT)
    survey = await work.lock(Survey.filter(own.own(), id=survey_id))
    if survey is None:
        raise NotFound("survey.not_found")
    before, survey.status = survey.status, SurveyStatus.CLOSED
    await survey.save(update_fields=["status"])
    await events.record(_subject(survey), "closed", actor=actor, before=before, after=survey.status)


async def counts(survey_id: int, *, actor: Actor) -> dict[str, dict[str, int]]:
    """For staff: question text → option → how many chose it. Free texts are not counted."""
    own = actor.seeing(Field.CONTENT)
    if not await Survey.filter(own.own(), id=survey_id).exists():
        raise NotFound("survey.not_found")
    asked = [one for one in await _asked(survey_id) if one.kind is not QuestionKind.TEXT]
    result = {one.text: dict.fromkeys(one.options, 0) for one in asked}
    texts = {one.id: one.text for one in asked}
    for answer in await Answer.filter(question_id__in=list(texts)):
        for choice in answer.choices:
            result[texts[answer.question_id]][choice] += 1
    return result


async def _asked(survey_id: int) -> list[Asked]:
    rows = await Question.filter(survey_id=survey_id).order_by("position")
    return [Asked(one.id, one.kind, one.text, tuple(one.options), one.required) for one in rows]


def _subject(survey: Survey) -> Subject:
    return Subject(SubjectKind.SURVEY, survey.id, survey.community_id)


def _open_for(home: Home) -> Q:
    now = clock.now()
    here = Q(community_id=None) | Q(community_id=home.community_id)
    still = Q(closes_at=None) | Q(closes_at__gt=now)
    found = here & still & Q(status=SurveyStatus.OPEN, opens_at__lte=now)
    # Where a house has one answer, it is not for whom neither list nor staff confirm.
    return found if home.confirmed else found & Q(per=OneAnswerPer.PERSON)


async def _require(survey_id: int, home: Home) -> Survey:
    survey = await Survey.get_or_none(Q(id=survey_id), _open_for(home))
    if survey is None:
        raise NotFound("survey.not_found")
    return survey


def _respondent(survey: Survey, home: Home) -> str:
    if survey.per is OneAnswerPer.HOUSE:
        return _of_house(home.house_id)
    return _of_person(home.person_id)


def _of_house(house_id: int) -> str:
    return f"house:{house_id}"


def _of_person(person_id: int) -> str:
    return f"person:{person_id}"


async def _write_response(survey: Survey, home: Home) -> Response:
    return await Response.create(
        survey_id=survey.id,
        community_id=home.community_id,
        house_id=home.house_id,
        person_id=home.person_id,
        respondent=_respondent(survey, home),
        at=clock.now(),
    )


def _taken(survey: Survey) -> NotAllowed:
    return NotAllowed("survey.answered", title=survey.title)
