"""公告: the newest, by kind, 收到 for urgent ones, and whether an outage was announced."""

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import home_of, resident, whole, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from models.notices import NoticeKind
from services import clock
from services.community import notices
from services.community.notices import Shown
from services.repairs import known_faults

# What a resident misses: the words of its notices, and the trade of a known outage.
SUPPLIES = {
    "water": ("停水", "供水", "水泵", "水箱"),
    "electric": ("停电", "供电", "电力", "断电", "检修"),
    "gas": ("停气", "燃气", "供气"),
    "hvac": ("暖气", "供暖", "停暖"),
    "elevator": ("电梯",),
}
_SHOWN = 9


@registry.action("notice.recent", outcomes=("none", "one"), gives=("notice",), reads=True)
async def recent(turn: Turn, *, kind: Plain) -> Outcome:
    found = await notices.visible(turn.person.id, kind=_kind(kind), limit=_SHOWN)
    if not found:
        return Outcome("none")
    return Outcome("one", {"notice": str(found[0].id)}) if len(found) == 1 else Outcome()


@registry.source("notice.recent")
async def listed(turn: Turn, *, kind: Plain) -> Listed:
    found = await notices.visible(turn.person.id, kind=_kind(kind), limit=_SHOWN)
    return [(str(one.id), _line(one)) for one in found]


@registry.action("notice.read", gives=("heading", "body", "published", "picture"), outcomes=("receipt",))
async def read(turn: Turn, *, notice: Plain) -> Outcome:
    """Marks it read; an urgent one still wants its 收到."""
    shown = await notices.read(turn.person.id, whole(notice), actor=resident(turn))
    return Outcome("receipt" if shown.wants_receipt else "ok", _values(shown))


@registry.action("notice.acknowledge", gives=("heading",))
async def acknowledge(turn: Turn, *, notice: Plain) -> Outcome:
    shown = await notices.acknowledge(turn.person.id, whole(notice), actor=resident(turn))
    return Outcome(values={"heading": shown.title})


@registry.action(
    "notice.outage",
    gives=("known_text", "until", "notice", "known_ids"),
    outcomes=("announced", "notice"),
    reads=True,
)
async def outage(turn: Turn, *, supply: Plain) -> Outcome:
    """A known outage at the resident's house first, else the newest notice that speaks of it."""
    wanted = words(supply)
    home = await home_of(turn)
    if home:
        known = await known_faults.outages(
            home.community_id, building_id=home.building_id, category_code=wanted
        )
        if known:
            until = known[0].ends_at.isoformat() if known[0].ends_at else None
            ids: Plain = [str(one.id) for one in known]
            return Outcome("announced", {"known_text": known[0].text, "until": until, "known_ids": ids})
    told = await _told(turn.person.id, SUPPLIES.get(wanted, ()))
    if told:
        return Outcome("notice", {"known_text": f"{told.title}\n{told.text}", "notice": str(told.id)})
    return Outcome()


async def _told(person_id: int, about: tuple[str, ...]) -> Shown | None:
    found = await notices.visible(person_id, limit=20)
    return next((one for one in found if any(word in one.title for word in about)), None)


def _kind(kind: Plain) -> NoticeKind | None:
    return NoticeKind(words(kind)) if kind else None


def _line(one: Shown) -> str:
    unread = "" if one.read else f"·{phrase('notice.unread')}"
    return f"【{phrase('notice.kind', kind=one.kind)}{unread}】{one.title}"


def _values(notice: Shown) -> dict[str, Plain]:
    published = clock.local(notice.published_at) if notice.published_at else None
    return {
        "heading": notice.title,
        "body": notice.text,
        "published": texts.date(published.isoformat()) if published else None,
        "picture": notice.picture,
    }
