"""Who of the staff is on duty, and telling them in their own WeChat what residents wait for."""

from collections.abc import Collection, Mapping

from tortoise.queryset import QuerySet

from models.people import Role, Staff
from services import clock, outbox, worktime
from services.scope import working_for


async def service(community_id: int | None, *, besides: Collection[int] = ()) -> list[int]:
    """Persons of the service staff on duty for a community, of everywhere for None; admins when there are none.

    `besides` are those of the staff who are not to hear it.
    """
    there = Staff.filter(active=True, person_id__isnull=False).exclude(id__in=list(besides))
    serving = await _persons(there.filter(await working_for(community_id), role=Role.SERVICE, on_duty=True))
    found = serving or await _persons(there.filter(role=Role.ADMIN))
    return await _but_for(besides, found)


async def tell_service(
    community_id: int | None,
    phrase: str,
    values: Mapping[str, outbox.Value],
    *,
    key: str,
    besides: Collection[int] = (),
) -> None:
    """Queue the phrase for each of them, for when the office is open. What they miss stands on their list anyway."""
    for one in await service(community_id, besides=besides):
        await tell(one, phrase, values, key=f"{key}:{one}")


async def tell(person_id: int, phrase: str, values: Mapping[str, outbox.Value], *, key: str) -> None:
    """Queue the phrase for a colleague, for when the office is open: danger alone wakes people."""
    opens = (await worktime.of_desk()).next_open(clock.now())
    await outbox.tell(person_id, phrase, values, key=key, not_before=opens)


async def _but_for(staff_ids: Collection[int], persons: list[int]) -> list[int]:
    """Nor do they hear it by another account of theirs."""
    hidden = await _persons(Staff.filter(id__in=list(staff_ids))) if staff_ids else []
    return [one for one in persons if one not in hidden]


async def _persons(found: QuerySet[Staff]) -> list[int]:
    rows = await found.order_by("id")
    return [row.person_id for row in rows if row.person_id is not None]


async def leading(community_id: int | None, *, besides: Collection[int] = ()) -> list[int]:
    """Persons of those who answer for the service there: leaders, and admins where there are none to reach.

    `besides` are those of the staff who are not to hear it.
    """
    there = Staff.filter(active=True, person_id__isnull=False).exclude(id__in=list(besides))
    leaders = await _persons(there.filter(await working_for(community_id), role=Role.LEADER))
    return await _but_for(besides, leaders or await _persons(there.filter(role=Role.ADMIN)))


async def in_charge(community_id: int | None) -> list[int]:
    """Persons whom danger reaches next: supervisors and leaders, on duty or not; admins where there are none."""
    there = Staff.filter(active=True, person_id__isnull=False)
    found = await _persons(
        there.filter(await working_for(community_id), role__in=[Role.SUPERVISOR, Role.LEADER])
    )
    return found or await _persons(there.filter(role=Role.ADMIN))
