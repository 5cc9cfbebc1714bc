"""What goes out as a template message fits the platform's types, however long what it names is, and was caused."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.values import Plain
from dialogs import shipped
from simulator.errors import ApiError
from simulator.templates import check_kinds
from tests.dialogs.test_phrases import ROOT, called, keys_in
from wechat.typed import KINDS, AccountTemplate, UnfitError, fits

PHRASES = shipped.phrases()
KINDS_SHIPPED = shipped.template_kinds()
TEMPLATES = PHRASES.templates()
# What the outbox carries, but never as a template message: why not.
WITHOUT = {
    "notice.new": "a general notice",
    "notice.urgent": "a general notice",
    "human.taken_over": "only said while both are writing",
    "human.handed_back": "only said while both are writing",
    "human.handed_back_draft": "only said while both are writing",
    "human.timed_out": "only said while both are writing",
    "human.timed_out_draft": "only said while both are writing",
    "human.closed_for_today": "who waits has written in the same office hours",
    "binding.new_member": "the owner did not cause it",
    "photo.lost": "of use only while the photo is at hand",
}
TELLING = {
    "tell",
    "_tell",
    "tell_all",
    "tell_staff",
    "_tell_staff",
    "tell_service",
    "tell_reporter",
    "tell_followers",
    "tell_own",
    "tell_waiting",
    "_tell_technician",
    "_tell_reporter",
}

LONG = "努尔买买提·阿卜杜热合曼·玉素甫江·依米提"
EXTREMES: list[dict[str, Plain]] = [
    {"number": "BX99999999999999", "names": LONG},
    {"number": "BX1", "names": "王"},
    {"number": "BX20261127", "names": "两\n行😀"},
    {"number": "BX20261127", "names": ""},
    {"number": "BX20261127", "names": "A" * 300},
]
MOMENT = datetime(2026, 12, 31, 23, 59, tzinfo=UTC).isoformat()


def values_of(phrase: str, extreme: dict[str, Plain]) -> dict[str, Plain]:
    """Every name of the phrase's template, as long and as odd as this extreme has it."""
    wordings = [one for several in TEMPLATES[phrase].values.values() for one in several]
    spec = {name: form for one in wordings for name, form in re.findall(r"\{(\w+)(?::(\w+))?\}", one)}
    filled: dict[str, Plain] = {}
    for name, form in spec.items():
        filled[name] = (
            MOMENT if form == "when" else extreme["number"] if name == "number" else extreme["names"]
        )
    return filled


@pytest.mark.parametrize("extreme", range(len(EXTREMES)))
@pytest.mark.parametrize("phrase", sorted(TEMPLATES))
def test_every_template_message_fits_whatever_it_names(phrase: str, extreme: int) -> None:
    rendered = PHRASES.render(phrase, values_of(phrase, EXTREMES[extreme])).template
    assert rendered
    kind = KINDS_SHIPPED[rendered[0]]
    filled = AccountTemplate("T", kind.keys).filled(rendered[1])
    check_kinds(filled, list(kind.keys.values()))


@pytest.mark.parametrize("phrase", sorted(TEMPLATES))
def test_every_template_message_is_of_a_kind_that_people_cause(phrase: str) -> None:
    template = TEMPLATES[phrase]
    assert KINDS_SHIPPED[template.kind].caused
    assert set(template.values) == set(KINDS_SHIPPED[template.kind].values)


def test_a_kind_that_nobody_caused_carries_nothing() -> None:
    assert [kind for kind, shape in KINDS_SHIPPED.items() if not shape.caused and shape.values] == []


def _told() -> Iterator[str]:
    """Every phrase key in a call that puts it into the outbox."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and called(node.func) in TELLING:
                yield from keys_in(node)


def test_whatever_is_told_to_somebody_has_a_way_when_the_window_is_shut() -> None:
    told = set(_told())
    assert len(told) > 30
    assert sorted(told - set(TEMPLATES) - set(WITHOUT)) == []
    assert sorted(set(TEMPLATES) & set(WITHOUT)) == []


def test_the_first_wording_that_fits_is_used_and_none_is_cut() -> None:
    def state(name: str) -> str:
        told = {"number": "BX1", "technician": name, "phone": "13800001234"}
        rendered = PHRASES.render("repair.dispatched", told).template
        assert rendered
        return AccountTemplate("T", {"state": "thing2"}).filled(rendered[1])["thing2"]

    assert state("王") == "已派王师傅 13800001234"
    assert state("欧阳诸葛明") == "已派欧阳诸葛明师傅"
    assert state(LONG) == "已派师傅，等他确认时间"


def test_a_message_to_staff_names_what_it_is_about_and_gives_no_prompt_for_it() -> None:
    assert (
        KINDS_SHIPPED["desk"].values["where"].label == "涉及"
    )  # a person, a repair, a complaint: whatever it is
    desk = {phrase for phrase, one in TEMPLATES.items() if one.kind == "desk"}
    assert len(desk) > 12
    assert [phrase for phrase in sorted(desk) if "请回来看" in TEMPLATES[phrase].values["where"]] == []
    told = {"number": "T1001", "topic": "噪音扰民", "deadline": MOMENT, "staff": "陈静"}
    for phrase in sorted(one for one in desk if one.startswith("staff.complaint_")):
        rendered = PHRASES.render(phrase, told).template
        assert rendered
        assert AccountTemplate("T", {"where": "thing2"}).filled(rendered[1])["thing2"] == "噪音扰民"


def test_what_fits_in_no_wording_is_told() -> None:
    with pytest.raises(UnfitError, match="number fits no character_string1"):
        AccountTemplate("T", {"number": "character_string1"}).filled({"number": ["报修单"]})


@given(
    st.sampled_from(sorted(KINDS)),
    st.one_of(
        st.text(max_size=40),
        st.from_regex(r"\A[-+¥￥]?\d{1,12}(\.\d{1,3})?元?\Z"),
        st.from_regex(r"\A\d{4}[年/-]\d{1,2}[月/-]\d{1,2}日? ?(\d{1,2}:\d{2})?\Z"),
        st.text(alphabet="王李·张师傅A.- 0123456789", max_size=34),
    ),
)
def test_what_we_take_for_fitting_the_platform_takes_too(kind: str, value: str) -> None:
    if fits(f"{kind}1", value):
        try:
            check_kinds({f"{kind}1": value}, [])
        except ApiError:
            pytest.fail(f"{kind} {value!r}")
