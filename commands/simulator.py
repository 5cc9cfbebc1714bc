"""run.py simulator: start WeChat's platform and phones on this machine."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from commands import Subparsers
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "simulator",
        description="Start the simulator for the account in the settings; it pushes to this machine's web process.",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import os
    import sys

    import settings
    from commands.local import ports

    found = settings.load()
    ports.check_free(found.simulator.host, found.simulator.port, "GUANJIA_SIMULATOR__PORT")
    os.chdir(settings.root())
    os.execv(sys.executable, [sys.executable, "-m", "simulator", *_flags(found)])


def _flags(settings: "Settings") -> list[str]:
    """The simulator imports nothing of ours, so that it can be a witness: everything goes by flags."""
    from commands.local import ports, servers

    account = settings.wechat
    flags = {
        "--host": settings.simulator.host,
        "--port": str(settings.simulator.port),
        "--callback": f"{ports.address(settings.web.host, settings.web.port)}/wechat",
        "--app-id": account.app_id,
        "--app-secret": account.app_secret,
        "--token": account.token,
        "--aes-key": account.encoding_aes_key,
        "--mode": account.mode.value,
        "--account": account.account_id,
        "--name": settings.company.name,
        "--state-dir": str(servers.folder() / "simulator"),
    }
    if people_file().exists():
        flags["--people"] = str(people_file())
    return [word for flag in flags.items() for word in flag]


def people_file() -> "Path":
    """Who has a phone in the simulator; written with the demo data."""
    from commands.local import servers

    return servers.folder() / "people.json"
