"""The embedded Redis: wake-ups and counters only, so nothing of it is kept on disk."""

import socket
from pathlib import Path

from commands.local.home import Home
from commands.local.program import Program


def url(home: Home, database: int = 0) -> str:
    return f"unix://{_socket(home)}?db={database}"


def program(home: Home) -> Program:
    options = {
        "port": "0",
        "unixsocket": str(_socket(home)),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "loglevel": "warning",
        "dir": str(home.data),
        "databases": "64",
    }
    flags = (word for key, value in options.items() for word in (f"--{key}", value))
    return Program("redis", (str(home.redis_server), *flags), account=home.account)


def ready(home: Home) -> bool:
    return _ask(home, b"PING") == b"+PONG"


def end_left_over(home: Home) -> None:
    """Where the system does not end an orphaned server by itself, ask it to."""
    _ask(home, b"SHUTDOWN NOSAVE")


def _ask(home: Home, command: bytes) -> bytes:
    """The server's answer; nothing when there is no server or it closes instead."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(_socket(home)))
            client.sendall(command + b"\r\n")
            return client.recv(64).strip()
        except OSError:
            return b""


def _socket(home: Home) -> Path:
    return home.sockets / "redis.sock"
