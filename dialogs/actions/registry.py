"""The one registry that every module of steps fills. `dialogs.registry` has it filled."""

from bot.scripts.actions import Registry

registry = Registry()
