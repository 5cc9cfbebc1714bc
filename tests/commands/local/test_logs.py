"""The log says where something failed, and nothing of what people wrote."""

import io
import logging

import orjson
import pytest
from aiohttp.http_exceptions import InvalidHeader, LineTooLong
from tortoise.exceptions import ValidationError

from commands.local import logs
from models.people import Person

pytestmark = pytest.mark.usefixtures("database")

PHONE = "13800001234" * 3  # longer than its column


async def _failed(formatter: logging.Formatter) -> str:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    log = logging.getLogger("tests.logs")
    log.addHandler(handler)
    try:
        await Person.create(channel_id="o1", phone=PHONE)
    except ValidationError as fault:
        try:
            raise RuntimeError("the turn ended") from fault
        except RuntimeError:
            log.exception("turn failed id=%s", "1")
    finally:
        log.removeHandler(handler)
    return written.getvalue()


@pytest.mark.parametrize("formatter", [logs.Formatter("%(message)s"), logs.JsonFormatter()])
async def test_a_fault_is_told_without_the_value_that_caused_it(formatter: logging.Formatter) -> None:
    line = await _failed(formatter)
    assert "ValidationError" in line and "the turn ended" in line and "test_logs.py" in line
    assert PHONE not in line


async def test_a_record_for_a_collector_is_one_line() -> None:
    line = await _failed(logs.JsonFormatter())
    assert line.count("\n") == 1
    assert orjson.loads(line)["message"] == "turn failed id=1"


@pytest.mark.parametrize(
    "trick", ["a\nweb | FAKE LOG LINE", "a\r\nb", "a\u2028b", "a\x9b31mb", "a\u202eb", "a\x1b[2Jb"]
)
def test_nothing_in_a_record_begins_a_line_of_its_own(trick: str) -> None:
    record = logging.LogRecord("web", logging.INFO, "x.py", 1, "turn id=%s kind=text", (trick,), None)
    line = logs.Formatter("%(asctime)s %(message)s").format(record)
    assert "kind=text" in line.splitlines()[-1]
    assert len(line.splitlines()) == 1
    assert line.isprintable()


@pytest.mark.parametrize(
    ("fault", "written"),
    [(InvalidHeader("Bad Header"), False), (LineTooLong(b"x"), False), (KeyError("x"), True)],
)
def test_what_is_no_http_costs_no_line_and_our_own_faults_do(fault: Exception, written: bool) -> None:
    said = "Error handling request from %s"
    record = logging.LogRecord(
        "aiohttp.server", logging.ERROR, "x.py", 1, said, ("10.0.0.1",), (type(fault), fault, None)
    )
    assert logs.is_ours(record) is written
