"""The addresses that our processes listen on."""

import errno
import socket

from commands import StartError

_EVERYWHERE = {"0.0.0.0", "::", ""}


def bound(host: str, port: int, setting: str) -> socket.socket:
    """A socket that is bound there but does not listen before its owner is ready to answer.

    Raises StartError naming the setting that would choose another place.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((host, port))
    except OSError as error:
        server.close()
        raise StartError(_reason(error, host, port, setting)) from error
    return server


def check_free(host: str, port: int, setting: str) -> None:
    bound(host, port, setting).close()


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection((here(host), port), timeout=1).close()
    except OSError:
        return False
    return True


def address(host: str, port: int) -> str:
    """The URL under which a browser of this machine finds it."""
    name = here(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def here(host: str) -> str:
    """The name by which this machine reaches what listens on `host`."""
    return "127.0.0.1" if host in _EVERYWHERE else host


def _reason(error: OSError, host: str, port: int, setting: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program; end that or choose another port with {setting}."
    return f"Cannot listen on {host} port {port}: {error.strerror}."
