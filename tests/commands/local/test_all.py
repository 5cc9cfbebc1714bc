"""`make run` as a person sees it: everything starts, comes back when it dies, and is gone when it ends."""

import signal
import socket
from collections.abc import Iterator

import psutil
import pytest

from commands.local.servers import wait_until
from tests.conftest import free_port
from tests.world import project as projects
from tests.world.project import Project

ALL = {"postgres", "redis", "web", "worker", "simulator"}


@pytest.fixture(scope="module")
def installed() -> Iterator[Project]:
    """Its data last over the tests of this file: only the first start migrates, which takes the longest."""
    with projects.copy(free_port(), free_port()) as copied:
        yield copied


@pytest.fixture
def project(installed: Project) -> Project:
    """Nothing of it runs."""
    installed.end()
    return installed


@pytest.fixture
def running(installed: Project) -> Project:
    """All of it runs: left so by the test before, which spares a start, or started for this one."""
    if not installed.runs:
        installed.end()
        installed.start_all()
    return installed


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_two_do_not_run_in_one_folder(running: Project) -> None:
    second = running.run()
    assert second.returncode == 2
    assert second.stderr == f"管家 already runs in this folder, as process {running.supervisor.pid}.\n"


def test_a_command_uses_the_servers_that_run(running: Project) -> None:
    done = running.run("check")
    assert "ok     database" in done.stdout
    assert "ok     wechat" in done.stdout


def test_whatever_is_killed_comes_back(running: Project) -> None:
    before = running.processes()
    for process in before.values():
        process.kill()
    psutil.wait_procs(list(before.values()), timeout=10)
    wait_until(lambda: set(running.processes()) == ALL, "not all came back")
    wait_until(lambda: answers(running.web_port) and answers(running.simulator_port), "they do not answer")


def test_a_second_start_keeps_the_data(running: Project) -> None:
    running.end()
    running.start_all()
    assert "applied" not in running.said()  # nothing was left to migrate


def test_everything_starts_and_ends_without_a_trace(running: Project) -> None:
    assert set(running.processes()) == ALL
    assert f"http://127.0.0.1:{running.simulator_port}/" in running.said()
    running.supervisor.send_signal(signal.SIGINT)
    assert running.supervisor.wait(15) == 0
    assert running.processes() == {}


def test_nothing_outlives_a_supervisor_that_is_killed(running: Project) -> None:
    running.supervisor.kill()
    running.supervisor.wait()
    wait_until(lambda: not running.processes(), "something lives on")


def test_a_taken_port_is_one_sentence(project: Project) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", project.web_port))
        other.listen()
        done = project.run()
    assert done.returncode == 2
    assert done.stderr == (
        f"Port {project.web_port} on 127.0.0.1 is taken by another program; end that or choose another port with "
        "GUANJIA_WEB__PORT.\n"
    )


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        (
            "GUANJIA_DATABASE__URL",
            "postgresql://u:pass@127.0.0.1:1/x",
            "Cannot reach the database at postgresql://127.0.0.1:1/x",
        ),
        ("GUANJIA_REDIS__URL", "redis://127.0.0.1:1/0", "Cannot reach Redis at redis://127.0.0.1:1/0"),
        (
            "GUANJIA_WECHAT__ENCODING_AES_KEY",
            "short",
            "GUANJIA_WECHAT__ENCODING_AES_KEY should be the 43 letters",
        ),
        ("GUANJIA_NO__THING", "1", "GUANJIA_NO__THING: there is no table"),
    ],
)
@pytest.mark.parametrize("command", ["all", "web", "worker"])
def test_what_is_wrong_is_one_sentence(
    project: Project, command: str, variable: str, value: str, sentence: str
) -> None:
    done = project.run(command, **{variable: value})
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert "pass" not in done.stderr
