"""What commands print about what residents wrote."""

from commands.office import session


def test_what_residents_wrote_steers_no_terminal() -> None:
    said = "水管\x1b[2J漏\u009b31m水\u202e了\n第二行\u200b\x07"
    assert session.table([["1", said], ["22", "短"]]).splitlines() == [
        "1   水管[2J漏31m水了 第二行",
        "22  短",
    ]
    assert session.plain("\u202e501\u2066") == "501"
