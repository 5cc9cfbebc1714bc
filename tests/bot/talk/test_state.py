"""Talks that the release before stored go on, and what a newer release stored is kept."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.talk.state import FORM, Frame, Offered, Parked, State
from bot.understanding import Understander
from bot.values import Option, Reply
from models.conversations import Conversation
from models.people import Person
from models.values import Json
from services import clock
from tests.bot import talks
from tests.bot.talks import Resident
from tests.world import estate, places

STORED = {
    path.stem: orjson.loads(path.read_bytes()) for path in (Path(__file__).parent / "stored").glob("*.json")
}


def written(state: State) -> Json:
    """As the row has it after a turn."""
    row: Json = orjson.loads(orjson.dumps(state.row()))
    return row


@dataclass
class Continued:
    """Somebody whose talk the release before left as `stored` says."""

    stored: dict[str, Any]
    resident: Resident
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def begin(self) -> None:
        place = await estate.build()
        person = await Person.create(channel_id=self.resident.name)
        await Conversation.create(person=person, state=self.stored["state"])
        if self.stored["bound"]:
            await places.bind(person, place.house)
        self.resident.reply = Reply("", tuple(Option(*one) for one in self.stored["offered"]))

    async def go_on(self) -> None:
        now = datetime.fromisoformat(self.stored["now"])
        for line in self.stored["talk"]:
            now += timedelta(seconds=20)
            with clock.fixed(now):
                act = self.resident.taps if "taps" in line else self.resident.says
                answer = await act(line.get("taps") or line["says"])
            top = State.of((await Conversation.get(person__channel_id=self.resident.name)).state).top
            shown = [one.text for one in self.resident.reply.options] if self.resident.reply else []
            seen = {
                "answer": answer,
                "options": shown,
                "at": top.at if top else "",
                "slots": top.slots if top else {},
            }
            self.seen.append({name: line[name] for name in ("says", "taps") if name in line} | seen)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", STORED)
async def test_a_talk_of_the_release_before_goes_on_as_it_would_have_there(
    name: str, understander: Understander
) -> None:
    continued = Continued(STORED[name], Resident(talks.pipeline(understander)))
    await continued.begin()
    await continued.go_on()
    assert continued.seen == STORED[name]["talk"]


@pytest.mark.parametrize("name", STORED)
def test_rows_by_position_become_rows_by_name(name: str) -> None:
    state = State.of(STORED[name]["state"])
    row = written(state)
    assert row["form"] == FORM
    assert State.of(row) == state
    frames = [*row.get("stack", []), *(frame for one in row.get("parked", []) for frame in one["frames"])]
    assert all(isinstance(frame, dict) for frame in frames)
    assert not [key for frame in frames for key in frame["vars"] if key.startswith("_")]


def test_an_empty_row_is_nothing() -> None:
    assert State.of({}) == State()


plain = st.dictionaries(st.text(max_size=3), st.integers(0, 9) | st.text(max_size=3), max_size=2)
words = st.lists(st.text(max_size=3), max_size=2)
moments = st.datetimes(timezones=st.just(UTC))
options = st.builds(
    Offered,
    st.text(),
    value=st.text(),
    to=st.text(),
    go=st.text(),
    keywords=words.map(tuple),
    unknown=st.none(),
)
frames = st.builds(
    Frame,
    script=st.text(),
    version=st.integers(1, 9),
    talk=st.integers(1, 9),
    slots=plain,
    vars=plain,
    options=st.lists(options, max_size=2),
    before=st.lists(st.fixed_dictionaries({"vars": plain, "skipped": words}), max_size=2),
    unknown=st.none(),
)
states = st.builds(
    State,
    stack=st.lists(frames, max_size=2),
    parked=st.lists(st.builds(Parked, st.lists(frames, max_size=2), moments, unknown=st.none()), max_size=2),
    offers=st.lists(options, max_size=2),
    loose_at=st.none() | moments,
    burst_at=st.none() | moments,
    heard_at=st.none() | moments,
    form=st.just(FORM),
    unknown=st.none(),
)


@given(states)
def test_what_is_written_is_read_again(state: State) -> None:
    assert State.of(written(state)) == state


@given(states)
def test_what_a_newer_release_added_is_kept(state: State) -> None:
    row = written(state)
    added = {"mood": ["new", {"deep": 1}]}
    row |= {"form": FORM + 1, **added}
    options = [one for frame in row.get("stack", []) for one in frame.get("options", [])]
    for part in (*row.get("stack", []), *row.get("parked", []), *row.get("offers", []), *options):
        part.update(added)
    assert written(State.of(row)) == row
