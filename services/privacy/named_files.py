"""Which stored files some row still names: what people sent, and pictures that the company shows or sends."""

from collections.abc import Sequence

from models.media import MediaFile

_SENT = "SELECT sha256 FROM media_file WHERE sha256 = ANY($1::text[])"
# Few, and found by looking through their tables: asked only of what nobody sent.
_SHOWN = """
SELECT sha256 FROM unnest($1::text[]) AS sha256 WHERE sha256 IN (
    SELECT picture FROM activity UNION ALL SELECT picture FROM article
    UNION ALL SELECT picture FROM merchant UNION ALL SELECT picture FROM notice
    UNION ALL SELECT unnest(images) FROM canned_reply
    UNION ALL SELECT part ->> 'image' FROM held_reply, jsonb_array_elements(reply -> 'parts') AS part
        WHERE part ->> 'image' IS NOT NULL
    UNION ALL SELECT payload -> 'reply' ->> 'image' FROM outbox WHERE payload -> 'reply' ->> 'image' IS NOT NULL
)
"""


async def of(hashes: Sequence[str]) -> set[str]:
    """Those of them that are still needed."""
    sent = await _ask(_SENT, hashes)
    rest = [one for one in hashes if one not in sent]
    return sent | (await _ask(_SHOWN, rest) if rest else set())


async def _ask(query: str, hashes: Sequence[str]) -> set[str]:
    rows = await MediaFile._meta.db.execute_query_dict(query, [list(hashes)])
    return {row["sha256"] for row in rows}
