"""Options that were tapped or typed: of the open question, an earlier one, a draft, or with a life of their own.

Ids: "a:TALK:STEP:NUMBER" answers a question, "s:SCRIPT?slot=value" starts a script, "c:NAME" steers.
"""

import re
from urllib.parse import parse_qsl

from bot.scripts.format import SlotType
from bot.talk import answers, asking, drafts, links, naming, opening, wordings
from bot.talk.state import Offered
from bot.talk.steering import resume, steer
from bot.talk.taken import Taken
from bot.talk.talk import Talk
from bot.understanding import Command

NUMBERED_FROM = 1000  # the platform's own numbers are below
_NUMBER = re.compile(r"[0-9]{1,9}")
_LONGEST = 30  # characters of an option that is looked for without a word that it was tapped


async def recognise(talk: Talk) -> None:
    """Find out which option was tapped, from what came back of its number and from its words.

    The number finds the option as it was shown. Where it is useless, the words do: among the options of the open
    question first, then among the newest that were shown. What an option carries is always read from our own rows.
    """
    heard, state = talk.turn.heard, talk.state
    if not heard.tapped:
        # A phone that does not tell a tap: the very words of an option of the open question are one.
        heard.option_id = "" if state.taps_told else _in_open_question(talk)
        return
    state.taps_told = True
    if _NUMBER.fullmatch(heard.tapped) and int(heard.tapped) > NUMBERED_FROM:
        offer = await talk.effects.shown(talk.turn, number=int(heard.tapped))
        if offer:
            heard.text, heard.option_id = offer.text, offer.go
            return
    heard.option_id = _in_open_question(talk) or await _shown_before(talk)


def may_be_tapped(talk: Talk) -> bool:
    """Whether the message is a tapped option, or, from a phone that does not tell, has just the words of one."""
    heard, state = talk.turn.heard, talk.state
    if heard.tapped or state.taps_told:
        return bool(heard.tapped)
    offers = [*(talk.frame.options if talk.running else ()), *state.offers]
    return heard.text in {one.text for one in offers}


def _in_open_question(talk: Talk) -> str:
    if not talk.running:
        return ""
    options = asking.shown(talk, talk.frame.options)
    return next((one.id for one in options if one.text == talk.turn.heard.text), "")


async def _shown_before(talk: Talk) -> str:
    """The id of the newest option with these words."""
    text = talk.turn.heard.text.strip()
    offer = await talk.effects.shown(talk.turn, text=text)
    return _plainly(talk, text, offer.go) if offer else ""


def _plainly(talk: Talk, text: str, option_id: str) -> str:
    """Without what it carries where the words are a command for the very script: of several jobs it asks which.

    What the talk itself offered last still carries the sentence that it was offered for.
    """
    if not _commands(talk, text, option_id):
        return option_id
    offers = () if talk.running else talk.state.offers
    return next((one.go for one in offers if one.text == text), option_id.partition("?")[0])


def _commands(talk: Talk, text: str, option_id: str) -> bool:
    found = talk.bot.catalogue.for_keyword(text, talk.turn.person)
    return found is not None and option_id.partition("?")[0] == f"s:{found.script.script}"


async def earlier(talk: Talk) -> str:
    """The id of an option that was shown earlier and has just these words, for phones that do not tell a tap.

    Only what leads somewhere still, and nothing that the open question takes for itself.
    """
    text = talk.turn.heard.text.strip()
    if (
        talk.state.taps_told
        or len(text) > _LONGEST
        or naming.ordinal(text)
        or naming.yes_or_no(text) is not None
    ):
        return ""
    if talk.bot.catalogue.for_keyword(text, talk.turn.person):
        if _is_name_asked(talk):
            return await _shown_before(talk)
        found = next((one.go for one in await talk.effects.last_offers(talk.turn) if one.text == text), "")
        if not talk.running:
            return "" if _commands(talk, text, found) else found
        return _plainly(talk, text, found) if "?" in found else ""
    found = _in_draft(talk, text)
    if not found and wordings.may_be_option(talk.bot, text):
        found = await _shown_before(talk)
    if not _leads_on(talk, found) or not talk.running:
        return found if _leads_on(talk, found) else ""
    if talk.step.collect and talk.slot(talk.step).type is SlotType.TEXT:
        return found if found.startswith("s:") and ("?" in found or _is_name_asked(talk)) else ""
    if not talk.step.collect or talk.frame.mode:
        return "" if naming.loosely(text, talk.frame.options) else found
    return "" if isinstance(await answers.typed(talk), Taken) else found


def _is_name_asked(talk: Talk) -> bool:
    """Any words may be a story or a place, but nobody is called 绑定房屋."""
    return talk.running and bool(talk.step.collect) and talk.slot(talk.step).reads == "name"


def _in_draft(talk: Talk, text: str) -> str:
    """The id of an option of the question at which a draft was left."""
    for parked in reversed(talk.state.parked):
        frame = parked.frames[-1]
        for number, offer in enumerate(frame.options, 1):
            if offer.text == text:
                return offer.go or f"a:{frame.talk}:{frame.at}:{number}"
    return ""


def _leads_on(talk: Talk, option_id: str) -> bool:
    """Whether the option starts a script, or belongs to a draft that is still there."""
    kind, _, rest = option_id.partition(":")
    number = rest.partition(":")[0]
    drafts = {str(one.frames[-1].talk) for one in talk.state.parked}
    return kind == "s" or (kind == "a" and number in drafts)


def asked_for(talk: Talk, option_id: str) -> bool:
    """Whether the option starts a script, or answers the running talk or a draft that is still there."""
    running = talk.running and option_id.startswith(f"a:{talk.frame.talk}:")
    return running or _leads_on(talk, option_id)


async def shown_before(talk: Talk, option_id: str) -> None:
    """Act on an option that was shown earlier and whose words came without its number."""
    talk.turn.heard.option_id = option_id
    await option(talk, option_id)


async def pick(talk: Talk, offer: Offered) -> None:
    talk.state.lost = 0
    if offer.go:
        await option(talk, offer.go)
    else:
        await answers.picked(talk, offer)


async def option(talk: Talk, chosen: str, *, said: str = "") -> bool:
    """Act on the id of an option. False when it says nothing to us: then its text counts.

    `said` is the sentence that meant the option; the script that it starts hears it too.
    """
    kind, _, rest = chosen.partition(":")
    if kind == "a":
        return await _answered(talk, rest)
    if kind == "s":
        return await _started(talk, rest, said)
    if kind == "c":
        await control(talk, rest)
        return True
    return False


async def _answered(talk: Talk, rest: str) -> bool:
    """An option of a question: the open one, one asked earlier, or one of a draft."""
    try:
        talk_number, step_id, number = rest.split(":")
        wanted, place = int(talk_number), int(number) - 1
    except ValueError:
        return False
    if not (talk.running and talk.frame.talk == wanted) and not await _taken_up(talk, wanted):
        return _stale(talk)
    frame = talk.frame
    if frame.at == step_id and (chosen := await _chosen(talk, place)):
        await pick(talk, chosen)
        return True
    return await _earlier(talk, step_id)


async def _chosen(talk: Talk, place: int) -> Offered | None:
    """The option of the open question that was tapped, whatever else was offered since; None when it has none."""
    frame, text = talk.frame, talk.turn.heard.text
    if 0 <= place < len(frame.options) and naming.plain(frame.options[place].text) == naming.plain(text):
        return frame.options[place]
    fresh = await asking.options(talk, talk.step) if not frame.mode else frame.options
    if found := naming.offered(text, frame.options) or naming.offered(text, fresh):
        return found
    return fresh[place] if 0 <= place < len(fresh) else None


async def _taken_up(talk: Talk, wanted: int) -> bool:
    """Bring back the draft that a tapped option belongs to."""
    for parked in talk.state.parked:
        if parked.frames[-1].talk == wanted:
            talk.state.parked.remove(parked)
            drafts.park(talk)
            talk.state.stack = parked.frames
            return True
    return False


async def _earlier(talk: Talk, step_id: str) -> bool:
    """A tap on a question that was answered already changes that answer."""
    frame, steps = talk.frame, talk.compiled.steps
    if step_id not in steps or not steps[step_id].collect or step_id not in frame.path:
        return False
    before, options = frame.at, frame.options
    frame.at = talk.compiled.moves.move(frame.at, step_id)
    frame.options = await asking.options(talk, talk.step)
    offer = naming.offered(talk.turn.heard.text, frame.options)
    if offer is None:
        frame.at, frame.options = talk.compiled.moves.move(frame.at, before), options
        return False
    # What came after may rest on the answer that changes: the script goes on from there, over what is filled.
    frame.path = frame.path[: frame.path.index(step_id)]
    talk.note("bot.corrected", {"label": talk.slot(talk.step).label, "value": offer.text})
    await answers.picked(talk, offer)
    return True


def _stale(talk: Talk) -> bool:
    """An option of a talk that is over. Inside another talk its words may still be an answer."""
    if talk.running:
        return False
    talk.say_phrase("bot.old_option")
    return True


async def _started(talk: Talk, rest: str, said: str) -> bool:
    name, _, query = rest.partition("?")
    if not talk.bot.catalogue.knows(name):
        return _stale(talk)
    told = dict(parse_qsl(query))
    values = links.carried(talk.bot.catalogue.newest(name).script, told)
    if values is None:
        return _stale(talk)
    if "fresh" in told:
        talk.state.parked = [one for one in talk.state.parked if one.frames[0].script != name]
    await opening.begin(talk, name, values, said=talk.state.said if "p" in told else said)
    return True


async def control(talk: Talk, name: str) -> None:
    """An option that steers: a command, or taking up or dropping a draft."""
    if name == "resume":
        if talk.running:
            await asking.ask(talk, again=True)
        elif not await resume(talk):
            talk.say_phrase("bot.nothing_parked")
    elif name == "drop":
        title = ""
        if talk.state.parked:
            frames = talk.state.parked.pop().frames
            title = talk.of(frames[0]).script.title
        talk.say_phrase("bot.dropped", {"title": title})
    elif name in list(Command):
        await steer(talk, Command(name))
    elif not _stale(talk):
        await asking.ask(talk, again=True)
