"""What is kept of signing in goes when nobody asks for it any more."""

from datetime import timedelta

from models.access import ChatCode, StaffSession
from services import actors, clock
from services.company import chat_codes, sessions
from services.company.sessions import Browser, Way
from tests.world import desk
from tests.world.units import within


async def test_old_sessions_and_codes_are_forgotten_and_others_kept(database: str) -> None:
    staff = await desk.employ("xu")
    actor, browser = await actors.staff(staff.id), Browser("203.0.113.9", "Chrome", "known")
    for _ in range(2):
        await within(sessions.begin(staff.id, way=Way.PASSWORD, browser=browser, actor=actor))
    first, _ = await StaffSession.all().order_by("id")
    await StaffSession.filter(id=first.id).update(ends_at=clock.now() - timedelta(days=181))
    for minutes in (1, 11):
        made = clock.now() - timedelta(minutes=minutes)
        await ChatCode.create(staff=staff, code_hash="c", visit_hash="v", made_at=made)
    assert (await sessions.sweep(), await chat_codes.sweep()) == (1, 1)
    assert await sessions.knows("known", staff.id)
    assert (await sessions.sweep(), await chat_codes.sweep()) == (0, 0)
