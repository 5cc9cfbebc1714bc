"""Replies as rows of the database keep them."""

from typing import Any, cast

from bot.values import Article, Option, Plain, Reply


def _option_row(option: Option) -> dict[str, Plain]:
    row: dict[str, Plain] = {"text": option.text, "id": option.id}
    if option.number:
        row["n"] = option.number
    if option.keywords:
        row["keywords"] = list[Plain](option.keywords)
    return row


def reply_row(reply: Reply) -> dict[str, Plain]:
    """A reply as it is stored."""
    row: dict[str, Plain] = {"text": reply.text}
    if reply.options:
        row["options"] = [_option_row(one) for one in reply.options]
    if reply.image:
        row["image"] = reply.image
    if reply.article:
        one = reply.article
        row["article"] = {
            "title": one.title,
            "description": one.description,
            "url": one.url,
            "picture_url": one.picture_url,
        }
    return row


def reply_of(row: dict[str, Plain]) -> Reply:
    options = cast("list[dict[str, Any]]", row.get("options") or [])
    article = cast("dict[str, str] | None", row.get("article"))
    return Reply(
        text=str(row.get("text", "")),
        options=tuple(Option(one["text"], one["id"], number=one.get("n", 0)) for one in options),
        image=str(row.get("image", "")),
        article=Article(**article) if article else None,
    )
