"""One spelling for what people write in five ways: names, phones, houses, amounts, and text that was copied.

Address books wrap a number in direction marks, office programs leave zero-width spaces, and the same man stands in
two lists as 王敏 and 王　敏. Whatever compares such things compares their keys.
"""

import re
import unicodedata

# Zero-width and direction marks, joiners, soft hyphens, byte order marks; control characters but tab and line feed,
# and halves of characters, which no database takes.
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_DOTS = re.compile("[·•・‧∙⋅.]")
_DASHES = re.compile("[‐‑‒–—―−－﹣~]")
_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WITHIN_HAN = re.compile(rf"(?<=[{_HAN}·])\s+(?=[{_HAN}·])")
_DOT_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s*[·•・‧∙⋅.]\s*(?=[{_HAN}])")

_COUNTRY = re.compile(r"(?:\+|00)86|86(?=\d{10,}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_DIALLED = re.compile(r"[\d\-+() ]{3,20}")
_SLIPPED = re.compile(r"1[3-9](?:\d{4,8}|\d{10,})")
_MOBILE_WITHIN = re.compile(r"(?<!\d)1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})(?!\d)")
_SEALED = re.compile(
    r"(?:(?:^|\n)[^\n：]*：)?(?:https?://[^\s/]+)?/job/[\w-]+"
)  # whoever has it reads a job's page
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})")
_LOST_ZERO = re.compile(r"10\d{8}|2\d{9}|(?![48]00)[3-9]\d{2}\d{7,8}")


def seen(said: str) -> str:
    """Without the characters that nobody sees; lines end in a line feed."""
    lines = said.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", _UNSEEN.sub("", lines)).strip()


def line(said: str) -> str:
    """On one line, with one ordinary space where there was white space of any width."""
    return " ".join(seen(said).split())


def one_width(said: str) -> str:
    """In half-width letters, digits and marks, without any white space."""
    return _half("".join(_half(seen(said)).split()))


def key(said: str) -> str:
    """What two spellings of the same thing share: no spaces, no full-width letters, no capitals."""
    return one_width(said).casefold()


def name(said: str) -> str:
    """A person's name: 王　敏 is 王敏, 买买提•艾力 is 买买提·艾力; a foreign name keeps its spaces."""
    one = _DOT_IN_HAN.sub("·", _half(line(_half(said))))
    return _WITHIN_HAN.sub("", one)


def name_key(said: str) -> str:
    return _DOTS.sub("", key(name(said)))


def phone(said: str) -> str:
    """138 0000 1234 and +86-13800001234 are 13800001234, （0571）88880001 is 0571-88880001; others only tidied.

    Spreadsheet programs take the zero off a landline: 57188880001 can be nothing else.
    """
    tidy = _DASHES.sub("-", _half(line(_half(said))))
    digits = _COUNTRY.sub("", re.sub(r"[-\s().]", "", tidy), count=1) if tidy else ""
    if _LOST_ZERO.fullmatch(digits):
        digits = f"0{digits}"
    if _MOBILE.fullmatch(digits):
        return digits
    landline = _LANDLINE.fullmatch(digits)
    return "-".join(landline.groups()) if landline else tidy


def is_phone(said: str, *, least: int = 7) -> bool:
    """Whether it can be called, in the spelling of `phone`: so many digits or more, and no mobile with a digit too
    many or too few.
    """
    digits = re.sub(r"\D", "", said)
    return bool(_DIALLED.fullmatch(said)) and len(digits) >= least and not _SLIPPED.fullmatch(digits)


def phone_key(said: str) -> str:
    """The digits that are dialled."""
    return re.sub(r"\D", "", phone(said))


def yuan(fen: int) -> str:
    """123450 fen are 1234.50."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def house(label: str) -> str:
    """The label 3-2-501 as people say it: 3栋2单元501; B-1203 is B栋1203."""
    parts = label.split("-")
    if len(parts) == 3:
        return f"{parts[0]}栋{parts[1]}单元{parts[2]}"
    return f"{parts[0]}栋{parts[1]}" if len(parts) == 2 else label


def masked(said: str) -> str:
    """A phone by which somebody who knows it knows it again: 138****1234, or only its last four digits."""
    if _MOBILE.fullmatch(said):
        return f"{said[:3]}****{said[-4:]}"
    return "*" * max(len(said) - 4, min(len(said), 4)) + (said[-4:] if len(said) > 4 else "")


def discreet(text: str) -> str:
    """A text of ours for other eyes than it was written for: mobile numbers masked, no sealed addresses."""
    open_ = _SEALED.sub("", text)
    return _MOBILE_WITHIN.sub(lambda one: masked(re.sub(r"\D", "", one[0])), open_).rstrip()


def same_person(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """Whether two pairs of name and phone are of the same person."""
    return name_key(left[0]) == name_key(right[0]) and phone_key(left[1]) == phone_key(right[1]) != ""


def like(said: str) -> str:
    """For a pattern of LIKE: what are signs there means itself."""
    return re.sub(r"([\\%_])", r"\\\1", said)


def _half(said: str) -> str:
    return unicodedata.normalize("NFKC", said)
