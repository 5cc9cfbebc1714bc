"""The settings: defaults in settings.toml, an optional file over them, environment over both.

`GUANJIA_<TABLE>__<KEY>` in the environment wins over every file. Whatever is unknown or wrong is refused with
a `SettingsError`, whose text is one plain sentence for the person who starts the program.
What each table holds stands in settings/tables.py.
"""

import os
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.sources import TomlConfigSettingsSource

from settings.errors import PREFIX, SettingsError, refuse_unknown, sentence
from settings.tables import (
    CallbackMode,
    Company,
    Complaints,
    Database,
    Desk,
    FollowUps,
    Human,
    Log,
    MassUse,
    Media,
    Metrics,
    Redis,
    Repairs,
    Retention,
    Simulator,
    Understanding,
    Web,
    Wechat,
    Worker,
    root,
)

__all__ = ["CallbackMode", "Company", "Log", "MassUse", "Settings", "SettingsError", "load", "root", "use"]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    company: Company
    web: Web
    desk: Desk
    database: Database
    redis: Redis
    wechat: Wechat
    understanding: Understanding
    repairs: Repairs
    complaints: Complaints
    follow_ups: FollowUps
    human: Human
    media: Media
    retention: Retention
    metrics: Metrics
    worker: Worker
    simulator: Simulator
    log: Log

    @property
    def public_url(self) -> str:
        """Where people's phones reach the web process; without a word for it, this machine."""
        return self.web.public_url.rstrip("/") or f"http://{self.web.host}:{self.web.port}"

    @property
    def wechat_api_url(self) -> str:
        """The platform's address: the configured one, or the simulator of this machine."""
        return self.wechat.api_url.rstrip("/") or f"http://{self.simulator.host}:{self.simulator.port}"

    @property
    def simulated(self) -> bool:
        """Whether the simulator is to run: never beside a real account, whose secrets it would sign pushes with."""
        return self.simulator.enabled and not self.real_account

    @property
    def real_account(self) -> bool:
        """Whether the platform's address is somewhere else than on this machine."""
        host = urlsplit(self.wechat.api_url).hostname or ""
        return bool(self.wechat.api_url) and host not in ("localhost", "127.0.0.1", "::1")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        files = [TomlConfigSettingsSource(settings_cls, toml_file=file) for file in reversed(_files.names)]
        return (init_settings, env_settings, *files)


class _Files:
    """The files that the next `Settings()` reads, later ones winning: pydantic-settings takes no argument."""

    names: tuple[Path, ...] = (root() / "settings.toml",)


class _Process:
    """What `load()` answers once it is known."""

    settings: Settings | None = None


_files = _Files()
_process = _Process()


def load(path: Path | None = None) -> Settings:
    """The settings of this process, read once; `path` is laid over settings.toml. Raises SettingsError."""
    if _process.settings is None or path is not None:
        use(_read(path))
    assert _process.settings
    return _process.settings


def use(settings: Settings) -> None:
    """Make these the settings of this process: what `load()` answers from now on."""
    _process.settings = settings


# What the demo's account has in settings.toml, and what the simulator takes for itself when it is started by hand.
# Written here as well, for whoever has an account of their own may write it into that very file.
_KNOWN_TO_ALL = frozenset(
    {
        "gh_7a1c5e0d9b24",
        "wx4d2f8a6c1e7b9035",
        "0f3b7d1a59c84e26a7d0c3f18b5e6942",
        "guanjia-demo",
        "Z3VhbmppYS1kZW1vLWFlcy1rZXktMzItYnl0ZXMhISE",
        "gh_5e0c3b7a91d2",
        "wx5e0c3b7a91d24f68",
        "0123456789abcdef0123456789abcdef",
        "guanjia",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    }
)


def refuse_known_secrets(settings: Settings) -> None:
    """A real account with the demo's or the simulator's own secrets would take pushes from anybody."""
    if not settings.real_account:
        return
    for key in ("account_id", "app_id", "app_secret", "token", "encoding_aes_key"):
        if getattr(settings.wechat, key) in _KNOWN_TO_ALL:
            raise SettingsError(
                f"{PREFIX}WECHAT__{key.upper()} is the demo's, which everybody knows; "
                f"{settings.wechat.api_url} needs the account's own."
            )


def _read(path: Path | None) -> Settings:
    if path and not path.is_file():
        raise SettingsError(f"There is no file {path} to read settings from.")
    own = root() / "settings.toml"
    _files.names = (own, path) if path else (own,)
    refuse_unknown(os.environ, Settings)
    try:
        found = Settings()
        refuse_known_secrets(found)
        return found
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{_files.names[-1]} is not valid TOML: {error}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{_files.names[-1]} is not a text in UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"Cannot read {error.filename}: {error.strerror}.") from error
    except ValidationError as error:
        raise SettingsError(sentence(error.errors()[0], Settings, _files.names)) from error
