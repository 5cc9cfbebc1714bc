"""run.py menu: push the account's menu to the platform."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from settings import Settings


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "menu",
        description="Replace the account's menu by the one in dialogs/menu.yaml. Phones show it within minutes.",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    import asyncio

    import settings
    from commands.local import servers

    with servers.reachable(settings.load()) as found:
        print(asyncio.run(push(found)))


async def push(settings: "Settings") -> str:
    """What was pushed, in one line. Raises StartError when the platform refuses or cannot be reached."""
    from redis.asyncio import Redis

    from commands.office.platform import refused
    from dialogs import shipped
    from wechat import menus
    from wechat.errors import ApiError
    from wechat.platform import connect

    buttons = shipped.menu()
    redis = Redis.from_url(settings.redis.url)
    try:
        async with connect(settings.wechat, settings.wechat_api_url, redis) as platform:
            await platform.create_menu(menus.body(buttons))
    except ApiError as fault:
        raise refused("The menu was not pushed", settings.wechat_api_url, fault) from fault
    finally:
        await redis.aclose()
    return "The menu has " + ", ".join(button.name for button in buttons) + "."
