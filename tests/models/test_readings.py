"""Characters are read as pypinyin's whole table reads them, without keeping that table."""

from pypinyin import constants
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict

from models.found_by import initials
from models.readings import lazy_pinyin, phrases

_LONGEST = 4  # characters of a phrase that is kept


def test_every_phrase_is_read_as_in_the_whole_table() -> None:
    whole = {text: [to_normal(one[0]) for one in read] for text, read in phrases_dict.items()}
    wrong = {
        text: (lazy_pinyin(text), read)
        for text, read in whole.items()
        if len(text) <= _LONGEST and lazy_pinyin(text) != read
    }
    assert not wrong, "phrases that models/readings.tsv should have"


def test_the_whole_table_is_not_kept() -> None:
    assert constants.PHRASES_DICT.keys() == phrases().keys()


def test_the_likeliest_initials_come_first_however_many_readings_a_title_has() -> None:
    assert initials("重庆银行长期催缴物业费的调整说明")[0] == "cqyhcqcjwyfdtzsm"
