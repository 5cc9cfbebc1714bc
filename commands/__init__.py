"""The command line: every module of this folder that defines `register` is one command of `run.py`.

`register(subparsers)` adds the command's parser and sets `run`, a function of the parsed arguments that does the
work and returns the exit status (None is 0). The first line of the module's docstring, `run.py NAME: what it
does`, is its line in the list of commands. Only the module of the command that was asked for is imported.
The folders in here hold what several commands share.
"""

import argparse
import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Subparsers: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

DEFAULT = "all"
REFUSED = 2  # exit status when something is wrong with how or where we were started


class StartError(Exception):
    """It cannot run here; the text says why in one plain sentence."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; the exit status."""
    known = summaries()
    wanted = next((word for word in arguments if word in known), "")
    chosen = _parser(known, wanted).parse_args(arguments)
    return main([*arguments, DEFAULT]) if chosen.command is None else _run(chosen)


def _run(chosen: argparse.Namespace) -> int:
    import settings  # after parsing: --help needs none of it
    from settings.errors import SettingsError

    try:
        if chosen.settings:
            settings.load(chosen.settings)
        return int(chosen.run(chosen) or 0)
    except (StartError, SettingsError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    except OSError as error:  # a file or folder that was named and cannot be used
        if error.filename is None:
            raise
        print(f"Cannot use {error.filename}: {error.strerror}.", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130


def _parser(known: dict[str, str], wanted: str) -> argparse.ArgumentParser:
    """The whole list of commands, of which only the wanted one knows its own arguments."""
    parser = argparse.ArgumentParser(
        prog="run.py", description="管家 Guanjia. Without a command: start everything on this machine."
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="settings laid over settings.toml")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, summary in known.items():
        if name == wanted:
            importlib.import_module(f"{__name__}.{_module(name)}").register(subparsers)
        else:
            subparsers.add_parser(name, help=summary, add_help=False)
    return parser


def summaries() -> dict[str, str]:
    """Every command and what it does, read from the files without running them."""
    found: dict[str, str] = {}
    for file in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "register" for node in tree.body):
            first, *_ = (ast.get_docstring(tree) or "").splitlines()
            found[file.stem.strip("_").replace("_", "-")] = first.partition(": ")[2].rstrip(".")
    return found


def _module(name: str) -> str:
    """The module of a command: `import` is a word of the language, so its module is `import_`."""
    stem = name.replace("-", "_")
    return stem if (Path(__file__).parent / f"{stem}.py").exists() else f"{stem}_"
