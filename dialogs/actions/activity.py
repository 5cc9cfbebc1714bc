"""小区活动: looking, signing up with its extra questions, the queue, leaving."""

import re
from datetime import datetime

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.understanding.acts import says
from bot.values import Plain
from dialogs.actions.arguments import resident, table, whole, words
from dialogs.actions.questions import UNANSWERED, choices
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from models.activities import SignUpStatus
from services import clock
from services.community import activities
from services.community.activity_views import ActivityView, Details, Place

_COMMON = (
    "活动",
    "报名",
    "参加",
    "小区",
    "社区",
    "我们",
    "一个",
    "怎么",
    "什么",
)  # say nothing about which one
_LONGEST = 260  # characters of an activity's text


@registry.action("activity.find", gives=("activity",), outcomes=("none", "one"), reads=True)
async def find(turn: Turn, *, said: Plain) -> Outcome:
    """Whether there are any, and whether the sentence names one of them."""
    coming = await activities.visible(turn.person.id)
    if not coming:
        return Outcome("none")
    named = _named(words(said), coming)
    return Outcome("one", {"activity": str(named.id)}) if named else Outcome()


@registry.source("activity.coming")
async def coming(turn: Turn) -> Listed:
    return [
        (str(one.id), f"{one.title}（{_day(one.starts_at)}）")
        for one in await activities.visible(turn.person.id)
    ]


@registry.action(
    "activity.card",
    gives=("name", "starts", "place", "left", "queue", "closes", "most", "about", "mine"),
    outcomes=("joined", "closed"),
    reads=True,
)
async def card(turn: Turn, *, activity: Plain) -> Outcome:
    found = await activities.details(turn.person.id, whole(activity))
    values = _card(found)
    if found.mine:
        return Outcome("joined", {**values, "mine": _state(found.mine)})
    if not found.open_for_sign_up:
        return Outcome("closed", values)
    return Outcome("ok", values, image=found.activity.picture)


@registry.action(
    "activity.question", gives=("question", "key"), outcomes=("options", "words", "optional"), reads=True
)
async def question(turn: Turn, *, activity: Plain, answers: Plain) -> Outcome:
    """The next of the extra questions that has no answer yet; ok when there is none left."""
    found = await activities.details(turn.person.id, whole(activity))
    open_ = next((one for one in found.activity.questions if one.key not in table(answers)), None)
    if open_ is None:
        return Outcome()
    values: dict[str, Plain] = {"question": open_.text, "key": open_.key}
    if open_.options:
        return Outcome("options", values)
    return Outcome("words" if open_.required else "optional", values)


@registry.source("activity.options")
async def options(turn: Turn, *, activity: Plain, key: Plain) -> Listed:
    found = await activities.details(turn.person.id, whole(activity))
    asked = next(one for one in found.activity.questions if one.key == words(key))
    return choices(asked.options, required=asked.required)


@registry.action("activity.answered", gives=("answers", "answers_read"), reads=True)
async def answered(
    turn: Turn, *, answers: Plain, read: Plain, key: Plain, question: Plain, answer: Plain
) -> Outcome:
    said = "" if answer == UNANSWERED else plainly(words(answer))
    kept = {**table(answers), words(key): said}
    lines = [words(read), f"{words(question)}{said}" if said else ""]
    return Outcome(values={"answers": kept, "answers_read": "\n".join(line for line in lines if line)})


def plainly(answer: str) -> str:
    """5岁 of “5岁啊刚说了”, 闺女对花生过敏 of “闺女对花生过敏,别的没了”: what is to be read at the activity."""
    bare = _PROTEST.sub("", answer)
    parts = _CLAUSE.split(bare)
    while len(parts) > 1 and (says("nothing_else", parts[-1]) or says("no_story", parts[-1])):
        parts = parts[:-2]
    return "".join(parts).strip(" ,，。") or answer


_PROTEST = re.compile(
    r"[啊呀呢]?[,，\s]*(?:我|刚才?|刚刚|前面|不是|都|就)*(?:说|讲)(?:过|了)(?:吗|嘛|的|啊|呀)*[!！。]*$"
)
_CLAUSE = re.compile(r"([,，。;；!！\s]+)")


@registry.action(
    "activity.sign_up", gives=("code", "position", "name", "starts", "place"), outcomes=("queued",)
)
async def sign_up(turn: Turn, *, activity: Plain, party: Plain, answers: Plain) -> Outcome:
    said = {key: words(value) for key, value in table(answers).items()}
    signup = await activities.sign_up(
        turn.person.id,
        whole(activity),
        party_size=whole(party) or 1,
        answers=said,
        actor=resident(turn),
    )
    return _outcome(signup)


@registry.action("activity.mine", gives=("activity",), outcomes=("none", "one"), reads=True)
async def mine(turn: Turn, *, said: Plain) -> Outcome:
    own = await activities.mine(turn.person.id)
    if not own:
        return Outcome("none")
    named = _named(words(said), [signup.activity for signup in own])
    only = named or (own[0].activity if len(own) == 1 else None)
    return Outcome("one", {"activity": str(only.id)}) if only else Outcome()


@registry.source("activity.mine")
async def own(turn: Turn) -> Listed:
    return [
        (str(one.activity.id), f"{one.activity.title}（{_state(one)}）")
        for one in await activities.mine(turn.person.id)
    ]


@registry.action(
    "activity.my_card",
    gives=("name", "starts", "place", "people", "more", "most", "state", "code", "position", "until"),
    outcomes=("gone", "offered", "queued"),
    reads=True,
)
async def my_card(turn: Turn, *, activity: Plain) -> Outcome:
    found = await activities.details(turn.person.id, whole(activity))
    if found.mine is None:
        return Outcome("gone", {"name": found.activity.title})
    signup = found.mine
    values: dict[str, Plain] = {
        **_where(found.activity),
        "people": signup.party_size,
        "more": signup.party_size + 1,
        "most": found.activity.max_party,
        "state": _state(signup),
    }
    if signup.status is SignUpStatus.WAITLISTED:
        return Outcome("queued", {**values, "position": signup.position})
    if signup.status is SignUpStatus.OFFERED:
        until = signup.offered_until.isoformat() if signup.offered_until else None
        return Outcome("offered", {**values, "until": until})
    return Outcome("ok", {**values, "code": _code(signup)})


@registry.action("activity.withdraw")
async def withdraw(turn: Turn, *, activity: Plain) -> Outcome:
    await activities.withdraw(turn.person.id, whole(activity), actor=resident(turn))
    return Outcome()


@registry.action("activity.change_party", gives=("people",))
async def change_party(turn: Turn, *, activity: Plain, party: Plain) -> Outcome:
    signup = await activities.change_party(
        turn.person.id, whole(activity), whole(party), actor=resident(turn)
    )
    return Outcome(values={"people": signup.party_size})


@registry.action(
    "activity.accept", gives=("code", "position", "name", "starts", "place"), outcomes=("queued",)
)
async def accept(turn: Turn, *, activity: Plain) -> Outcome:
    accepted = await activities.accept_offer(turn.person.id, whole(activity), actor=resident(turn))
    return _outcome(accepted)


def _outcome(signup: Place) -> Outcome:
    values = _where(signup.activity)
    if signup.status is SignUpStatus.WAITLISTED:
        return Outcome("queued", {**values, "position": signup.position})
    return Outcome("ok", {**values, "code": _code(signup)})


def _card(found: Details) -> dict[str, Plain]:
    activity = found.activity
    about = activity.text or activity.summary
    return {
        **_where(activity),
        "left": found.left,
        "queue": found.waiting or None,
        "closes": activity.deadline_at.isoformat(),
        "most": activity.max_party,
        "about": about if len(about) <= _LONGEST else about[:_LONGEST] + "…",
        "mine": None,
    }


def _where(activity: ActivityView) -> dict[str, Plain]:
    window: dict[str, Plain] = {
        "start": activity.starts_at.isoformat(),
        "end": activity.ends_at.isoformat() if activity.ends_at else None,
    }
    return {"name": activity.title, "starts": texts.window(window), "place": activity.place}


def _state(signup: Place) -> str:
    return phrase("activity.state", state=signup.status)


def _code(signup: Place) -> str:
    return f"{signup.code[:3]} {signup.code[3:]}"


def _day(moment: datetime) -> str:
    here = clock.local(moment)
    return f"{here.month}月{here.day}日"


def _named(said: str, coming: list[ActivityView]) -> ActivityView | None:
    """The one activity whose title shares a telling pair of characters with the sentence."""
    heard = _pairs(said)
    scored = [(len(heard & _pairs(one.title)), one) for one in coming]
    best = max((score for score, _ in scored), default=0)
    found = [one for score, one in scored if score == best]
    return found[0] if best and len(found) == 1 else None


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)} - set(_COMMON)
