"""Waiting for what starts: as long as it gets on, however long that takes, and no longer."""

import os
import subprocess
import sys

import pytest

from commands import StartError
from commands.local import child as children
from commands.local.child import Child
from commands.local.patience import Patience, worked
from commands.local.program import Program

# It starts another that works, as the web process does when it learns, and tells how much that was after it ended.
_WORKS = """
import subprocess, sys
busy = "import time; began = time.process_time()\\nwhile time.process_time() - began < 0.5: pass"
subprocess.run([sys.executable, "-c", busy], check=True)
print("done", flush=True)
sys.stdin.read()
"""


class Hours:
    """A clock, and the work that was done by then."""

    now = 0.0
    done = 0.0

    def patience(self) -> Patience:
        return Patience(lambda: self.done, seconds=90, now=lambda: self.now)


def test_who_works_is_waited_for_however_long_it_takes() -> None:
    hours = Hours()
    patience = hours.patience()
    again = 0
    for _ in range(600):
        hours.now += 1
        hours.done += 0.1  # of a machine that has nine others to serve
        again += patience.look()
    assert again == 6
    assert patience.waited == 600


def test_who_does_nothing_any_more_is_given_up() -> None:
    hours = Hours()
    patience = hours.patience()
    hours.now, hours.done = 90, 20
    assert patience.look()
    hours.now, hours.done = 179, 20.1
    assert not patience.look()
    hours.now = 180
    with pytest.raises(TimeoutError):
        patience.look()


def test_work_is_that_of_those_it_started_too() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as busy:
        assert busy.stdout and busy.stdout.readline() == b"done\n"
        assert worked(busy.pid) >= 0.5
        assert worked(os.getpid()) > worked(busy.pid)
        busy.communicate()
    assert worked(busy.pid) == 0


async def test_what_never_answers_is_given_up_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "Patience", lambda _: Patience(lambda: 1.0, seconds=0.1))
    sleeper = Child(
        Program("web", (sys.executable, "-c", "import signal; signal.pause()")),
        lambda name, line: None,
        environment={},
    )
    with pytest.raises(StartError, match=r"^web does not answer after \d+ seconds\.$"):
        await sleeper.start(lambda: False)
    await sleeper.end()
