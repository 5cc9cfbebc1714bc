"""python -m simulator: the platform and the phones on one port."""

import argparse
import logging
import os
import sys
from pathlib import Path

from aiohttp import web

from simulator.app import create_app
from simulator.config import Config, MenuIds, Mode

_BETTER = "better in the environment, as SIMULATOR_ and this name: flags can be read by everybody"
_GRACE_S = 1.0  # at the end, for calls that a fault holds up


def _parser() -> argparse.ArgumentParser:
    default = Config()
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default=default.host)
    parser.add_argument("--port", type=int, default=default.port)
    parser.add_argument("--callback", default=default.callback, help="the account's callback address")
    parser.add_argument("--app-id", default=default.app_id)
    parser.add_argument(
        "--app-secret", default=os.environ.get("SIMULATOR_APP_SECRET", default.app_secret), help=_BETTER
    )
    parser.add_argument(
        "--token",
        default=os.environ.get("SIMULATOR_TOKEN", default.token),
        help=f"the token that signs pushes; {_BETTER}",
    )
    parser.add_argument(
        "--aes-key",
        default=os.environ.get("SIMULATOR_AES_KEY", default.aes_key),
        help=f"the EncodingAESKey, 43 characters; {_BETTER}",
    )
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=default.mode)
    parser.add_argument("--account", default=default.account, help="the account's original id, gh_...")
    parser.add_argument("--name", default=default.account_name, help="the account's name on the phone")
    parser.add_argument("--public-url", default="", help="the address put into PicUrl")
    parser.add_argument("--push-timeout", type=float, default=default.push_timeout, help="seconds")
    parser.add_argument("--state-dir", type=Path, help="keep phones and files here over restarts")
    parser.add_argument(
        "--menu-ids",
        type=MenuIds,
        choices=list(MenuIds),
        default=default.menu_ids,
        help="what comes back of a tapped option's id",
    )
    parser.add_argument("--templates", type=Path, help="JSON list of the account's templates")
    parser.add_argument("--people", type=Path, help="JSON list of people to add at start")
    return parser


def _config(args: argparse.Namespace) -> Config:
    return Config(
        host=args.host,
        port=args.port,
        callback=args.callback,
        app_id=args.app_id,
        app_secret=args.app_secret,
        token=args.token,
        aes_key=args.aes_key,
        mode=args.mode,
        account=args.account,
        account_name=args.name,
        public_url=args.public_url,
        push_timeout=args.push_timeout,
        state_dir=args.state_dir,
        people_file=args.people,
        templates_file=args.templates,
        menu_ids=args.menu_ids,
    )


def main() -> int:
    config = _config(_parser().parse_args())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        app = create_app(config)
        web.run_app(
            app, host=config.host, port=config.port, access_log=None, print=None, shutdown_timeout=_GRACE_S
        )
    except (ValueError, OSError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
