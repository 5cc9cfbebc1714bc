"""Answering what is asked back: why this is asked, what it costs, how long it takes. The open question stays open."""

import re
from datetime import timedelta

from bot.talk import answers, asking, digressions, naming, options, stories
from bot.talk.opening import begin
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import Act, Acts, Asked, says
from bot.understanding.values import Understanding

_OWN = 0.45  # of an intent of the running script, for a question to be part of its story
_LIKELY = 0.55
_ARTICLES = "faq"
_MAYBE = 0.5  # below, an article would only be a guess in the middle of something else
_CLEARLY = 0.9
_EVEN, _SOMEWHAT = 0.5, 0.1  # chances of a danger that no rule finds
_PERIL = re.compile(
    r"[电货客]梯|轿厢|火|烟|煤气|燃气|天然气|漏电|触电|爆|炸|塌|砸|困|晕|昏|血|救|淹|喷|不醒|不应|刀|蛇|狗|咬|伤|摔|中毒|贼|翻墙|味|焦|糊|烧黑|反锁|锁(?:在)?[外里屋门]"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_REPAIRABLE = 0.2  # chance of a repair, beside a fault that is named
_FIRMLY = 0.95  # chance of a danger that is asked about whatever the other recogniser hears
_FAINTLY, _NEVER = 0.05, 0.005  # chances of danger in an answer
_SHORT = 8
_WISHES = re.compile(
    r"能不能|能否|可不可以|要是|最好|希望|不如"
)  # how ideas are worded, question mark or not
_BILL = re.compile(r"费|账单|欠|缴")
_MAY_AGREE = (Act.YES, Act.WAIT, Act.URGE, Act.QUESTION, Act.ABUSE)
SUSPICION = "suspicion"  # the script that asks whether somebody is in danger
ADD_TO_ALERT = "hazard_more"  # the script that passes on what is said after an alert
_OTHER_MATTERS = ("fee_query", "fee_pay", "activity_signup", "activity_cancel", "suggestion")
CHILD = "child"  # the script for a child that is alone
_PRESSING = ("emergency", "repair_report", "unknown", "announcement")
ALL_CLEAR = "all_clear"  # the script that calls an alert back
_REPAIR = "repair"
_CALLED_BACK = timedelta(minutes=30)
_STILL_ON = timedelta(minutes=10)  # for so long what may mean anything is said of the alert
_SHORT_WORD = 3
_OVER = re.compile(r"误报|虚惊|没事了|没事啦|解除了|^(?:就是|只是|原来是?).{0,6}坏了")


async def answer(talk: Talk) -> None:
    """What the script knows, then what another script or an article knows; then the open question again."""
    acts, meaning = talk.turn.heard.acts, talk.turn.heard.meaning
    about = acts.about if acts else None
    if talk.step.why and (about is Asked.WHY or (acts and says("asks_need", acts.text))):
        await _say(talk, talk.step.why)
        return
    if acts and asks_effect(talk, acts):
        await _say(talk, talk.step.effect)
        return
    found = digressions.wanted(talk, free=False)
    known = talk.compiled.script.answers.get(about) if about else None
    elsewhere = found and meaning and talk.step.digress == "allow" and _leads_away(meaning, about, known)
    elsewhere = elsewhere and not (acts and says("asks_meaning", acts.text))  # 什么叫上门时间
    if found and elsewhere:
        await begin(talk, found.script.script, {}, meaning=meaning, beside=True)
        return
    if known:
        await _say(talk, known)
        return
    if _in_articles(talk) and talk.step.digress == "allow":
        await begin(talk, _ARTICLES, {"question": talk.turn.heard.text.strip()}, beside=True)
        return
    if talk.step.why:
        await _say(talk, talk.step.why)
        return
    if not answers.stuck(talk):
        talk.note("bot.cannot_say")
        await asking.ask(talk)


def asks_effect(talk: Talk, acts: Acts) -> bool:
    """Whether the message asks what follows from what is to be agreed to, and the step can say so."""
    return bool(talk.step.effect) and acts.asked and says("asks_effect", acts.text)


async def explain(talk: Talk) -> None:
    """Why this is asked, and that people can be asked instead; the ways out when it was explained already."""
    if answers.stuck(talk):
        return
    if talk.step.why:
        talk.notes.append(talk.fill(talk.step.why))
    else:
        talk.note("bot.needed")
    await asking.ask(talk)


async def ask_danger(talk: Talk) -> None:
    """Ask whether somebody is in danger, before anything else; who raised an alert just now adds to it."""
    meaning = talk.turn.heard.meaning
    if is_alarmed(talk):
        await add_to_alert(talk)
        return
    values = {"danger": (meaning and meaning.danger) or "other"}
    if any(frame.script == _REPAIR for frame in talk.state.stack):
        stories.keep_words(talk)
        values["open"] = _REPAIR
    await begin(talk, SUSPICION, values, meaning=meaning)
    talk.state.said = talk.turn.heard.text  # goes on with the repair, if nobody is in danger


def is_alarmed(talk: Talk) -> bool:
    """Whether this person raised an alert just now, which is told by now and not asked about once more."""
    at = talk.state.alarmed_at
    return at is not None and talk.turn.now - at <= _CALLED_BACK and talk.bot.catalogue.knows(ADD_TO_ALERT)


def _presses(heard: Heard) -> str:
    """What somebody tells who lives nowhere yet and can report no repair at once: water that runs, no power."""
    meaning, acts = heard.meaning, heard.acts
    if meaning is None or acts is None or acts.asked or meaning.intent not in _PRESSING:
        return ""
    if says("water_runs", heard.text) and (
        meaning.intent == "emergency" or says("pressing", heard.text) or says("nobody_there", heard.text)
    ):
        return "burst"
    if says("nobody_there", heard.text) and says("leaks", heard.text):
        return "burst"  # 我在日本，物业说我家漏水
    return "power" if says("pressing", heard.text) and says("power_off", heard.text) else ""


def is_of_the_same(talk: Talk) -> bool:
    """Whoever is stuck in a lift and out of breath is in no other danger than before."""
    return talk.state.alarmed_of == "trapped" and says("short_breath", talk.turn.heard.text)


def tells_of_alert(talk: Talk) -> bool:
    """A telephone number, a flat, “人来没来” soon after an alert: what they who come should know.

    So is whatever may mean anything, within some minutes: 我在国外接不了电话，微信回我.
    """
    heard, at = talk.turn.heard, talk.state.alarmed_at
    if talk.running or not is_alarmed(talk) or heard.entities is None or heard.acts is None or at is None:
        return False
    meaning = heard.meaning
    if meaning is not None and meaning.intent in _OTHER_MATTERS:
        return False
    named = heard.entities.phone or heard.entities.room or says("asks_arrival", heard.text)
    if named or any(says(one, heard.text) for one in ("made_safe", "water_runs", "arrived")):
        return True
    soon = talk.turn.now - at <= _STILL_ON
    unclear = meaning is not None and (meaning.action != "answer" or meaning.intent == "emergency")
    return soon and unclear and len(naming.plain(heard.text)) >= _SHORT_WORD


def needed(talk: Talk) -> tuple[str, dict[str, str]] | None:
    """The script that tells somebody of what cannot wait for a form, and what it is given.

    Water that runs where danger is suspected or was just asked about; whatever a child without a home here tells.
    """
    heard, catalogue = talk.turn.heard, talk.bot.catalogue
    if heard.option_id or heard.meaning is None or is_alarmed(talk):
        return None
    hazard = catalogue.for_danger(talk.turn.person)
    open_ = talk.frame.script if talk.running else ""
    if hazard is None or open_ == hazard.script.script:
        return None
    told = heard.text.strip()
    asked = open_ == SUSPICION
    apart = not open_ or not talk.turn.person.bound  # 漏得厉害，快点 in a report urges, and is no news
    if (asked or (apart and is_danger_suspected(talk))) and says("water_runs", told):
        before = str(talk.frame.vars.get("said") or "") if open_ == SUSPICION else ""
        return hazard.script.script, {"danger": "burst", "told": f"{before}，{told}".strip("，")}
    if talk.turn.person.bound or talk.turn.person.technician_id:
        return None
    if open_ != CHILD and (danger := _presses(heard)):
        return hazard.script.script, {"danger": danger, "told": told}
    if open_ != CHILD and not says("child", told):
        return None
    if not says("child_needs", told):
        return (CHILD, {}) if open_ != CHILD and catalogue.knows(CHILD) else None
    told = f"{talk.frame.vars.get('said') or ''}，{told}".strip("，") if open_ == CHILD else told
    return hazard.script.script, {"danger": "burst" if "水" in told else "power", "told": told}


async def add_to_alert(talk: Talk) -> None:
    """Pass on what was said to those who were alerted."""
    await begin(talk, ADD_TO_ALERT, {}, meaning=talk.turn.heard.meaning, beside=True)


def tells_calmly(talk: Talk) -> Offered | None:
    """“有人有危险吗？” answered by more of the matter and no word of danger: something is to be mended."""
    acts, meaning = talk.turn.heard.acts, talk.turn.heard.meaning
    if talk.frame.script != SUSPICION or acts is None or meaning is None:
        return None
    asked_twice = talk.frame.asked.get(talk.frame.at, 0) > 1
    told = acts.head != "yes" and acts.best not in _MAY_AGREE and not _sounds_dangerous(meaning, acts)
    if (
        acts.asked
        or acts.best is Act.DANGER
        or not (told or asked_twice)
        or not naming.says_something(acts.text)
    ):
        return None
    talk.state.said = f"{talk.state.said}，{acts.text.strip()}".strip("，")
    return options.refusing(talk.frame.options) or next(
        (one for one in talk.frame.options if options.names(one, "没危险")), None
    )


def _sounds_dangerous(meaning: Understanding, acts: Acts) -> bool:
    """Whether a rule finds danger in the words, or both recognisers think of it."""
    if meaning.intent != "emergency":
        return False
    return meaning.danger != "other" or acts.chance(Act.DANGER) >= _FAINTLY


def is_danger_suspected(talk: Talk) -> bool:
    """Whether the recogniser alone thinks of danger: that is asked, and alarms nobody by itself."""
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.intent != "emergency" or meaning.action != "ask":
        return False
    if meaning.danger == "other" and _hardly_dangerous(talk, meaning):
        return False
    open_ = talk.frame.script if talk.running else ""
    return open_ not in ("hazard", SUSPICION, CHILD) and talk.bot.catalogue.knows(SUSPICION)


def _hardly_dangerous(talk: Talk, meaning: Understanding) -> bool:
    """No rule found a danger, the one recogniser doubts it and the other hears none: it is one of the guesses."""
    acts, chances = talk.turn.heard.acts, dict(meaning.ranking)
    if _PERIL.search(meaning.text):
        return False
    doubted = acts is not None and acts.chance(Act.DANGER) < _NEVER
    if talk.running and doubted and chances.get("emergency", 0.0) < _FIRMLY:
        return (
            True  # 得带个手电, 往下走吧: an answer to the open question, which no rule and no example fears
        )
    if says("pressing", meaning.text):
        return True  # 我锁门外面了 钥匙在屋里 cannot wait, and harms nobody
    if not _HAN.search(meaning.text) or meaning.entities.phone:
        return True  # pinyin that no rule knows, and somebody's number, are no cry for help
    if meaning.entities.category and chances.get("repair_report", 0.0) >= _REPAIRABLE:
        return True  # 已经拿盆接着了: a fault by its name, and nobody is said to be in danger
    if chances.get("emergency", 0.0) >= _EVEN:
        return False
    return acts is None or acts.chance(Act.DANGER) < _SOMEWHAT


def goes_on(acts: Acts) -> bool:
    """闸已经拉了 人没事, 没危险就是水一直冒, 没受伤就是害怕: what sounds like the end is none."""
    over = _OVER.search(acts.text) or says("rescued", acts.text)
    return not over and any(says(one, acts.text) for one in ("made_safe", "water_runs", "short_breath"))


def is_all_clear(talk: Talk) -> bool:
    """Whether the message calls back the alert that this person just raised: 误报, 人都出来了, 就是灯坏了."""
    state, acts = talk.state, talk.turn.heard.acts
    if acts is None or state.alarmed_at is None or talk.turn.now - state.alarmed_at > _CALLED_BACK:
        return False
    if (talk.running and talk.frame.script == "hazard") or not talk.bot.catalogue.knows(ALL_CLEAR):
        return False
    if goes_on(acts):
        return False
    over = says("rescued", acts.text) and not acts.asked
    return over or acts.best is Act.FALSE_ALARM or bool(_OVER.search(acts.text))


async def call_back(talk: Talk) -> None:
    """The alert is over: staff hear so, and what was open goes on."""
    await begin(talk, ALL_CLEAR, {}, beside=True)
    talk.state.alarmed_at = None


def tells_its_own_story(talk: Talk) -> bool:
    """Whether a question belongs to the story that is told: “楼上天天半夜吵，有没有人管？” in a complaint."""
    meaning, acts = talk.turn.heard.meaning, talk.turn.heard.acts
    if meaning is None or acts is None:
        return False
    if talk.step.collect and talk.slot(talk.step).reads == "question":
        return True
    if talk.step.takes and talk.compiled.script.slots[talk.step.takes].reads == "question":
        return len(acts.text) > _SHORT  # 我家灯的事到底有没有人管, where a message may be left
    own = talk.compiled.script.triggers.intents
    if "suggestion" in own and _WISHES.search(acts.text) and len(acts.text) > _SHORT:
        return True
    chance = sum(score for intent, score in meaning.ranking if intent in own)
    likeliest = meaning.ranking[0][0] in own
    return (chance >= _OWN or likeliest) and len(acts.text) > _SHORT


def _leads_away(meaning: Understanding, about: Asked | None, known: str | None) -> bool:
    """Whether the question clearly belongs to another talk: “要钱吗” does not ask for one's own bill."""
    if meaning.intent == "contact" and about is Asked.WHY:
        return False
    if about is Asked.COST and len(meaning.text) <= _SHORT:
        return False
    if digressions.of_money(meaning) and (not known or _BILL.search(meaning.text)):
        return True
    generally = about is Asked.HOW and not says("asks_how_here", meaning.text)
    return meaning.confidence >= (_CLEARLY if known and not generally else _LIKELY)


def _in_articles(talk: Talk) -> bool:
    meaning = talk.turn.heard.meaning
    if meaning is None or not talk.bot.catalogue.knows(_ARTICLES):
        return False
    running = {frame.script for frame in talk.state.stack}
    return _ARTICLES not in running and dict(meaning.ranking).get(_ARTICLES, 0.0) >= _MAYBE


async def _say(talk: Talk, text: str) -> None:
    talk.notes.append(talk.fill(text))
    await asking.ask(talk, again=True)
