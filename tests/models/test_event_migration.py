"""Events and tasks of the release before become rows of the one table, none lost, none changed."""

import contextlib
import io
from collections.abc import AsyncIterator

import asyncpg
import pytest

import settings
from models import database
from tests.world import databases
from tests.world.running import Servers, at, make_tables

BEFORE = "0004_calls_have_a_community"

FILL = """
INSERT INTO management_office (id, name, address, phone, hours) VALUES (1, '东区', '', '', '');
INSERT INTO community (id, office_id, name, code, address, binding_mode, intro)
    VALUES (1, 1, '青禾', 'c:q', '', 'blacklist', '');
INSERT INTO person (id, channel, channel_id, following, name, phone, blocked, created_at)
    VALUES (1, 'wechat', 'o_1', true, '王芳', '', false, now());
INSERT INTO category (id, code, name, area, dispatch, accept_minutes, arrive_minutes, finish_minutes, always, sort)
    VALUES (1, 'water', '水管', 'both', 'automatic', 30, 240, 1440, false, 0);
INSERT INTO ticket (id, number, community_id, reporter_id, category_id, area, place, description, contact_name,
    contact_phone, urgent, source, status, hold_reason, reopened_count, reassigned_count, urged_count, materials,
    finish_note, rating_reasons, rating_remark, created_at)
SELECT n, 'BX' || n, 1, 1, 1, 'home', '', '', '', '', false, 'chat', 'submitted', '', 0, 0, 0, '', '', '[]', '', now()
FROM generate_series(1, 40) n;
INSERT INTO conversation (person_id, state, hold, sends_left, turns) VALUES (1, '{}', 'bot', 0, 0);
INSERT INTO holiday (day, working, name) VALUES ('2026-10-01', false, 'National Day');
INSERT INTO duty_phone (community_id, name, phone, emergency, sort) VALUES (1, '值班室', '010', true, 0);
INSERT INTO ticket_event (id, ticket_id, verb, actor, from_status, to_status, note, body, at)
SELECT 1000 + row_number() OVER (), n, verb, actor, '', 'submitted', 'note ' || n, '{"a": 1}', now()
FROM generate_series(1, 40) n, (VALUES ('submit', 'person:1'), ('accept', 'system'), ('dispatch', 'staff:7'),
    ('confirm', 'technician:3'), ('close', 'operator')) AS acts (verb, actor);
INSERT INTO staff_task (key, kind, community_id, person_id, note, created_at) VALUES
    ('hazard:gas:1', 'alert', 1, 1, 'gas 厨房有煤气味', now()),
    ('outbox:1', 'phone', 1, 1, '48小时没有互动。请电话联系。', now()),
    ('complaint:1:overdue:0', 'escalation', 1, NULL, 'T1001 噪音扰民', now()),
    ('urged:1:3', 'escalation', 1, 1, 'urged:3', now()),
    ('review:1:unmatched', 'review', 1, 1, 'binding:12 unmatched', now()),
    ('left:1', 'left_message', 1, 1, '打给我', now()),
    ('dispatch:1:new', 'dispatch', 1, 1, 'manual', now());
"""


@pytest.fixture(scope="module")
async def migrated(
    servers: Servers, worker_number: int, pytestconfig: pytest.Config
) -> AsyncIterator[tuple[asyncpg.Connection, str]]:
    """A database of the release before, brought up to date; and what that printed."""
    assert pytestconfig.cache
    name = f"before_{worker_number}"
    await databases.create(servers.admin, name)
    there = at(settings.load(), servers.database(name))
    await make_tables(there, pytestconfig.cache.mkdir("schema"), upto=BEFORE)
    connection = await asyncpg.connect(there.database.url)
    await connection.execute(FILL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        await database.migrate(there)
    yield connection, printed.getvalue()
    await connection.close()


async def test_no_event_is_lost_or_changed(migrated: tuple[asyncpg.Connection, str]) -> None:
    connection, printed = migrated
    assert "200 moved" in printed
    events = await connection.fetch("SELECT * FROM event WHERE subject_id = 7 ORDER BY id")
    told = [(one["verb"], one["actor_kind"], one["actor_id"], one["community_id"]) for one in events]
    assert told == [
        ("submit", "person", 1, 1),
        ("accept", "system", None, 1),
        ("dispatch", "staff", 7, 1),
        ("confirm", "technician", 3, 1),
        ("close", "system", None, 1),
    ]
    assert {(one["note"], one["status_after"]) for one in events} == {("note 7", "submitted")}
    assert '"by": "operator"' in events[-1]["body"]
    highest = await connection.fetchval("SELECT nextval(pg_get_serial_sequence('event', 'id'))")
    assert highest > 1200  # keys of messages that were sent carry ids of the events before


async def test_notes_of_tasks_become_reasons_and_values(migrated: tuple[asyncpg.Connection, str]) -> None:
    query = "SELECT key, reason, field, values::text AS told FROM staff_task ORDER BY id"
    rows = await migrated[0].fetch(query)
    assert [(one["reason"], one["field"]) for one in rows] == [
        ("danger", "alerts"),
        ("undelivered", "talks"),
        ("complaint_overdue", "complaints"),
        ("urged", "repairs"),
        ("unmatched", "residents"),
        ("left_message", "talks"),
        ("manual", "repairs"),
    ]
    assert '"text": "厨房有煤气味"' in rows[0]["told"]
    assert '"number": "T1001"' in rows[2]["told"]
    assert '"count": 3' in rows[3]["told"]
    assert '"binding": 12' in rows[4]["told"]
