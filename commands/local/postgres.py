"""The embedded PostgreSQL: one cluster, reached only through a private socket."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psutil

from commands import StartError
from commands.local.home import Home, named
from commands.local.program import Program

NAME = "guanjia"  # of the role and of the database
NAME_OF_PROGRAM = "postgres"
_PORT = "5432"  # only names the socket; nothing listens on the network


def url(home: Home, database: str = NAME) -> str:
    return f"postgresql://{NAME}@/{database}?host={quote(str(home.sockets), safe='/')}"


def program(home: Home, *, durable: bool = True) -> Program:
    """The server; `durable=False` gives up crash safety for speed, for tests."""
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(home.sockets),
        "unix_socket_permissions": "0700",
        "port": _PORT,
        "max_connections": "200",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",  # statements carry what residents wrote
        "log_checkpoints": "off",
        "logging_collector": "off",
    }
    if not durable:
        options |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "max_wal_size": "128MB",
        }
    flags = (word for key, value in options.items() for word in ("-c", f"{key}={value}"))
    argv = (str(home.postgres / "postgres"), "-D", str(_cluster(home)), *flags)
    return Program(NAME_OF_PROGRAM, argv, signal.SIGINT, home.account)  # SIGINT does not wait for clients


def initialise(home: Home) -> None:
    """Make the cluster if there is none; an interrupted attempt leaves none."""
    cluster = _cluster(home)
    _check_version(home, cluster)
    if cluster.exists():
        return
    half = cluster.with_name("postgres.new")
    shutil.rmtree(half, ignore_errors=True)
    with named(home) as place:
        _run(place, "initdb", "-D", str(half), "-U", NAME, "-A", "trust", "-E", "UTF8",
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions")  # fmt: skip
        _run(place, "postgres", "--single", "-D", str(half), "postgres", text=f"CREATE DATABASE {NAME};\n")
    half.rename(cluster)


def ready(home: Home) -> bool:
    """Whether the server takes connections; it writes so into its pid file."""
    lines = _pid_lines(home)
    return len(lines) > 7 and lines[7].strip() == "ready" and psutil.pid_exists(int(lines[0]))


def left_over(home: Home) -> int | None:
    """Process id of a server that an earlier run left on these data; a pid file of another's process is removed."""
    lines = _pid_lines(home)
    if not lines or not psutil.pid_exists(int(lines[0])):
        return None  # PostgreSQL clears such a file itself
    if _is_ours(home, int(lines[0])):
        return int(lines[0])
    _pid_file(home).unlink(missing_ok=True)  # the number went to another process: PostgreSQL would refuse
    return None


def _cluster(home: Home) -> Path:
    return home.data / "postgres"


def _pid_file(home: Home) -> Path:
    return _cluster(home) / "postmaster.pid"


def _pid_lines(home: Home) -> list[str]:
    try:
        return _pid_file(home).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []


def _is_ours(home: Home, pid: int) -> bool:
    try:
        return str(_cluster(home)) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def _check_version(home: Home, cluster: Path) -> None:
    """A cluster belongs to one major version, which PostgreSQL records in it."""
    recorded = cluster / "PG_VERSION"
    if not recorded.exists():
        return
    shown = _run(home, "postgres", "--version").split()[-1]
    if shown.split(".")[0] != recorded.read_text().strip():
        raise StartError(
            f"The data in {cluster} are of PostgreSQL {recorded.read_text().strip()}, the installed one is {shown}: "
            "back up with the old version and restore with the new."
        )


def _run(home: Home, name: str, *arguments: str, text: str = "") -> str:
    argv = (str(home.postgres / name), *arguments)
    command = Program(name, argv, account=home.account).command()
    done = subprocess.run(
        command, check=False, cwd=home.data, input=text, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={"PATH": os.defpath, "LC_ALL": "C"},
    )  # fmt: skip
    if done.returncode:
        raise StartError(f"{name} of the embedded PostgreSQL failed: {done.stdout.strip()[-500:]}")
    return done.stdout
