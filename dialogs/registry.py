"""The one registry that the modules of this room fill when they are imported."""

from bot.scripts.actions import Registry

registry = Registry()
