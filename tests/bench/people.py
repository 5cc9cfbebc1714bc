"""The people of the bench, bound and ready to report, and the big data behind them."""

from collections.abc import Sequence

import asyncpg

from tests.bench import search
from tests.bench.pushes import openid

# A resident's words from the first to the ticket number. Whoever begins with a bare wish is led step by step and sees
# a summary; the answers to it are read, understood and taken into the open report; they can go on for ever, so they
# are what "a turn" means. Whoever begins with the fault has the ticket after the time. The faults change, for nobody
# reports one twice.
FAULTS = (
    "厨房水龙头一直漏水，关不紧",
    "卫生间下水道堵了",
    "客厅的灯不亮了",
    "卧室窗户关不上",
    "客厅空调不制冷",
    "厨房燃气灶打不着火",
    "客厅网络断了",
    "阳台顶上渗水",
)
ANSWERS = (
    "明天下午{hour}点",
    "不对，改成后天上午{hour}点",
    "电话换成139{phone}",
    "改到周六下午{hour}点半吧",
    "还是明天上午{hour}点来",
    "说错了，电话改成138{phone}",
)
BEGIN = "我要报修"
DONE = "提交"
STRANGERS = 500_000  # the numbers of people nobody knows, and of technicians, begin here
TECHNICIANS = 800_000


def answer(person: int, turn: int) -> str:
    """Different words from everybody, so that nothing remembered makes it look quicker than it is."""
    return ANSWERS[turn % len(ANSWERS)].format(
        hour=1 + (person + turn) % 11, phone=f"{person * 7919 + turn:08d}"
    )


_PEOPLE = """
INSERT INTO person (channel, channel_id, following, name, phone, blocked, created_at)
SELECT 'wechat', name, true, '住户' || n, '139' || lpad(n::text, 8, '0'), false, now()
FROM unnest($1::text[]) WITH ORDINALITY AS row (name, n)
"""
_TALKS = """
INSERT INTO conversation (person_id, state, hold, sends_left, minute_left, subscriptions_left,
    turns, options_shown, pressing, snoozed, replies_held)
SELECT id, '{}', 'bot', 0, 0, 0, 0, 1000, false, false, false FROM person WHERE channel_id LIKE 'o_bench_%'
"""
_BINDINGS = """
INSERT INTO binding (person_id, house_id, community_id, relation, status, name, phone, found_by, matched, note,
    created_at)
SELECT p.id, h.id, h.community_id, 'owner', 'active', p.name, p.phone, '{}', true, '', now()
FROM (SELECT id, name, phone, row_number() OVER (ORDER BY id) AS n FROM person WHERE channel_id LIKE 'o_bench_%') p
JOIN (SELECT id, community_id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS many FROM house) h
    ON h.n = (p.n - 1) % h.many + 1
"""
_FLOOR = """
INSERT INTO floor_conversation (openid, state) SELECT unnest($1::text[]), '{}' ON CONFLICT DO NOTHING
"""

_BIG = (
    """INSERT INTO house (community_id, building_id, unit_id, room, label, floor, area_cm2, code)
    SELECT community_id, building_id, unit_id, 'x' || n, 'big-' || n, 1, 900000, 'big-' || n
    FROM (SELECT community_id, building_id, unit_id FROM house LIMIT 1) one, generate_series(1, 100000) n""",
    """WITH one AS (SELECT ticket.*, row_number() OVER () AS rank FROM ticket),
        count AS (SELECT count(*) AS tickets FROM ticket)
    INSERT INTO ticket ({columns}) SELECT {values}
    FROM generate_series(1, 200000) s CROSS JOIN count JOIN one ON one.rank = s % count.tickets + 1""",
)


_COUNTS = {
    "house": "SELECT count(*) FROM house",
    "ticket": "SELECT count(*) FROM ticket",
    "message": "SELECT count(*) FROM message",
}


async def settle(url: str, count: int, *, others: Sequence[int] = ()) -> None:
    """Make the people for the product and for the floor, which has to know the `others` too."""
    names = [openid(number) for number in range(count)]
    connection = await asyncpg.connect(url)
    await connection.execute(_PEOPLE, names)
    await connection.execute(_TALKS)
    await connection.execute(_BINDINGS)
    await connection.execute(_FLOOR, [*names, *map(openid, others)])
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def tickets(url: str) -> int:
    connection = await asyncpg.connect(url)
    count: int = await connection.fetchval(_COUNTS["ticket"])
    await connection.close()
    return count


async def grow(url: str) -> dict[str, int]:
    """100,000 houses, 200,000 tickets, 1,000,000 messages on top of what is there; the counts afterwards."""
    await search.write(url, search.MESSAGES)
    connection = await asyncpg.connect(url, command_timeout=600)
    houses, tickets = _BIG
    await connection.execute(houses)
    names = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'ticket' AND column_name <> 'id'"
    )
    columns = [row["column_name"] for row in names]
    values = ["'big' || s" if name == "number" else f"one.{name}" for name in columns]
    await connection.execute(tickets.format(columns=", ".join(columns), values=", ".join(values)))
    await connection.execute("VACUUM ANALYZE")
    counts = {name: await connection.fetchval(query) for name, query in _COUNTS.items()}
    await connection.close()
    return counts
