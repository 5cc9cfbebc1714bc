"""Ticket numbers as people say them."""

_GROUP = 4


def spoken(number: str) -> str:
    """BX10015 reads "BX 1001 5": letters, then digits in groups that one breath carries."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    groups = [digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP)]
    return " ".join([letters, *groups]).strip()
