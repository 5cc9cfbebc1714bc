"""Files of others that browsers get: which package, version and licence, and the hash of each file.

They are kept here so that nothing is built or fetched at installation and no page asks a foreign server.
"""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from handlers.web.assets import FOLDER

VENDOR = FOLDER / "vendor"
LIST = VENDOR / "packages.json"


@dataclass(frozen=True, slots=True)
class Package:
    """`files`: the name kept here, below the folder, by the path inside the package. The licence is one of them."""

    folder: str
    name: str
    version: str
    licence: str
    files: dict[str, str]


def packages() -> list[Package]:
    return [Package(**one) for one in json.loads(LIST.read_text("utf-8"))["packages"]]


def hashes() -> dict[str, str]:
    """The hash that each file has to have, by its path below the vendor folder."""
    found: dict[str, str] = json.loads(LIST.read_text("utf-8"))["sha256"]
    return found


def found() -> dict[str, str]:
    """The hashes of the files that are there."""
    return {
        path.relative_to(VENDOR).as_posix(): _hash(path.read_bytes())
        for path in sorted(VENDOR.rglob("*"))
        if path.is_file() and path != LIST
    }


def fetch(*, write: bool) -> list[str]:
    """Get every package from npm; the files that differ from what is kept. `write` keeps the fetched ones."""
    fetched = {f"{one.folder}/{name}": body for one in packages() for name, body in _fetched(one).items()}
    if write:
        for name, body in fetched.items():
            (VENDOR / name).parent.mkdir(parents=True, exist_ok=True)
            (VENDOR / name).write_bytes(body)
        listed = json.loads(LIST.read_text("utf-8")) | {"sha256": found()}
        LIST.write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", "utf-8")
    kept = found()
    return sorted(
        name for name in fetched.keys() | kept.keys() if _hash(fetched.get(name, b"")) != kept.get(name)
    )


def _fetched(package: Package) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{package.name}@{package.version}"
        subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, capture_output=True)
        [archive] = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as opened:
            return {name: _read(opened, path) for path, name in package.files.items()}


def _read(opened: tarfile.TarFile, path: str) -> bytes:
    member = opened.extractfile(f"package/{path}")
    if member is None:
        raise FileNotFoundError(path)
    return member.read()


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
