"""A message in pinyin, heard as the characters that it stands for."""

import re

from bot.talk.talk import Talk

_PINYIN = re.compile(r"[a-z]{2}", re.IGNORECASE)
_LONGEST_PINYIN = 120  # characters of a message
_SENTENCE = 5  # characters of what is said back as it was read


def take_pinyin(talk: Talk) -> None:
    """wo jia ma tong lou shui le is heard as the characters it stands for, and said back. A name stays as it is."""
    heard = talk.turn.heard
    if heard.spell is None or heard.option_id or len(heard.text) > _LONGEST_PINYIN:
        return
    if not _PINYIN.search(heard.text):
        return
    if talk.running and talk.step.collect and talk.slot(talk.step).reads == "name":
        return
    read = heard.spell(heard.text)
    if read is None:
        return
    heard.reword(read)
    if len(read) >= _SENTENCE and not (heard.entities and heard.entities.room):
        talk.note("bot.read_as", {"said": read})
