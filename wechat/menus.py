"""The account's menu as the platform takes it: up to three buttons of up to five entries.

https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html
"""

from collections.abc import Sequence

from bot.values import MenuButton, MenuEntry


def body(buttons: Sequence[MenuButton]) -> dict[str, object]:
    return {
        "button": [
            {"name": one.name, "sub_button": [_entry(entry) for entry in one.entries]} for one in buttons
        ]
    }


def _entry(entry: MenuEntry) -> dict[str, str]:
    if entry.url:
        return {"type": "view", "name": entry.name, "url": entry.url}
    return {"type": "click", "name": entry.name, "key": entry.key}
