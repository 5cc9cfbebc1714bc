"""The whole program in a folder of its own, as a fresh clone has it, run as a person runs it."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

import settings
from commands.local import home, postgres
from commands.local.servers import Server, started, wait_until
from tests.world import folders, running

OWN = ("run.py", "settings.toml")
READY = "已启动"
LEARNED = (
    settings.root() / "var" / "understanding",
    settings.root() / ".pytest_cache" / "d" / "understanding",
)


@dataclass(slots=True)
class Project:
    folder: Path
    web_port: int
    simulator_port: int
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A command, to its end."""
        return subprocess.run(
            self._argv(*words),
            env=self._environment(variables),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """A command that goes on; what it prints is in `said()`."""
        with self._output.open("w") as output:
            process = subprocess.Popen(
                self._argv(*words), env=self._environment(variables), stdout=output, stderr=output, text=True
            )
        self.running.append(process)
        return process

    def start_all(self) -> subprocess.Popen[str]:
        process = self.start()
        wait_until(lambda: READY in self.said() or process.poll() is not None, "it is not ready", seconds=120)
        assert process.poll() is None, self.said()
        return process

    @property
    def supervisor(self) -> subprocess.Popen[str]:
        """What was started last."""
        return self.running[-1]

    @property
    def runs(self) -> bool:
        return any(process.poll() is None for process in self.running)

    def said(self) -> str:
        return self._output.read_text("utf-8")

    def processes(self) -> dict[str, psutil.Process]:
        """What of this project runs, by name, but for the supervisor."""
        return {name: one for one in psutil.process_iter() if (name := self._name(one))}

    def end(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        self.running.clear()

    def _name(self, process: psutil.Process) -> str:
        """web, worker, simulator, postgres or redis; nothing for any other process."""
        try:
            words: list[str] = process.cmdline()
        except psutil.Error:  # it is gone
            return ""
        line = " ".join(words)
        if str(self.folder) not in line and str(self.simulator_port) not in words:
            return ""
        if words[-1] in ("web", "worker"):
            return words[-1]
        marks = {"simulator": "-m simulator ", "postgres": "/postgres -D ", "redis": "redis-server "}
        return next((name for name, mark in marks.items() if mark in line), "")

    @property
    def _output(self) -> Path:
        return self.folder / "said.txt"

    def _argv(self, *words: str) -> list[str]:
        return [sys.executable, str(self.folder / "run.py"), *words]

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        ports = {"GUANJIA_WEB__PORT": self.web_port, "GUANJIA_SIMULATOR__PORT": self.simulator_port}
        return {**os.environ, **{name: str(port) for name, port in ports.items()}, **variables}


@contextlib.contextmanager
def copy(web_port: int, simulator_port: int, *, schemas: Path | None = None) -> Iterator[Project]:
    """`schemas` is where a test run keeps its schema: then the first start finds its tables made."""
    with folders.made("project") as folder:
        _fill(folder)
        project = Project(folder, web_port, simulator_port)
        try:
            if schemas:
                _make_tables(folder, schemas)
            yield project
        finally:
            project.end()


def _fill(folder: Path) -> None:
    for name in OWN:
        shutil.copy(settings.root() / name, folder)
    shutil.copytree(settings.root() / "settings", folder / "settings")  # its place says where the project is
    for room in (path.parent for path in settings.root().glob("*/__init__.py")):
        if room.name != "settings":
            (folder / room.name).symlink_to(room)
    for learned in (
        place for place in LEARNED if place.exists()
    ):  # learning takes seconds, and is tried elsewhere
        shutil.copytree(learned, folder / "var" / "understanding", copy_function=_link, dirs_exist_ok=True)


def _link(source: str, target: str) -> None:
    """A model is megabytes, and there is one for each state of the examples that this folder has seen."""
    if not os.path.lexists(target):
        Path(target).symlink_to(source)


def _make_tables(folder: Path, schemas: Path) -> None:
    place = home.prepare(folder / "var")
    postgres.initialise(place)
    server = Server(postgres.program(place), lambda: postgres.ready(place))
    with started([server]):
        running.in_thread(running.make_tables(running.at(settings.load(), postgres.url(place)), schemas))
