"""What the platform's pages leave open and accounts report differently; `POST /sim/mode` changes it at any time."""

from dataclasses import dataclass

from simulator.config import Config, MenuIds
from simulator.errors import BadControl
from simulator.jsonio import Fields, JsonObject
from simulator.quota import Opening

_FIRST_NUMBER = 101


@dataclass(slots=True, kw_only=True)
class Habits:
    """A tapped option counts as a click unless `tap_opens_window`; a payment for nothing or for a message."""

    menu_ids: MenuIds
    tap_opens_window: bool
    payment_opens_window: bool

    def returned_id(self, place: int, menu_id: str) -> str | None:
        """What `bizmsgmenuid` says of an option at `place` (from 0) of its message; None: it is absent."""
        match self.menu_ids:
            case MenuIds.FULL:
                return menu_id
            case MenuIds.NUMBERED:
                return str(_FIRST_NUMBER + place)
            case MenuIds.ZERO:
                return "0"
            case MenuIds.NONE:
                return None

    @property
    def tap(self) -> Opening:
        return Opening.MESSAGE if self.tap_opens_window else Opening.ACTION

    @property
    def payment(self) -> Opening | None:
        return Opening.MESSAGE if self.payment_opens_window else None

    def change(self, body: Fields) -> None:
        """Take over what a control request names; the rest stays. BadControl for anything else."""
        if unknown := sorted(set(body.values) - set(self.shown())):
            raise BadControl(f"there is no such habit: {', '.join(unknown)}")
        menu_ids = body.text("menu_ids", self.menu_ids)
        if menu_ids not in list(MenuIds):
            raise BadControl(f"menu_ids must be one of {', '.join(MenuIds)}")
        taps = body.flag("tap_opens_window") if body.has("tap_opens_window") else self.tap_opens_window
        pays = (
            body.flag("payment_opens_window")
            if body.has("payment_opens_window")
            else self.payment_opens_window
        )
        self.menu_ids, self.tap_opens_window, self.payment_opens_window = MenuIds(menu_ids), taps, pays

    def shown(self) -> JsonObject:
        return {
            "menu_ids": self.menu_ids.value,
            "tap_opens_window": self.tap_opens_window,
            "payment_opens_window": self.payment_opens_window,
        }


def habits_of(config: Config) -> Habits:
    return Habits(
        menu_ids=config.menu_ids,
        tap_opens_window=config.tap_opens_window,
        payment_opens_window=config.payment_opens_window,
    )
