"""Writing a backup."""

import io
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import orjson

from commands.archive import client
from services.delivery.media import HALF
from settings import Settings

DUMP = "database.dump"
MEDIA = "media"
LABEL = "guanjia.json"


def write(settings: Settings, file: Path) -> None:
    """A backup of the database at one instant, then of the photos, which are only ever added.

    The file is readable by its owner alone, and is there whole or not at all.
    """
    with tempfile.TemporaryDirectory(prefix="backup-", dir=file.resolve().parent) as folder:
        dump, half = Path(folder, DUMP), Path(folder, "backup.tar")
        client.on_database(
            "pg_dump", "--format=custom", "--no-owner", f"--file={dump}", url=settings.database.url
        )
        with tarfile.open(half, "w") as tar:
            _add_label(tar)
            tar.add(dump, DUMP)
            if settings.media.dir.exists():
                tar.add(settings.media.dir, MEDIA, filter=_whole)
        half.chmod(0o600)
        half.replace(file)


def _whole(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Not what a worker is writing just now, nor what a restore unpacks."""
    name = entry.name.rpartition("/")[2]
    return None if name.endswith(HALF) or name.startswith(".restore-") else entry


def _add_label(tar: tarfile.TarFile) -> None:
    text = orjson.dumps(
        {"program": "guanjia", "format": 1, "made": datetime.now(UTC).isoformat(timespec="seconds")}
    )
    entry = tarfile.TarInfo(LABEL)
    entry.size = len(text)
    tar.addfile(entry, io.BytesIO(text))
