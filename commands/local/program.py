"""A program to run as a child of this process, and the account it runs under."""

import contextlib
import grp
import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from commands import StartError

_TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int


# Numbers that neither distributions nor systemd give to anybody (systemd.io/UIDS-GIDS).
_FREE = range(60706, 61184)


def nobody() -> Account:
    """An account that everybody shares, so that nothing may be left in its hands."""
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def free_account(wish: int) -> Account:
    """An account of our own, a bare number without a name: nobody's processes, files or log-in have it.

    `wish` spreads the folders of one machine over the numbers.
    """
    running = {process.info["uids"].real for process in psutil.process_iter(["uids"]) if process.info["uids"]}
    for step in range(len(_FREE)):
        uid = _FREE[(wish + step) % len(_FREE)]
        if uid not in running and not _has_a_name(uid):
            return Account(uid, uid)
    raise StartError("There is no account left under which PostgreSQL could run; start as an ordinary user.")


def _has_a_name(uid: int) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwuid(uid))
    with contextlib.suppress(KeyError):
        return bool(grp.getgrgid(uid))
    return False


@dataclass(frozen=True, slots=True)
class Program:
    """`stop` is the signal that asks it to end; it also gets that when this process dies."""

    name: str
    argv: tuple[str, ...]
    stop: signal.Signals = signal.SIGTERM
    account: Account | None = None
    folder: Path = Path("/")  # where it runs; an account of little right can be anywhere only here

    def command(self) -> list[str]:
        """The command line whose process is tied to this one."""
        uid, gid = (self.account.uid, self.account.gid) if self.account else (-1, -1)
        tied = [str(os.getpid()), str(int(self.stop)), str(uid), str(gid)]
        return [sys.executable, "-IS", str(_TETHER), *tied, *self.argv]


def reaches(account: Account | None, path: Path) -> bool:
    """Whether that account may read this file or enter this folder, parents included."""
    test = shutil.which("test") or "/usr/bin/test"
    flag = "-x" if path.is_dir() else "-r"
    program = Program("test", (test, flag, str(path)), account=account)
    return subprocess.run(program.command(), check=False, cwd="/").returncode == 0
