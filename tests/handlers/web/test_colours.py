"""Dark is the same whether the system or the person asks for it: old browsers can only be told twice."""

import re

from handlers.web import assets

_TOKEN = re.compile(r"--[\w-]+:\s*[^;]+;")


def test_both_dark_palettes_are_one() -> None:
    css = (assets.FOLDER / "base.css").read_text("utf-8")
    by_system, by_person = css.split(':root:not([data-theme="light"])')[1].split(':root[data-theme="dark"]')
    asked = _TOKEN.findall(by_person.partition("}")[0])
    assert len(asked) > 15
    assert _TOKEN.findall(by_system.partition("}")[0]) == asked
