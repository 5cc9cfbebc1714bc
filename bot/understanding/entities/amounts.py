"""Money and head-counts."""

import re

from bot.understanding.entities.numerals import NUMBER, value

_MONEY = re.compile(
    r"(?:[¥$]\s*)?(?P<whole>\d+(?:,\d{3})*|[一二两三四五六七八九十百千]+)(?:\.(?P<cents>\d{1,2}))?\s*(?P<many>万|千|百)?\s*(?:块钱?|元|rmb)(?:(?P<tenths>[1-9一二三四五六七八九])(?:毛|角)?(?!\d))?"
    r"|[¥](?P<sign>\d+(?:\.\d{1,2})?)"
)
_SUM = re.compile(r"[元块¥]|rmb")  # without one of these nothing is a sum: quicker than the whole pattern
_MANY = {"万": 10_000, "千": 1_000, "百": 100, None: 1}
_GROUPS = re.compile(
    rf"(?P<count>{NUMBER})\s*(?:个|位)?(?P<kind>大人|大|小孩|小朋友|孩子|小|老人|老)(?!时|号|的|学|区)"
)
_PEOPLE = re.compile(
    rf"(?<![第\d])(?P<count>{NUMBER})\s*(?:个|位|口)?(?:人|位|名|口)(?!民|均|行|脸)|一家(?P<family>[两三四五六七八2-8])口?"
)
_HEADS = re.compile(r"[人位名口家大小孩老]")
_ALONE = re.compile(rf"^\s*(?P<count>{NUMBER})\s*(?:个|位|名|人|口)?人?\s*[吧。.!]?$")


def find_amount(text: str) -> int | None:
    """The first sum of money in fen; None when there is none."""
    match = _MONEY.search(text) if _SUM.search(text) else None
    if not match:
        return None
    if match["sign"]:
        return round(float(match["sign"]) * 100)
    whole = _whole(match["whole"])
    if whole is None:
        return None
    yuan = (whole + float(f"0.{match['cents'] or 0}")) * _MANY[match["many"]]
    tenths = value(match["tenths"]) if match["tenths"] else 0
    return round(yuan * 100) + tenths * 10


def _whole(text: str) -> int | None:
    if text[0].isdecimal():
        return int(text.replace(",", ""))
    thousands, thousand, rest = text.rpartition("千")
    try:
        total = 1000 * value(thousands) if thousands else 1000 * bool(thousand)
        return total + (value(rest) if rest else 0)
    except ValueError:
        return None


def find_party(text: str, *, alone: bool = False) -> int | None:
    """How many people are meant: 三个人, 两大一小, 一家四口; with `alone` also a bare number."""
    if not alone and not _HEADS.search(text):
        return None
    groups = [value(match["count"]) for match in _GROUPS.finditer(text)]
    if len(groups) > 1:
        return sum(groups)
    match = _PEOPLE.search(text) or (_ALONE.search(text) if alone else None)
    if match:
        return value(match["family"] if "family" in match.groupdict() and match["family"] else match["count"])
    return groups[0] if groups else None
