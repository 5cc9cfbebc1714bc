"""A program to run as a child of this process, and the account it runs under."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int


def service_account() -> Account | None:
    """Who runs the servers: nobody in place of root, whom PostgreSQL refuses; None for an ordinary user."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


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
