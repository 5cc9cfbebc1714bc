"""What the bot says and asks. Importing this room fills the registry with every action and source of its modules."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
