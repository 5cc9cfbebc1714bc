"""问卷, 投票 and 座谈会 topics, with one answer from each house or each person."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community, House
from models.people import Person


class SurveyKind(StrEnum):
    SURVEY = "survey"  # 问卷
    VOTE = "vote"  # 投票
    FORUM = "forum"  # 座谈会


class SurveyStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class OneAnswerPer(StrEnum):
    HOUSE = "house"
    PERSON = "person"


class Survey(Model):
    """Without a community it is for all of them."""

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", null=True
    )
    community_id: int | None
    kind = fields.CharEnumField(SurveyKind, default=SurveyKind.SURVEY)
    title = fields.CharField(64)
    intro = fields.TextField(default="")
    per = fields.CharEnumField(OneAnswerPer, default=OneAnswerPer.PERSON)
    status = fields.CharEnumField(SurveyStatus, default=SurveyStatus.OPEN)
    opens_at = fields.DatetimeField()
    closes_at = fields.DatetimeField(null=True)

    class Meta:
        table = "survey"
        indexes = (Index(fields=("status", "community_id")),)


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"


class Question(Model):
    id = fields.IntField(primary_key=True)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "models.Survey", related_name="questions"
    )
    survey_id: int
    position = fields.IntField()
    kind = fields.CharEnumField(QuestionKind)
    text = fields.CharField(200)
    options: list[str] = fields.JSONField(default=list)
    required = fields.BooleanField(default=True)

    class Meta:
        table = "survey_question"
        unique_together = (("survey", "position"),)


class Response(Model):
    """One filled survey. `respondent` is house:12 or person:5; the database keeps it single."""

    id = fields.BigIntField(primary_key=True)
    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "models.Survey", related_name="responses"
    )
    survey_id: int
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    house: fields.ForeignKeyNullableRelation[House] = fields.ForeignKeyField("models.House", null=True)
    house_id: int | None
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    respondent = fields.CharField(24)
    at = fields.DatetimeField()

    class Meta:
        table = "survey_response"
        unique_together = (("survey", "respondent"),)
        indexes = (Index(fields=("person_id", "survey_id")), Index(fields=("respondent",)))


class Answer(Model):
    """What one response says to one question: the chosen options' texts, or free text."""

    id = fields.BigIntField(primary_key=True)
    response: fields.ForeignKeyRelation[Response] = fields.ForeignKeyField(
        "models.Response", related_name="answers"
    )
    response_id: int
    question: fields.ForeignKeyRelation[Question] = fields.ForeignKeyField(
        "models.Question", related_name="answers"
    )
    question_id: int
    choices: list[str] = fields.JSONField(default=list)
    text = fields.TextField(default="")

    class Meta:
        table = "survey_answer"
        unique_together = (("response", "question"),)
