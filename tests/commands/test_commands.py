"""The command line: what there is, at once, and help for each."""

import subprocess
import sys
from pathlib import Path

import pytest

import commands
import settings

LISTS = """
import sys, commands
try:
    commands.main(["--help"])
finally:
    heavy = {"pydantic", "tortoise", "aiohttp", "numpy", "asyncio"} & set(sys.modules)
    assert not heavy, heavy
"""

NAMES = sorted(commands.summaries())


def run(*words: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, str(settings.root() / "run.py"), *words]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60, cwd=settings.root())


def test_the_list_of_commands_needs_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LISTS], capture_output=True, text=True, check=False, cwd=settings.root()
    )
    assert done.returncode == 0, done.stderr
    assert all(f"    {name} " in done.stdout or f"    {name}\n" in done.stdout for name in NAMES)


def test_what_a_command_writes_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert run("import", "--template", "bills", str(tmp_path / "bills.xlsx")).returncode == 0
    assert (tmp_path / "bills.xlsx").stat().st_mode & 0o077 == 0


def test_every_command_says_in_the_list_what_it_does() -> None:
    assert [name for name, summary in commands.summaries().items() if not summary] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: run.py {name} ")


def test_an_unknown_command_is_refused() -> None:
    done = run("dance")
    assert done.returncode == 2
    assert "invalid choice: 'dance'" in done.stderr


def test_settings_from_a_file_that_is_not_there_are_refused() -> None:
    done = run("--settings", "nowhere.toml", "migrate")
    assert (done.returncode, done.stderr) == (2, "There is no file nowhere.toml to read settings from.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["import", "bills", "--template", "/nowhere/bills.xlsx"],
            "Cannot use /nowhere/bills.xlsx: No such file",
        ),
        (["restore", "nowhere.tar"], "There is no file nowhere.tar."),
        (["bill", "2026-13"], "'2026-13' is no month such as 2026-05"),
        (["tickets", "--limit", "-1"], "'-1' is no number"),
        (["tasks", "--done", "9" * 20], "'99999999999999999999' is no number of a list"),
        (["talks", "9999999999"], "'9999999999' is no number of a list"),
        (["bindings", "--approve", "0"], "'0' is no number of a list"),
        (["scripts", "show", "repair", "--version", "x"], "'x' is no number of a list"),
        (["web", "--port", "99999"], "'99999' is no port; they go from 1 to 65535"),
        (["backup", "docs"], "docs is a folder; name the file to write in it."),
        (["--settings", "docs/images/phone.png", "migrate"], "phone.png is not a text in UTF-8."),
        (["scripts", "reset"], "one of the arguments NAME --all is required"),
        (["scripts", "reset", "--all", "--dry-run", "--version", "2"], "not allowed with argument"),
        (["scripts"], "the following arguments are required: ACTION"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_misuse_is_told_in_a_sentence(words: list[str], sentence: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
