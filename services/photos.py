"""Which of the photos that people sent are photos: one that never came or could not be opened is none."""

from collections.abc import Iterable

from tortoise.expressions import Q

from models.media import MediaFile, MediaStatus

KEPT = ~Q(media__status=MediaStatus.FAILED)  # of rows that attach a photo to something


async def lost(media_ids: Iterable[int]) -> set[int]:
    """Those of them that were given up; the person was told."""
    asked = list(media_ids)
    if not asked:
        return set()
    failed = await MediaFile.filter(id__in=asked, status=MediaStatus.FAILED).only("id")
    return {one.id for one in failed}


async def kept(media_ids: Iterable[int]) -> list[int]:
    """The others, each once, as they came in: those that are still being fetched too."""
    asked = sorted(set(media_ids))
    gone = await lost(asked)
    return [one for one in asked if one not in gone]
