"""run.py policy: deciding a value, and bringing the default back."""

import argparse

import pytest

from commands import StartError, policy
from services import policy as policies

pytestmark = pytest.mark.usefixtures("database")


def chosen(key: str, value: str | None, *, default: bool = False) -> argparse.Namespace:
    return argparse.Namespace(key=key, value=value, default=default, by=None)


async def test_a_value_is_decided_and_the_default_brought_back(capsys: pytest.CaptureFixture[str]) -> None:
    await policy.changed(chosen("office_hours", '[["09:00","12:00"],["13:30","18:00"]]'))
    assert len((await policies.current()).office_hours) == 2
    await policy.changed(chosen("office_hours", None, default=True))
    assert await policies.current() == policies.defaults()
    await policy.listed()
    assert "office_hours" in capsys.readouterr().out


async def test_what_is_no_json_is_said_in_words() -> None:
    with pytest.raises(StartError, match="not JSON"):
        await policy.changed(chosen("urge_minutes", "soon"))
    with pytest.raises(StartError, match="null is no value"):
        await policy.changed(chosen("quiet_hours", "null"))
