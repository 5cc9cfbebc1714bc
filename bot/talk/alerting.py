"""What comes before all else: a danger that is plain, and somebody who must be told at once."""

from bot.talk import digressions, naming, questions
from bot.talk.opening import begin
from bot.talk.talk import Talk
from bot.why import Rule


async def danger(talk: Talk) -> bool:
    """A danger that a rule found: who is on duty is told, or told more where they know of it already."""
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.intent != "emergency" or meaning.action != "answer":
        return False
    if meaning.danger == "other" and digressions.is_keyword(talk):
        return False  # "我到了" is a technician's own word, whatever it looks like to the recogniser
    if (
        talk.running
        and len(talk.turn.heard.text) <= 4
        and naming.loosely(talk.turn.heard.text, talk.frame.options)
    ):
        return False  # "水管" picks the job with the pipe
    found = talk.bot.catalogue.for_danger(talk.turn.person)
    if found is None or (talk.running and talk.frame.script == found.script.script):
        return False
    talk.took(Rule.DANGER)
    if questions.is_alarmed(talk) and (
        meaning.danger in (None, "other", talk.state.alarmed_of) or questions.is_of_the_same(talk)
    ):
        if talk.running and talk.frame.script == questions.CHILD:
            return False  # what it tells there is passed on as well
        await questions.add_to_alert(talk)
        return True
    await begin(talk, found.script.script, {"danger": meaning.danger or "other"}, meaning=meaning)
    return True


async def needs_somebody(talk: Talk) -> bool:
    """Water that runs, or a child that is alone: somebody is told, before any form and without a question."""
    if needed := questions.needed(talk):
        talk.took(Rule.DANGER)
        script, values = needed
        if script == questions.CHILD:
            talk.state.stack.clear()  # a child fills in no form, now or later
        await begin(talk, script, values, meaning=talk.turn.heard.meaning)
        return True
    return False
