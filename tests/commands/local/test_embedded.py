"""The embedded servers on folders of their own, as an ordinary user or as root, whoever runs the tests."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

import settings
from commands import StartError
from commands.local import home, postgres, redis, servers
from commands.local.home import Home
from commands.local.lock import only_one
from commands.local.program import Account, Program, nobody, reaches
from commands.local.servers import Server
from tests.world import folders

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run under another account")


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder that the account of the servers can reach, which pytest's own are not for root's."""
    with folders.made("test") as folder:
        yield folder


@pytest.fixture
def place(var: Path) -> Home:
    return home.prepare(var)


def database(place: Home) -> Server:
    return Server(postgres.program(place, durable=False), lambda: postgres.ready(place))


def cache(place: Home) -> Server:
    return Server(redis.program(place), lambda: redis.ready(place))


async def ask(place: Home, query: str) -> object:
    connection = await asyncpg.connect(postgres.url(place))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_a_second_start_keeps_the_data(place: Home) -> None:
    with servers.started(servers.prepared(place, [database(place)])):
        await ask(place, "CREATE TABLE kept AS SELECT '留着' AS word")
    with servers.started(servers.prepared(place, [database(place)])):
        assert await ask(place, "SELECT word FROM kept") == "留着"


async def test_the_database_speaks_utf8_and_listens_nowhere(place: Home) -> None:
    kind = (
        "SELECT pg_encoding_to_char(encoding) || ' ' || datlocale FROM pg_database WHERE datname = 'guanjia'"
    )
    with servers.started(servers.prepared(place, [database(place)])):
        assert await ask(place, kind) == "UTF8 C.UTF-8"
        assert await ask(place, "SHOW listen_addresses") == ""


def test_only_the_servers_account_enters_their_folders(place: Home) -> None:
    for folder in (place.data, place.sockets):
        assert folder.stat().st_mode & 0o077 == 0


def test_the_folder_above_stays_as_it_was(var: Path) -> None:
    before = var.stat().st_mode
    home.prepare(var)
    assert var.stat().st_mode == before


@as_root
def test_data_of_root_lie_elsewhere_when_the_account_cannot_come_in(var: Path) -> None:
    var.chmod(0o700)
    place = home.prepare(var)
    try:
        assert place.data.parent == Path("/var/lib")
        assert (var / "servers").resolve() == place.data
        assert var.stat().st_mode & 0o777 == 0o700
        assert home.prepare(var) == place
        with servers.started(servers.prepared(place, [database(place), cache(place)])):
            assert postgres.ready(place)
            assert redis.ready(place)
    finally:
        shutil.rmtree(place.data)


@as_root
def test_servers_of_root_run_as_an_account_that_nobody_else_has(place: Home) -> None:
    assert place.account and place.account != nobody()
    with pytest.raises(KeyError):
        pwd.getpwuid(place.account.uid)
    with servers.started(servers.prepared(place, [database(place), cache(place)])):
        assert not reaches(nobody(), place.sockets) and not reaches(nobody(), place.data)
        owners = {path.lstat().st_uid for path in (place.data, *place.data.rglob("*"))}
    assert owners == {place.account.uid}


@as_root
async def test_data_that_an_older_version_left_to_nobody_are_taken_over(var: Path, place: Home) -> None:
    with servers.started(servers.prepared(place, [database(place)])):
        await ask(place, "CREATE TABLE kept AS SELECT '留着' AS word")
    home.give(place.data, nobody())
    again = home.prepare(var)
    assert again.account and again.account != nobody()
    with servers.started(servers.prepared(again, [database(again)])):
        assert await ask(again, "SELECT word FROM kept") == "留着"
        assert home.prepare(var) == again


@as_root
def test_data_in_use_stay_with_whom_they_are(var: Path, place: Home) -> None:
    home.give(place.data, nobody())
    theirs = replace(place, account=nobody())
    with servers.started([cache(theirs)]):
        assert home.prepare(var).account == nobody()


def test_a_long_path_gets_a_short_socket(var: Path) -> None:
    deep = var / ("x" * 90)
    deep.mkdir(mode=0o711)
    deep.chmod(0o711)
    place = home.prepare(deep)
    try:
        assert len(str(place.sockets)) < home.SOCKET_LIMIT
        with servers.started(servers.prepared(place, [database(place), cache(place)])):
            assert postgres.ready(place)
    finally:
        shutil.rmtree(place.sockets)


def test_an_interrupted_first_start_leaves_nothing_behind(place: Home) -> None:
    half = place.data / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with servers.started(servers.prepared(place, [database(place)])):
        assert postgres.ready(place)
    assert not half.exists()


def test_a_pid_file_that_names_another_process_is_no_hindrance(place: Home) -> None:
    with servers.started(servers.prepared(place, [database(place)])):
        words = (place.data / "postgres" / "postmaster.pid").read_text()
    pid, _, rest = words.partition("\n")
    other = subprocess.Popen(["sleep", "60"])
    (place.data / "postgres" / "postmaster.pid").write_text(f"{other.pid}\n{rest}")
    try:
        with servers.started(servers.prepared(place, [database(place)])):
            assert postgres.ready(place)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
    assert pid != str(other.pid)


def test_a_server_that_an_earlier_run_left_is_ended(place: Home) -> None:
    """As where nothing ties a child to its parent, and the parent was killed."""
    postgres.initialise(place)
    left = untied(database(place).program)
    servers.wait_until(lambda: postgres.ready(place), "postgres does not answer")
    with servers.started(servers.prepared(place, [database(place)])):
        assert left.wait() == 0
        assert postgres.ready(place)


def untied(program: Program) -> subprocess.Popen[bytes]:
    account = program.account or Account(os.getuid(), os.getgid())
    return subprocess.Popen(
        program.argv,
        user=account.uid,
        group=account.gid,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_cluster_of_another_version_is_refused(place: Home) -> None:
    postgres.initialise(place)
    (place.data / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(StartError, match="are of PostgreSQL 15, the installed one is 18"):
        postgres.initialise(place)


def test_a_server_that_cannot_start_says_why(place: Home) -> None:
    postgres.initialise(place)
    (place.data / "postgres" / "global" / "pg_control").unlink()
    with (
        pytest.raises(StartError, match=r"postgres did not start: .*pg_control"),
        servers.started([database(place)]),
    ):
        pass


STARTS_REDIS = """
import pathlib, subprocess, sys
from commands.local import home, redis
subprocess.Popen(redis.program(home.prepare(pathlib.Path(sys.argv[1]))).command(), stdout=subprocess.DEVNULL)
sys.stdin.read()
"""


def test_servers_die_with_who_started_them(var: Path, place: Home) -> None:
    """Killed outright, with no chance to end anything."""
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTS_REDIS, str(var)], stdin=subprocess.PIPE, cwd=settings.root()
    )
    servers.wait_until(lambda: redis.ready(place), "redis does not answer")
    parent.kill()
    parent.communicate()
    servers.wait_until(lambda: not redis.ready(place), "redis lives on")


def test_one_process_at_a_time_has_the_folder(var: Path) -> None:
    with only_one(var) as first, only_one(var) as second:
        assert (first, second) == (True, False)
    with only_one(var) as third:
        assert third
