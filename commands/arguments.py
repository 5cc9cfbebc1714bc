"""Kinds of arguments that several commands take; argparse names the argument when one of these refuses."""

import argparse

_MOST = 2**31 - 1  # of a row's number in the database
_LAST_PORT = 65535


def number(said: str) -> int:
    """The number of a row, as a list shows it."""
    return _whole(said, 1, _MOST, "is no number of a list")


def count(said: str) -> int:
    return _whole(said, 0, _MOST, "is no number")


def port(said: str) -> int:
    return _whole(said, 1, _LAST_PORT, f"is no port; they go from 1 to {_LAST_PORT}")


def _whole(said: str, least: int, most: int, otherwise: str) -> int:
    if said.isascii() and said.isdecimal() and len(said) <= 10 and least <= int(said) <= most:
        return int(said)
    raise argparse.ArgumentTypeError(f"{said!r} {otherwise}")
