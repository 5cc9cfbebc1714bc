"""Reading YAML as script writers mean it: `on`, `off`, `yes` and `no` are words, only `true` and `false` are not."""

import re

import yaml

_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOL = "tag:yaml.org,2002:bool"
_INT = "tag:yaml.org,2002:int"


class Loader(_Base):  # type: ignore[valid-type, misc]  # C or Python, whichever the wheel carries
    """YAML 1.1, which this library speaks, would read the key `on:` as a truth value and 15:00 as 900 seconds."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_BOOL, _INT)]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Loader.add_implicit_resolver(_INT, re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))


def load(source: str) -> object:
    """Raises yaml.YAMLError."""
    return yaml.load(source, Loader=Loader)
