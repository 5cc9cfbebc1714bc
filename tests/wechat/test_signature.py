import pytest
from wechatpy.utils import check_signature

from wechat.errors import BadSignature
from wechat.signature import Freshness, check, sign

NOW = 1763860000.0
STAMP = str(int(NOW))


def test_the_signature_is_the_platforms():
    check_signature("token", sign("token", STAMP, "nonce"), STAMP, "nonce")


@pytest.mark.parametrize(
    "forged", ["", "0" * 40, "签名", sign("other", STAMP, "n"), sign("token", STAMP, "n").upper()]
)
def test_any_other_signature_is_refused(forged: str):
    check(sign("token", STAMP, "n"), "token", STAMP, "n")
    with pytest.raises(BadSignature):
        check(forged, "token", STAMP, "n")


@pytest.mark.parametrize("age", [-600, 0, 600])
def test_inside_the_window_passes(age: int):
    Freshness(600).check_time(str(int(NOW) - age), "n", NOW)


@pytest.mark.parametrize(
    "stamp", [str(int(NOW) - 601), str(int(NOW) + 601), "", "soon", "１７６３８６００００", "9" * 30, "-1"]
)
def test_outside_the_window_or_no_time_at_all_is_refused(stamp: str):
    with pytest.raises(BadSignature):
        Freshness(600).check_time(stamp, "n", NOW)


@pytest.mark.parametrize("nonce", ["", "a" * 65, "a b", "<x>", "随机"])
def test_an_ill_formed_nonce_is_refused(nonce: str):
    with pytest.raises(BadSignature):
        Freshness(600).check_time(STAMP, nonce, NOW)


def test_the_platforms_own_retry_passes_and_another_body_does_not():
    fresh = Freshness(600)
    for _ in range(3):
        fresh.check_replay(STAMP, "n", b"<xml>one</xml>", NOW)
    with pytest.raises(BadSignature):
        fresh.check_replay(STAMP, "n", b"<xml>two</xml>", NOW)


def test_a_nonce_is_remembered_as_long_as_its_timestamp_passes():
    fresh = Freshness(600)
    ahead = str(int(NOW) + 600)
    fresh.check_replay(ahead, "n", b"one", NOW)
    fresh.check_replay(STAMP, "other", b"x", NOW + 1199)
    with pytest.raises(BadSignature):
        fresh.check_replay(ahead, "n", b"two", NOW + 1200)


def test_memory_is_bounded():
    fresh = Freshness(600, remembered=1000)
    for n in range(5000):
        fresh.check_replay(STAMP, str(n), b"x", NOW)
        assert len(fresh) <= 1000
