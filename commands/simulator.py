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
    from commands import StartError
    from commands.local import ports

    found = settings.load()
    if found.real_account:
        raise StartError(
            "The account in the settings is a real one: its secrets are not for the simulator. "
            "Leave out GUANJIA_WECHAT__API_URL to try things with the simulator's account."
        )
    _write_templates(found)
    ports.check_free(found.simulator.host, found.simulator.port, "GUANJIA_SIMULATOR__PORT")
    os.chdir(settings.root())
    command = [sys.executable, "-m", "simulator", *_flags(found)]
    os.execve(sys.executable, command, os.environ | _secrets(found))


def _secrets(settings: "Settings") -> dict[str, str]:
    """By environment, for everybody on the machine can read a process's flags."""
    account = settings.wechat
    return {
        "SIMULATOR_APP_SECRET": account.app_secret,
        "SIMULATOR_TOKEN": account.token,
        "SIMULATOR_AES_KEY": account.encoding_aes_key,
    }


def _flags(settings: "Settings") -> list[str]:
    """The simulator imports nothing of ours, so that it can be a witness: everything goes by flags."""
    from commands.local import ports, servers

    account = settings.wechat
    flags = {
        "--host": settings.simulator.host,
        "--port": str(settings.simulator.port),
        "--callback": f"{ports.address(settings.web.host, settings.web.port)}/wechat",
        "--app-id": account.app_id,
        "--mode": account.mode.value,
        "--account": account.account_id,
        "--name": settings.company.name,
        "--state-dir": str(servers.folder() / "simulator"),
        "--templates": str(_templates_file()),
    }
    if people_file().exists():
        flags["--people"] = str(people_file())
    return [word for flag in flags.items() for word in flag]


def _write_templates(settings: "Settings") -> None:
    """The template messages that the account in the settings has."""
    import json

    from bot.scripts import templates
    from settings import root

    kinds = templates.load(root() / "dialogs" / "templates.yaml")
    ids = {kind: one.id for kind, one in settings.wechat.templates.items() if one.id and kind in kinds}
    told = [
        {"template_id": number, "title": kinds[kind].title, "content": kinds[kind].content}
        for kind, number in ids.items()
    ]
    _templates_file().parent.mkdir(parents=True, exist_ok=True)
    _templates_file().write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _templates_file() -> "Path":
    from commands.local import servers

    return servers.folder() / "templates.json"


def people_file() -> "Path":
    """Who has a phone in the simulator; written with the demo data."""
    from commands.local import servers

    return servers.folder() / "people.json"
