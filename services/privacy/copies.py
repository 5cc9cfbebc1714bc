"""A copy of everything that is kept about a person, for them."""

import asyncio
import zipfile
from collections.abc import Mapping
from pathlib import Path

import orjson

from models.events import SubjectKind
from models.media import MediaFile, MediaStatus
from models.people import Person
from services import events
from services.actors import Actor
from services.delivery import media
from services.errors import NotFound
from services.events import Subject
from services.privacy.holdings import HOLDINGS
from services.scope import Field

PHOTOS = "照片和语音"


async def write(person_id: int, file: Path, folder: Path, *, actor: Actor) -> int:
    """Write the zip, readable by its owner alone, `folder` holding the photos; how many files are in it.

    Who made it is recorded. Raises NotFound, and NotAllowed for staff who may not see all of the company.
    """
    actor.doing(Field.POLICY)
    if not await Person.exists(id=person_id):
        raise NotFound("person.not_found")
    tables = {one.title: rows for one in HOLDINGS if one.title and (rows := await one.rows(person_id))}
    photos = await MediaFile.filter(person_id=person_id, status=MediaStatus.STORED).order_by("id")
    kept = {
        f"{PHOTOS}/{one.id}{_ENDINGS.get(one.mime, '')}": media.path(folder, one.sha256) for one in photos
    }
    await events.record(Subject(SubjectKind.PERSON, person_id), "copied", actor=actor)
    return await asyncio.to_thread(_pack, file, tables, kept)


def _pack(file: Path, tables: Mapping[str, object], kept: Mapping[str, Path]) -> int:
    """A photo whose file is gone is left out."""
    there = {name: path for name, path in kept.items() if path.exists()}
    file.touch(mode=0o600)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for title, rows in tables.items():
            packed.writestr(f"{title}.json", orjson.dumps(rows, default=str, option=orjson.OPT_INDENT_2))
        for name, path in there.items():
            packed.write(path, name)
    return len(tables) + len(there)


_ENDINGS = {"image/jpeg": ".jpg", "audio/amr": ".amr", "audio/mpeg": ".mp3", "video/mp4": ".mp4"}
