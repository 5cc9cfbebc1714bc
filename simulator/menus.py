"""The account's menu: three buttons, five below each, checked as the platform checks it."""

from collections.abc import Iterator

from simulator.errors import ApiError
from simulator.jsonio import Fields, JsonObject, JsonValue

_KEYED = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}
_LINKED = {"view", "miniprogram"}
_MEDIA = {"media_id", "view_limited", "article_id", "article_view_limited"}


def check_menu(body: Fields) -> None:
    """ApiError where the platform would refuse the menu."""
    buttons = body.objects("button")
    if not 1 <= len(buttons) <= 3:
        raise ApiError(40016)
    for button in buttons:
        if button.has("sub_button") and button.items("sub_button"):
            _check_name(button, most=16, errcode=40018)
            _check_below(button.objects("sub_button"))
        else:
            _check_name(button, most=16, errcode=40018)
            _check_act(button, below=False)


def _check_below(buttons: list[Fields]) -> None:
    if len(buttons) > 5:
        raise ApiError(40023)
    for button in buttons:
        _check_name(button, most=60, errcode=40025)
        _check_act(button, below=True)


def _check_name(button: Fields, *, most: int, errcode: int) -> None:
    if not 1 <= len(button.text("name", "").encode()) <= most:
        raise ApiError(errcode)


def _check_act(button: Fields, *, below: bool) -> None:
    kind = button.text("type", "")
    if kind in _KEYED:
        if not 1 <= len(button.text("key", "").encode()) <= 128:
            raise ApiError(40026 if below else 40019)
    elif kind in _LINKED:
        if not 1 <= len(button.text("url", "").encode()) <= 1024:
            raise ApiError(40027 if below else 40020)
    elif kind not in _MEDIA:
        raise ApiError(40024 if below else 40017)


def buttons_of(menu: JsonObject | None) -> Iterator[JsonObject]:
    """Every button that does something."""
    for button in _objects((menu or {}).get("button")):
        below = list(_objects(button.get("sub_button")))
        yield from below or [button]


def _objects(value: JsonValue) -> Iterator[JsonObject]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def has_key(menu: JsonObject | None, key: str) -> bool:
    return any(button.get("key") == key for button in buttons_of(menu))


def button_type(menu: JsonObject | None, key: str) -> str:
    """What kind of button has this key; a plain one where there is no menu."""
    found = (str(button.get("type", "click")) for button in buttons_of(menu) if button.get("key") == key)
    return next(found, "click")


def current(menu: JsonObject) -> JsonObject:
    """The menu as get_current_selfmenu_info gives it: what is below a button comes in a list of its own."""
    buttons: list[JsonValue] = []
    for button in _objects(menu.get("button")):
        below = button.get("sub_button")
        buttons.append(button | {"sub_button": {"list": below}} if below else button)
    return {"is_menu_open": 1, "selfmenu_info": {"button": buttons}}
