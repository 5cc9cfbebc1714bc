"""What residents are told at a time: activities and notices."""

from models.activities import Activity
from models.community import Building, House, Unit
from models.notices import Level, Notice, NoticeKind, NoticeTarget
from services.actors import Actor
from services.community import notices
from services.errors import Invalid
from services.imports import rooms
from services.imports.cells import choice, moment, prose, sentences, text, whole, yes_no
from services.imports.columns import ANYWHERE, Column, Kind, Record, Refusal, Saved, needed, optional

_LONG = prose(5000)

_NOTICES = {
    "一般": NoticeKind.GENERAL,
    "紧急": NoticeKind.URGENT,
    "节日贺词": NoticeKind.FESTIVAL,
    "温馨提示": NoticeKind.TIP,
}


async def _check_activities(records: list[Record]) -> list[Refusal]:
    titles = [record.text("title") for record in records]
    known = {(row.title, row.starts_at) for row in await Activity.filter(title__in=titles)}
    refused: list[Refusal] = []
    for record in records:
        deadline = record.maybe_moment("deadline_at")
        if (record.text("title"), record.moment("starts_at")) in known:
            refused.append((record, "title", Invalid("import.exists")))
        if deadline and deadline > record.moment("starts_at"):
            refused.append((record, "deadline_at", Invalid("import.after_start")))
    return refused


async def _save_activities(records: list[Record], actor: Actor) -> Saved:
    for record in records:
        asked = enumerate(record.words("questions"))
        await Activity.create(
            community_id=record.maybe_whole("community_id"),
            title=record.text("title"),
            summary=record.text("summary"),
            text=record.text("text"),
            place=record.text("place"),
            starts_at=record.moment("starts_at"),
            ends_at=record.maybe_moment("ends_at"),
            deadline_at=record.maybe_moment("deadline_at") or record.moment("starts_at"),
            quota=record.maybe_whole("quota"),
            max_party=record.whole("max_party"),
            questions=[{"key": f"q{at}", "text": question, "required": True} for at, question in asked],
        )
    return Saved(len(records))


_AIMS = ("house", "unit", "building", "community_id")  # the narrowest one that is filled counts


async def _check_notices(records: list[Record]) -> list[Refusal]:
    refused: list[Refusal] = []
    for record in records:
        aim = next((name for name in _AIMS if record.values[name]), "")
        if aim and await _target(record) is None:
            refused.append((record, aim, Invalid("import.no_such_place")))
    return refused


async def _save_notices(records: list[Record], actor: Actor) -> Saved:
    for record in records:
        level, subject = await _target(record) or (Level.ALL, 0)
        notice = await Notice.create(
            community_id=record.maybe_whole("community_id"),
            kind=NoticeKind(record.text("kind")),
            title=record.text("title"),
            text=record.text("text"),
            push=bool(record.values["push"]),
            expires_at=record.maybe_moment("expires_at"),
        )
        await NoticeTarget.create(notice_id=notice.id, level=level, subject_id=subject)
        if at := record.maybe_moment("published_at"):
            await notices.publish(notice.id, actor=actor, at=at)
    return Saved(len(records))


async def _target(record: Record) -> tuple[Level, int] | None:
    """None when the row names a place that there is not."""
    community = record.maybe_whole("community_id")
    building, unit, house = (record.text(name) for name in ("building", "unit", "house"))
    if community is None:
        return None if building or unit or house else (Level.ALL, 0)
    if house:
        found = await House.get_or_none(community_id=community, label=rooms.label(house))
        return (Level.HOUSE, found.id) if found else None
    if unit:
        block = await Unit.get_or_none(
            building__community_id=community, building__number=building, number=unit
        )
        return (Level.UNIT, block.id) if block else None
    if building:
        tower = await Building.get_or_none(community_id=community, number=building)
        return (Level.BUILDING, tower.id) if tower else None
    return Level.COMMUNITY, community


ACTIVITIES = Kind(
    "活动",
    (
        ANYWHERE,
        needed("title", "标题", text(64)),
        optional("summary", "简介", text(200), "一句话"),
        optional("text", "内容", _LONG),
        optional("place", "地点", text(100)),
        needed("starts_at", "开始", moment, "例如 2026-12-05 14:00"),
        Column("ends_at", "结束", moment),
        Column("deadline_at", "报名截止", moment, False, "不填是开始时间"),
        Column("quota", "名额", whole(1, 100_000), False, "不填是不限"),
        Column("max_party", "每户人数", whole(1, 50), False, "不填是 1", 1),
        Column("questions", "报名问题", sentences, False, "几个问题用分号隔开", []),
    ),
    _save_activities,
    unique=("title", "starts_at"),
    check=_check_activities,
)

NOTICES = Kind(
    "公告",
    (
        needed("kind", "类型", choice(_NOTICES), "、".join(_NOTICES)),
        needed("title", "标题", text(64)),
        needed("text", "内容", _LONG),
        ANYWHERE,
        optional("building", "楼栋", rooms.building(16), "只发给这一栋；只写号"),
        optional("unit", "单元", rooms.unit(16), "只发给这个单元；同时写楼栋"),
        optional("house", "房屋", text(32), "只发给这一户"),
        Column("published_at", "发布时间", moment, False, "不填是草稿"),
        Column("expires_at", "失效时间", moment),
        Column("push", "推送", yes_no, False, "是：同时发到每个人的聊天里", False),
    ),
    _save_notices,
    check=_check_notices,
)
