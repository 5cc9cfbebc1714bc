"""run.py rights: the table of who may see and do what on the pages of staff."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "rights", description="Print who may see and do what on the pages of staff, as in docs/rights.md."
    )
    parser.add_argument("--write", action="store_true", help="write docs/rights.md instead")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import settings
    from handlers.web import app, matrix

    table = matrix.document(app.ROUTES)
    if chosen.write:
        (settings.root() / "docs" / "rights.md").write_text(table, "utf-8")
    else:
        print(table, end="")
