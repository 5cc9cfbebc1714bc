"""run.py vendor: fetch the files of others that browsers get, and compare them with what is kept here."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "vendor",
        description="Fetch the packages that handlers/static/vendor/packages.json names from npm (which must be "
        "installed), at exactly those versions, and compare their files with the ones kept here.",
    )
    parser.add_argument("--write", action="store_true", help="replace the files and note their hashes")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands import StartError
    from handlers.web import vendored

    if chosen.write:
        vendored.fetch(write=True)
    if different := vendored.fetch(write=False):
        raise StartError(f"Not as npm has them: {', '.join(different)}.")
    print("Every vendored file is as npm has it.")
