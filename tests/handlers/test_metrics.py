"""/metrics: only with its token, and true."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from handlers import metrics
from models.outbox import Outbox
from models.people import Person
from models.tasks import StaffTask, TaskKind
from services import clock

pytestmark = pytest.mark.usefixtures("database")

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    metrics.add(app, "secret")
    async with TestClient(TestServer(app)) as client:
        yield client


async def read(client: Client) -> dict[str, float]:
    answer = await client.get("/metrics", headers={"Authorization": "Bearer secret"})
    assert answer.status == 200
    lines = [line for line in (await answer.text()).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_it_tells_what_waits(client: Client) -> None:
    person = await Person.create(channel_id="o_1")
    now = clock.now()
    await Outbox.create(key="1", person=person, payload={}, not_before=now - timedelta(seconds=90))
    await Outbox.create(key="2", person=person, payload={}, not_before=now + timedelta(hours=1))
    await StaffTask.create(key="t", kind=TaskKind.ALERT)
    with clock.fixed(now):
        found = await read(client)
    assert found['guanjia_outbox{of="pending"}'] == 2
    assert found['guanjia_staff_tasks{of="alert"}'] == 1
    assert 0 <= found['guanjia_timers_overdue{of=""}'] <= 0
    assert found["process_resident_memory_bytes"] > 0


async def test_it_answers_nobody_without_the_token(client: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "secret"}):
        assert (await client.get("/metrics", headers=headers)).status == 401


async def test_what_strangers_ask_for_makes_no_new_labels(client: Client) -> None:
    for path in ("/a", "/b", "/c"):
        await client.get(path)
    assert (await read(client))['guanjia_answers_total{page="other",status="404"}'] == 3


async def test_without_a_token_there_is_no_such_page() -> None:
    app = web.Application()
    metrics.add(app, "")
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/metrics")).status == 404
