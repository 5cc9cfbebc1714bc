"""`run.py` itself under load: whatever is killed comes back, nothing is lost, and Ctrl-C leaves nothing behind."""

import asyncio
import itertools
import signal
from collections.abc import AsyncIterator, Iterator

import aiohttp
import asyncpg
import psutil
import pytest

from commands.local import home, postgres
from tests.conftest import free_port
from tests.resilience.chatter import NOBODY_LISTENS, chatter
from tests.resilience.parts import until
from tests.resilience.test_messages import picture
from tests.world import project as projects
from tests.world.phones import Phones, photo
from tests.world.project import Project
from tests.world.simulated import Simulated

KILLED = ("web", "worker", "redis", "postgres")


@pytest.fixture
def project(pytestconfig: pytest.Config) -> Iterator[Project]:
    assert pytestconfig.cache
    schemas = pytestconfig.cache.mkdir("schema")
    with projects.copy(free_port(), free_port(), schemas=schemas) as copied:
        yield copied


@pytest.fixture
async def phones(project: Project) -> AsyncIterator[Phones]:
    await asyncio.to_thread(project.start_all)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)) as http:
        yield Phones(Simulated(f"http://127.0.0.1:{project.simulator_port}", http))


async def fetch(project: Project, query: str, *values: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(postgres.url(home.prepare(project.folder / "var")))
    try:
        found: list[asyncpg.Record] = await connection.fetch(query, *values)
        return found
    finally:
        await connection.close()


async def test_all_killed_at_once_under_load(project: Project, phones: Phones) -> None:
    """What was said while nothing listened, three times in a row, is said anew; the rest was handled once."""
    people = await phones.sim.followers(6)
    async with chatter(phones, people, forgiven=[NOBODY_LISTENS]) as talking:
        await until(lambda: _handled(project, 30), "some messages are handled")
        for person in people:
            await phones.send(person, photo(picture(9)))
        await _kill_all(project)
        back = len(await fetch(project, "SELECT id FROM message"))
        await until(lambda: _handled(project, back + 30), "messages are handled again")
        answered = await talking.end()
    for person, words in answered.items():
        await _once_and_in_order(project, person, words)

    async def photos_stored() -> bool:
        rows = await fetch(project, "SELECT status FROM media_file")
        return [row["status"] for row in rows] == ["stored"] * len(people)

    await fetch(project, "UPDATE media_file SET claimed_at = claimed_at - interval '5 min'")  # for the sweep
    await until(photos_stored, "the photos are stored")
    supervisor = project.running[0]
    supervisor.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(supervisor.wait, 20) == 0
    assert project.processes() == {}


async def _kill_all(project: Project) -> None:
    """kill -9 to all but the witness; returns when they are back."""
    before = project.processes()
    for name in KILLED:
        before[name].kill()
    psutil.wait_procs([before[name] for name in KILLED], timeout=10)
    place = home.prepare(project.folder / "var")

    async def back() -> bool:
        now = project.processes()
        fresh = [name for name in KILLED if name in now and now[name].pid != before[name].pid]
        return len(fresh) == len(KILLED) and postgres.ready(place)

    await until(back, "all are back")


async def _handled(project: Project, number: int) -> bool:
    return len(await fetch(project, "SELECT id FROM message")) >= number


async def _once_and_in_order(project: Project, person: str, answered: list[str]) -> None:
    rows = await fetch(
        project,
        "SELECT m.text, a.id AS answer FROM message m JOIN conversation c ON c.id = m.conversation_id "
        "JOIN person p ON p.id = c.person_id LEFT JOIN message a ON a.answers_id = m.id "
        "WHERE p.channel_id = $1 AND m.kind = 'text' ORDER BY m.id",
        person,
    )
    # What was handled but answered to nobody, because all died, was said anew: another message.
    kept = [words for words, _ in itertools.groupby(row["text"] for row in rows)]
    assert kept[: len(answered)] == answered
    assert all(row["answer"] for row in rows)
