"""Defaults from the file, the environment over them, and one plain sentence for whatever is wrong."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import settings
from commands import StartError, simulator
from settings import CallbackMode, Settings
from settings.errors import SettingsError


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = settings.load()
    yield
    settings.use(before)


def read(folder: Path, text: str = "") -> Settings:
    """Read everything anew, with this file laid over settings.toml."""
    file = folder / "own.toml"
    file.write_text(text, "utf-8")
    return settings.load(file)


def test_the_shipped_file_is_complete(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.web.port == 8080
    assert found.wechat.mode is CallbackMode.SAFE
    assert found.media.dir == settings.root() / "var" / "media"


def test_a_file_of_ones_own_changes_what_it_names(tmp_path: Path) -> None:
    found = read(tmp_path, "[web]\nport = 9000\n")
    assert (found.web.port, found.web.host) == (9000, "127.0.0.1")


def test_the_environment_wins_over_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANJIA_WEB__PORT", "9001")
    assert read(tmp_path, "[web]\nport = 9000\n").web.port == 9001


OWN = {
    "ACCOUNT_ID": "gh_0a1b2c3d4e5f",
    "APP_ID": "wx0000000000000001",
    "APP_SECRET": "9" * 32,
    "TOKEN": "a-token-of-our-own",
    "ENCODING_AES_KEY": "b3VyLW93bi1rZXktb3VyLW93bi1rZXktb3VyLW93bi0",
}


def real(monkeypatch: pytest.MonkeyPatch, **change: str) -> None:
    monkeypatch.setenv("GUANJIA_WECHAT__API_URL", "https://api.weixin.qq.com")
    for key, value in (OWN | change).items():
        monkeypatch.setenv(f"GUANJIA_WECHAT__{key}", value)


def test_a_real_account_is_taken_with_its_own_secrets_and_without_the_simulator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real(monkeypatch)
    found = read(tmp_path)
    assert (found.real_account, found.simulated) == (True, False)
    with pytest.raises(StartError, match="real one"):
        simulator.run(argparse.Namespace())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, str(getattr(settings.load().wechat, key.lower()))) for key in OWN),
        ("TOKEN", "guanjia"),
        ("APP_SECRET", "0123456789abcdef0123456789abcdef"),
    ],
)
def test_a_real_account_refuses_secrets_that_everybody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    real(monkeypatch, **{key: value})
    with pytest.raises(SettingsError, match=f"GUANJIA_WECHAT__{key} is the demo's"):
        read(tmp_path)


def test_a_real_account_may_stand_in_the_file_of_defaults_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = (settings.root() / "settings.toml").read_text("utf-8")
    own = {**{key.lower(): value for key, value in OWN.items()}, "api_url": "https://api.weixin.qq.com"}
    for key, value in own.items():
        shipped = re.sub(rf'(?m)^{key} = "[^"]*"', f'{key} = "{value}"', shipped)
    (tmp_path / "settings.toml").write_text(shipped, "utf-8")
    monkeypatch.setattr(settings, "root", lambda: tmp_path)
    found = read(tmp_path)
    assert found.real_account
    assert found.wechat.token == OWN["TOKEN"]


def test_a_simulator_elsewhere_on_this_machine_may_have_the_demos_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUANJIA_WECHAT__API_URL", "http://127.0.0.1:9999")
    assert read(tmp_path).simulated


def test_no_secret_stands_in_the_simulators_flags() -> None:
    found = settings.load()
    flags = " ".join(simulator._flags(found))
    assert not [value for value in simulator._secrets(found).values() if value in flags]


def test_what_was_read_stays(tmp_path: Path) -> None:
    found = read(tmp_path, "[web]\nport = 9000\n")
    assert settings.load() is found


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.load().web.port = 1  # type: ignore[misc]  # that it is refused is the point


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("GUANJIA_WEB__PORT", "eighty", "GUANJIA_WEB__PORT is 'eighty'; it should be a valid integer"),
        ("GUANJIA_WEB__PORT", "0", "GUANJIA_WEB__PORT is '0'; it should be greater than or equal to 1."),
        (
            "GUANJIA_WEB__PROT",
            "1",
            "GUANJIA_WEB__PROT: [web] has no key 'prot'; it has host, port, public_url.",
        ),
        ("GUANJIA_WBE__PORT", "1", "GUANJIA_WBE__PORT: there is no table 'wbe'"),
        ("GUANJIA_WEB", "1", "GUANJIA_WEB: [web] has no key ''"),
        (
            "GUANJIA_WECHAT__MODE",
            "open",
            "GUANJIA_WECHAT__MODE is 'open'; it should be 'plain', 'compatible' or 'safe'.",
        ),
        ("GUANJIA_WECHAT__TOKEN", "", "GUANJIA_WECHAT__TOKEN must not be empty."),
        (
            "GUANJIA_WECHAT__ENCODING_AES_KEY",
            "k" * 42,
            "should be the 43 letters and digits shown by the platform.",
        ),
    ],
)
def test_a_wrong_variable_is_named_in_one_sentence(
    variable: str, value: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as refused:
        read(tmp_path)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[web]\nprot = 1\n", "[web] prot in own.toml is not a setting; known here: host, port, public_url."),
        ("[wbe]\nport = 1\n", "[wbe] in own.toml is not a setting; known here: company, web,"),
        ("[web]\nport = 'x'\n", "[web] port in own.toml is 'x'; it should be a valid integer"),
        ("web = 1\n", "[web] in own.toml must be a table of keys and values."),
        ("[web\n", "own.toml is not valid TOML"),
    ],
)
def test_a_wrong_line_is_named_in_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, text)
    assert sentence in str(refused.value)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.toml"):
        settings.load(tmp_path / "missing.toml")


def test_secrets_are_in_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANJIA_WECHAT__ENCODING_AES_KEY", "not-to-be-seen")
    with pytest.raises(SettingsError) as refused:
        read(tmp_path)
    assert "not-to-be-seen" not in str(refused.value)


def test_secrets_are_in_no_log_of_the_settings() -> None:
    found = settings.load()
    shown = repr(found)
    assert found.wechat.app_id in shown
    for secret in (found.wechat.app_secret, found.wechat.token, found.wechat.encoding_aes_key):
        assert secret not in shown
