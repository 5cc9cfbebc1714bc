"""A job as it reads in a list: where, what, whose, when and how it stands."""

from bot.scripts import texts
from bot.understanding.job_words import pattern
from dialogs.actions import job_promises
from dialogs.actions.wording import phrase
from services.repairs.views import JobView

_BRIEFLY = 10  # characters of what was told


def line(one: JobView) -> str:
    at = one.eta.isoformat() if one.eta else job_promises.window(one)
    when = texts.when(at) if at else ""
    parts = (where(one), _what(one), one.contact_name, when, f"（{state(one)}）")
    return " ".join(part for part in parts if part)


def state(one: JobView) -> str:
    return phrase("job.state", state=one.status)


def _what(one: JobView) -> str:
    """The category, with the words that were told where it says something else: 水管水龙头 of 马桶堵死了."""
    told = one.description[:_BRIEFLY]
    known = any(sign in one.description for sign in pattern("vague").sub("", one.category))
    return one.category if known or not told else f"{one.category} {told}"


def where(one: JobView) -> str:
    """The house and the place in it; outside, without a number, the house it was reported from."""
    there = f"{texts.house(one.house) if one.house else ''}{one.place}" or one.community
    if not one.home or any(map(str.isdigit, there)):
        return there
    return f"{there}（{phrase('job.reported_from', house=texts.house(one.home))}）"
