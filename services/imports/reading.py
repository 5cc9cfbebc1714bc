"""What residents can look up or fill in: articles, surveys, merchants."""

from collections.abc import Iterable
from itertools import groupby

from models.articles import Article, Audience, Section
from models.merchants import Merchant, MerchantTag
from models.surveys import OneAnswerPer, Question, QuestionKind, Survey, SurveyKind
from services import clock
from services.actors import Actor
from services.errors import Invalid
from services.imports.cells import choice, moment, person, phone, prose, sentences, text, words, yes_no
from services.imports.columns import ANYWHERE, Column, Kind, Record, Refusal, Saved, needed, optional

_LONG = prose(5000)

_SECTIONS = {
    "常见问题": Section.FAQ,
    "手册": Section.HANDBOOK,
    "小区规定": Section.RULES,
    "公司介绍": Section.COMPANY,
    "团队": Section.TEAM,
    "新闻": Section.NEWS,
    "知识": Section.KNOWLEDGE,
    "项目动态": Section.PROJECT,
}
_AUDIENCES = {"所有人": Audience.ALL, "业主": Audience.OWNER, "租客": Audience.TENANT}
_SURVEYS = {"问卷": SurveyKind.SURVEY, "投票": SurveyKind.VOTE, "座谈会": SurveyKind.FORUM}
_QUESTIONS = {"单选": QuestionKind.SINGLE, "多选": QuestionKind.MULTIPLE, "填空": QuestionKind.TEXT}
_PER = {"每户一份": OneAnswerPer.HOUSE, "每人一份": OneAnswerPer.PERSON}


async def _save_articles(records: list[Record], actor: Actor) -> Saved:
    """The same title in the same section and for the same readers is replaced."""
    updated = 0
    for record in records:
        given = {"text": record.text("text"), "url": record.text("url"), "sort": record.number}
        lists = {"keywords": record.words("keywords"), "asked_as": record.words("asked_as")}
        _, fresh = await Article.update_or_create(
            {**given, **lists, "published_at": clock.now()},
            community_id=record.maybe_whole("community_id"),
            section=Section(record.text("section")),
            audience=Audience(record.text("audience")),
            title=record.text("title"),
        )
        updated += not fresh
    return Saved(len(records) - updated, updated)


async def _check_surveys(records: list[Record]) -> list[Refusal]:
    known = {row.title for row in await Survey.all()}
    refused: list[Refusal] = []
    for record in records:
        if record.text("survey") in known:
            refused.append((record, "survey", Invalid("import.exists")))
        needs = QuestionKind(record.text("kind")) is not QuestionKind.TEXT
        if needs and len(record.words("options")) < 2:
            refused.append((record, "options", Invalid("import.two_options")))
    return refused


async def _save_surveys(records: list[Record], actor: Actor) -> Saved:
    """Rows of one title are its questions, in their order; what concerns the whole stands in its first row."""
    made = 0
    for _, rows in groupby(sorted(records, key=_by_survey), key=lambda one: one.text("survey")):
        await _save_survey(list(rows))
        made += 1
    return Saved(made)


def _by_survey(record: Record) -> tuple[str, int]:
    return record.text("survey"), record.number


async def _save_survey(rows: list[Record]) -> None:
    first = rows[0]
    survey = await Survey.create(
        community_id=first.maybe_whole("community_id"),
        kind=SurveyKind(first.text("survey_kind")),
        title=first.text("survey"),
        intro=first.text("intro"),
        per=OneAnswerPer(first.text("per")),
        opens_at=first.maybe_moment("opens_at") or clock.now(),
        closes_at=first.maybe_moment("closes_at"),
    )
    await Question.bulk_create(_questions(survey, rows))


def _questions(survey: Survey, rows: Iterable[Record]) -> list[Question]:
    return [
        Question(
            survey_id=survey.id,
            position=at,
            kind=QuestionKind(row.text("kind")),
            text=row.text("question"),
            options=row.words("options"),
            required=bool(row.values["required"]),
        )
        for at, row in enumerate(rows)
    ]


async def _check_merchants(records: list[Record]) -> list[Refusal]:
    tags = {tag.name for tag in await MerchantTag.all()}
    rows = await Merchant.filter(name__in=[record.text("name") for record in records])
    known = {(row.name, row.address) for row in rows}
    refused: list[Refusal] = []
    for record in records:
        if (record.text("name"), record.text("address")) in known:
            refused.append((record, "address", Invalid("import.exists")))
        if unknown := [tag for tag in record.words("tags") if tag not in tags]:
            why = Invalid("import.no_such_tag", said="、".join(unknown), known="、".join(sorted(tags)))
            refused.append((record, "tags", why))
        if not any(record.text(name) for name in ("mobile", "phone", "qq")):
            refused.append((record, "mobile", Invalid("import.no_way_to_reach")))
    return refused


async def _save_merchants(records: list[Record], actor: Actor) -> Saved:
    for record in records:
        community = record.maybe_whole("community_id")
        texts = {column.name: record.text(column.name) for column in _MERCHANT_TEXTS}
        merchant = Merchant(
            tags=record.words("tags"), communities=[community] if community else [], sort=record.number
        )
        await merchant.update_from_dict(texts).save()
    return Saved(len(records))


async def _save_tags(records: list[Record], actor: Actor) -> Saved:
    rows = [MerchantTag(name=record.text("name"), sort=record.number) for record in records]
    await MerchantTag.bulk_create(rows, ignore_conflicts=True)
    return Saved(len(rows))


ARTICLES = Kind(
    "文章",
    (
        ANYWHERE,
        needed("section", "栏目", choice(_SECTIONS), "、".join(_SECTIONS)),
        Column(
            "audience", "给谁看", choice(_AUDIENCES), False, "所有人（不填就是）、业主、租客", Audience.ALL
        ),
        needed("title", "标题", text(100)),
        needed("text", "内容", _LONG),
        Column("keywords", "关键词", words, False, "用顿号隔开", []),
        Column("asked_as", "别人会怎么问", sentences, False, "几种问法用分号隔开", []),
        optional("url", "链接", text(300)),
    ),
    _save_articles,
    unique=("community_id", "section", "audience", "title"),
)

SURVEYS = Kind(
    "问卷",
    (
        needed("survey", "问卷", text(64), "同一份问卷的每一题一行，这一列写同样的名称"),
        ANYWHERE,
        Column("survey_kind", "类型", choice(_SURVEYS), False, "问卷（不填就是）、投票、座谈会", SurveyKind.SURVEY),
        Column("per", "几份", choice(_PER), False, "每人一份（不填就是）、每户一份", OneAnswerPer.PERSON),
        optional("intro", "说明", _LONG),
        Column("opens_at", "开始", moment, False, "不填是马上"),
        Column("closes_at", "截止", moment),
        needed("kind", "题型", choice(_QUESTIONS), "单选、多选、填空之一"),
        needed("question", "题目", text(200)),
        Column("options", "选项", sentences, False, "用分号隔开", []),
        Column("required", "必答", yes_no, False, "不填是", True),
    ),
    _save_surveys,
    unique=("survey", "question"),
    check=_check_surveys,
)  # fmt: skip

_MERCHANT_TEXTS = (
    needed("name", "名称", text(64)),
    needed("contact", "联系人", person(32)),
    optional("mobile", "手机", phone, "手机、电话、QQ 至少一项"),
    optional("phone", "电话", phone),
    optional("qq", "QQ", text(16)),
    needed("address", "地址", text(128)),
    optional("intro", "介绍", _LONG),
    optional("recommended", "推荐", text(200)),
    optional("special_services", "特色服务", text(200)),
    optional("opening_hours", "营业时间", prose(100)),
)

MERCHANTS = Kind(
    "商家",
    (*_MERCHANT_TEXTS, needed("tags", "标签", words, "从商家标签里选，用顿号隔开"), ANYWHERE),
    _save_merchants,
    unique=("name", "address"),
    check=_check_merchants,
)

MERCHANT_TAGS = Kind("商家标签", (needed("name", "标签", text(16)),), _save_tags, unique=("name",))
