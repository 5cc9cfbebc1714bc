"""Surveys: one answer from a house or a person, also when two answer at the same moment."""

import asyncio
from datetime import timedelta

import pytest

from models.community import Community
from models.events import SubjectKind
from models.surveys import Answer, OneAnswerPer, Question, QuestionKind, Response, Survey
from services import actors, clock, events
from services.actors import OPERATOR
from services.community import surveys
from services.community.surveys import Given
from services.errors import Invalid, NotAllowed, NotFound
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


async def _survey(where: Community | None = None, per: OneAnswerPer = OneAnswerPer.PERSON) -> Survey:
    survey = await Survey.create(
        community=where, title="物业满意度", per=per, opens_at=clock.now() - timedelta(days=1)
    )
    asked = [
        (QuestionKind.SINGLE, "总体满意吗？", ["满意", "一般", "不满意"], True),
        (QuestionKind.MULTIPLE, "哪些要改进？", ["保洁", "保安", "绿化"], True),
        (QuestionKind.TEXT, "还想说什么？", [], False),
    ]
    for position, (kind, text, options, required) in enumerate(asked):
        await Question.create(
            survey=survey, position=position, kind=kind, text=text, options=options, required=required
        )
    return survey


async def _answers(survey: Survey, *, single: tuple[str, ...] = ("满意",)) -> dict[int, Given]:
    first, second, _ = await Question.filter(survey=survey).order_by("position")
    return {first.id: Given(single), second.id: Given(("保洁", "绿化"))}


async def _submits(person_id: int, survey: Survey, answers: dict[int, Given]) -> None:
    me = actors.person(person_id)
    await within(surveys.submit(person_id, survey.id, answers, actor=me))


async def test_a_family_answers_once_even_at_the_same_moment() -> None:
    house = await places.house(await places.community())
    family = [await places.resident(house) for _ in range(6)]
    survey = await _survey(per=OneAnswerPer.HOUSE)
    answers = await _answers(survey)

    done = await asyncio.gather(
        *(_submits(one.id, survey, answers) for one in family), return_exceptions=True
    )
    refused = [one for one in done if isinstance(one, NotAllowed)]
    assert len(refused) == 5 and {one.phrase for one in refused} == {"survey.answered"}
    assert await Response.all().count() == 1 and await Answer.all().count() == 2
    [answered] = await events.of(SubjectKind.SURVEY, survey.id)
    assert answered.verb == "answered" and answered.actor_id in {one.id for one in family}
    assert await surveys.unanswered(family[0].id) == []


async def test_each_person_answers_where_persons_are_asked() -> None:
    house = await places.house(await places.community())
    one, other = await places.resident(house), await places.resident(house)
    survey = await _survey()
    for person in (one, other):
        assert [one.id for one in await surveys.unanswered(person.id)] == [survey.id]
        await _submits(person.id, survey, await _answers(survey))
        with pytest.raises(NotAllowed, match=r"survey\.answered"):
            await surveys.questions(person.id, survey.id)
    counted = await surveys.counts(survey.id, actor=OPERATOR)
    assert counted["哪些要改进？"] == {"保洁": 2, "保安": 0, "绿化": 2}


async def test_whom_nobody_confirmed_does_not_spend_the_one_answer_of_a_house() -> None:
    house = await places.house(await places.community())
    claims = await places.person()
    await places.bind(claims, house, matched=False)
    of_house, of_person = await _survey(per=OneAnswerPer.HOUSE), await _survey()
    assert [one.id for one in await surveys.unanswered(claims.id)] == [of_person.id]
    with pytest.raises(NotFound):
        await _submits(claims.id, of_house, await _answers(of_house))
    await _submits(claims.id, of_person, await _answers(of_person))


@pytest.mark.parametrize(
    ("single", "phrase"),
    [((), "answer_missing"), (("好",), "no_such_option"), (("满意", "一般"), "one_option")],
)
async def test_answers_must_fit_their_question(single: tuple[str, ...], phrase: str) -> None:
    person = await places.resident(await places.house(await places.community()))
    survey = await _survey()
    with pytest.raises(Invalid, match=phrase):
        await _submits(person.id, survey, await _answers(survey, single=single))
    assert not await Response.all().exists()


async def test_other_communities_and_closed_surveys_are_not_there() -> None:
    person = await places.resident(await places.house(await places.community()))
    foreign, own = await _survey(await places.community("阳光家园")), await _survey()
    assert [survey.id for survey in await surveys.unanswered(person.id)] == [own.id]
    await within(surveys.close(own.id, actor=OPERATOR))
    [closed] = await events.of(SubjectKind.SURVEY, own.id)
    assert (closed.verb, closed.before, closed.after) == ("closed", "open", "closed")
    for survey in (foreign, own):
        with pytest.raises(NotFound):
            await surveys.questions(person.id, survey.id)
