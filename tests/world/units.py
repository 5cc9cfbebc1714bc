"""Calling a verb of the services as an edge would: inside one unit of work."""

from collections.abc import Awaitable
from typing import TypeVar

from services import work

T = TypeVar("T")


async def within(done: Awaitable[T]) -> T:
    async with work.unit():
        return await done
