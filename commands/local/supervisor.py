"""Everything on one machine: the servers, then web, worker and simulator, kept alive until told to end."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from commands import StartError
from commands.local import home, ports, servers
from commands.local.child import Child
from commands.local.lock import holder, only_one
from commands.local.program import Program
from settings import Settings, root

# As services/demo fills them in; this process imports no tables.
DEMO_LOGINS = "xu、tang（客服） gao（工程主管） leader（领导） admin（管理员）"
DEMO_PASSWORD = "guanjia-demo"
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class Installation:
    settings: Settings
    settings_file: Path | None
    demo: bool  # fill an empty database
    children: list[Child] = field(default_factory=list)

    async def start(self) -> None:
        """Returns when residents can write. Raises StartError, with what already runs in `children`."""
        self._check_ports()
        await self._start_servers()
        await asyncio.gather(self._migrate(), self._learn())
        await self._start_parts()

    async def end(self) -> None:
        """The parts that lean on the servers end first."""
        parts = [child for child in self.children if not child.quiet]
        await asyncio.gather(*(child.end() for child in parts))
        await asyncio.gather(*(child.end() for child in self.children if child not in parts))

    def _check_ports(self) -> None:
        web, simulator = self.settings.web, self.settings.simulator
        ports.check_free(web.host, web.port, "GUANJIA_WEB__PORT")
        if self.settings.simulated:
            ports.check_free(simulator.host, simulator.port, "GUANJIA_SIMULATOR__PORT")

    async def _start_servers(self) -> None:
        place = home.prepare(servers.folder())
        wanted = servers.prepared(place, servers.needed(self.settings, place))
        self.settings = servers.with_urls(self.settings, place)
        children = [(self._child(server.program, quiet=True), server.ready) for server in wanted]
        await asyncio.gather(*(child.start(ready) for child, ready in children))

    async def _migrate(self) -> None:
        """In a process of its own: this one stays small and imports no tables."""
        await self._do("migrate", *(["--demo"] if self.demo else []))

    async def _learn(self) -> None:
        """The first start learns to understand, for seconds: beside the migrations rather than after them."""
        if not (servers.folder() / "understanding").exists():
            await self._do("understand")  # of an empty input

    async def _do(self, *words: str) -> None:
        child = self._child(self._own(*words))
        await child.once()
        self.children.remove(child)

    async def _start_parts(self) -> None:
        web = self.settings.web
        starting = [
            self._start_part("web", lambda: ports.answers(web.host, web.port)),
            self._start_part("worker", lambda: True),  # it listens nowhere
        ]
        if self.settings.simulated:
            starting.append(self._start_simulator())
        await asyncio.gather(*starting)

    async def _start_simulator(self) -> None:
        """Its phones show the menu. A real account's is pushed by hand, when somebody means to."""
        simulator = self.settings.simulator
        await self._start_part("simulator", lambda: ports.answers(simulator.host, simulator.port))
        if not self.settings.wechat.api_url:
            await self._do("menu")

    async def _start_part(self, name: str, ready: Callable[[], bool]) -> None:
        await self._child(self._own(name)).start(ready)

    def _own(self, *words: str) -> Program:
        """One of our own commands as a process."""
        flags = ["--settings", str(self.settings_file.resolve())] if self.settings_file else []
        return Program(words[0], (sys.executable, str(root() / "run.py"), *flags, *words), folder=root())

    def _child(self, program: Program, *, quiet: bool = False) -> Child:
        urls = {
            "GUANJIA_DATABASE__URL": self.settings.database.url,
            "GUANJIA_REDIS__URL": self.settings.redis.url,
        }
        child = Child(program, self._show, environment=urls, quiet=quiet)
        self.children.append(child)
        return child

    def _show(self, name: str, line: str) -> None:
        """A line of a child; one for a log collector stays as it is."""
        print(line if self.settings.log.format == "json" else f"{name:<9} | {line}", flush=True)


async def run(settings: Settings, settings_file: Path | None, *, demo: bool) -> None:
    """Run everything until SIGINT or SIGTERM; nothing of it is left afterwards."""
    with only_one(servers.folder()) as alone:
        if not alone:
            raise StartError(f"管家 already runs in this folder, as process {holder(servers.folder())}.")
        await _run(Installation(settings, settings_file, demo))


async def _run(installation: Installation) -> None:
    told = _told_to_end()
    began = time.monotonic()
    starting = asyncio.create_task(installation.start())
    waiting = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            took = time.monotonic() - began
            print(welcome(installation.settings, took, demo=installation.demo), flush=True)
            await waiting
    finally:
        starting.cancel()
        waiting.cancel()
        await installation.end()


def _told_to_end() -> asyncio.Event:
    told = asyncio.Event()
    for number in _ENDS:
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told


def _demo_logins(settings: Settings, *, demo: bool) -> list[str]:
    """Whom the demo lets in: nobody on a real account."""
    if not (demo and settings.simulated):
        return []
    return [f"演示账号 logins  {DEMO_LOGINS}，密码都是 {DEMO_PASSWORD}"]


def welcome(settings: Settings, seconds: float, *, demo: bool) -> str:
    web = ports.address(settings.web.host, settings.web.port)
    lines = [f"管家 Guanjia 已启动，用时 {seconds:.1f} 秒 (ready)"]
    if settings.simulated:
        phone = ports.address(settings.simulator.host, settings.simulator.port)
        lines.append(f"手机 phone       {phone}/")
    lines += [
        f"客服台 desk      {web}/desk",
        *_demo_logins(settings, demo=demo),
        f"回调 callback    {web}/wechat",
        f"健康 health      {web}/readyz",
        "按 Ctrl-C 结束 (ends everything)",
    ]
    return "\n".join(["", *(f"  {line}" for line in lines), ""])
