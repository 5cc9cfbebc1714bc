"""run.py qr: make the QR codes of a community, its houses and its technicians to print."""

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from commands.printing.codes import Code
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "qr",
        description="Ask the platform for the codes and write pictures and a sheet to print.",
    )
    parser.add_argument("--community", required=True, metavar="CODE", help="for example c:qinghe")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder for the pictures and the sheet"
    )
    parser.add_argument("--houses", action="store_true", help="a code for every house, too")
    parser.add_argument("--technicians", action="store_true", help="the invites of its technicians, too")
    parser.add_argument("--staff", action="store_true", help="the invites of the company's staff, too")
    parser.add_argument(
        "--scenes", action="store_true", help="the codes hold the bare scenes: the platform is not asked"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    session.run(lambda: _make(chosen))


async def _make(chosen: argparse.Namespace) -> None:
    """Raises StartError when there is no such community or the platform refuses."""
    import settings

    found = settings.load()
    title, codes = await scenes_of(chosen.community, houses=chosen.houses, technicians=chosen.technicians)
    codes += await _of_staff() if chosen.staff else []
    if not chosen.scenes:
        codes = await _from_platform(found, codes)
    write(codes, chosen.out, company=found.company.name, title=title)


def write(codes: "list[Code]", folder: Path, *, company: str, title: str) -> None:
    from commands.printing import codes as printing

    sheet = printing.write(folder, codes, company=company, title=title)
    print(f"{len(codes)} codes; print {sheet}")


async def scenes_of(community: str, *, houses: bool, technicians: bool) -> "tuple[str, list[Code]]":
    """The community's name, and its codes with the scene as content."""
    from commands.office import places
    from commands.printing.codes import Code
    from services.actors import OPERATOR
    from services.company import invites
    from services.scope import COMPANY

    found = await places.community(community, COMPANY)
    codes = [Code("community", found.name, found.code, large=True)]
    if houses:
        rows = await invites.houses(found.id, actor=OPERATOR)
        codes += [Code(row.name, row.name, row.scene) for row in rows]
    if technicians:
        people = await invites.technicians(found.id, actor=OPERATOR)
        codes += [Code(f"technician-{row.id}", f"{row.name} 加入", row.scene) for row in people]
    return found.name, codes


async def _of_staff() -> "list[Code]":
    from commands.printing.codes import Code
    from services.actors import OPERATOR
    from services.company import invites

    rows = await invites.staff(actor=OPERATOR)
    return [Code(f"staff-{row.id}", f"{row.name} 加入", row.scene) for row in rows]


async def asked(codes: "list[Code]", ask: Callable[[str], Awaitable[str]]) -> "list[Code]":
    """The same codes holding what `ask` answers for their scenes."""
    return [replace(code, content=await ask(code.content)) for code in codes]


async def _from_platform(settings: "Settings", codes: "list[Code]") -> "list[Code]":
    from redis.asyncio import Redis

    from commands.office.platform import refused
    from wechat.errors import ApiError
    from wechat.platform import connect

    async with (
        Redis.from_url(settings.redis.url) as redis,
        connect(settings.wechat, settings.wechat_api_url, redis) as platform,
    ):
        try:
            return await asked(codes, platform.create_qrcode)
        except ApiError as error:
            raise refused("The platform made no codes", settings.wechat_api_url, error) from error
