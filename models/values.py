"""Types that several tables share."""

from typing import Any

Json = dict[str, Any]
