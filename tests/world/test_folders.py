"""Folders in memory: what a killed run left is cleared away, what another runs in stays."""

import subprocess
import sys
from pathlib import Path

import pytest

import settings
from tests.world import folders

_HOLDS = """
import sys
from pathlib import Path
from tests.world import folders
folders._MEMORY, folders._ROOM = Path(sys.argv[1]), 0
with folders.made("test") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(folders, "_MEMORY", tmp_path)
    monkeypatch.setattr(folders, "_ROOM", 0)
    return tmp_path


def test_one_is_gone_with_its_context(memory: Path) -> None:
    with folders.made("test") as folder:
        assert folder.parent == memory
        assert folder.stat().st_mode & 0o777 == 0o711
    assert list(memory.iterdir()) == []


def test_what_a_killed_process_left_is_cleared_away_and_no_more(memory: Path) -> None:
    foreign = memory / "others"
    foreign.mkdir()
    with folders.made("project") as kept:
        argv = [sys.executable, "-c", _HOLDS, str(memory)]
        other = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.root()
        )
        assert other.stdout
        left = Path(other.stdout.readline().strip())
        with folders.made("test") as own:
            assert {left, own, kept, foreign} == set(memory.iterdir())
        other.kill()
        other.communicate()
        with folders.made("test") as own:
            assert {own, kept, foreign} == set(memory.iterdir())


def test_without_room_it_lies_where_all_temporary_folders_do(
    memory: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setattr(folders, "_ROOM", 1 << 62)
    monkeypatch.setattr(folders.tempfile, "tempdir", str(elsewhere))
    with folders.made("test") as folder:
        assert folder.parent == elsewhere
    assert list(elsewhere.iterdir()) == []
