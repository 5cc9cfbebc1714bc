"""What staff do in a talk, on the newest matter of the resident."""

from collections.abc import Awaitable, Callable
from hashlib import sha256

from dialogs import shipped
from models.activities import SignUp, SignUpStatus
from models.complaints import Complaint
from models.conversations import Conversation
from models.people import Staff
from models.requests import ServiceRequest
from services import actors
from services.actors import Actor
from services.cases import complaint_desk, request_desk
from services.community import activities
from services.desk import ratings, replies, taking
from services.desk.replies import Words
from services.repairs import handling, reporting

Act = Callable[[int, str], Awaitable[None]]  # person's id, words
LOGIN = "xu"


async def _staff() -> int:
    return (await Staff.get(login=LOGIN)).id


async def _actor() -> Actor:
    return await actors.staff(await _staff())


async def _accept_complaint(person_id: int, words: str) -> None:
    await complaint_desk.accept((await _newest_complaint(person_id)).id, actor=await _actor())


async def _answer_complaint(person_id: int, words: str) -> None:
    await complaint_desk.answer((await _newest_complaint(person_id)).id, words, actor=await _actor())


async def _newest_complaint(person_id: int) -> Complaint:
    found = await Complaint.filter(person_id=person_id).order_by("-id").first()
    assert found is not None, "there is no complaint to handle"
    return found


async def _accept_request(person_id: int, words: str) -> None:
    found = await ServiceRequest.filter(person_id=person_id).order_by("-id").first()
    assert found is not None, "there is no request to accept"
    await request_desk.accept(found.id, actor=await _actor(), note=words)


async def _accept_repair(person_id: int, words: str) -> None:
    newest = (await reporting.of_person(person_id, limit=1))[0]
    await handling.accept(newest.id, actor=await actors.staff(await _staff()))


async def _take(person_id: int, words: str) -> None:
    await taking.take((await Conversation.get(person_id=person_id)).id, actor=await _actor())


async def _say(person_id: int, words: str) -> None:
    conversation = await Conversation.get(person_id=person_id)
    key = sha256(f"{conversation.id}:{conversation.turns}:{words}".encode()).hexdigest()
    await replies.say(conversation.id, Words(words), key=key, seen=None, actor=await _actor())


async def _hand_back(person_id: int, words: str) -> None:
    await taking.hand_back((await Conversation.get(person_id=person_id)).id, actor=await _actor())


async def _resolve(person_id: int, words: str) -> None:
    conversation = await Conversation.get(person_id=person_id)
    key = sha256(f"closing:{conversation.id}:{conversation.turns}".encode()).hexdigest()
    await ratings.resolve(
        conversation.id, closing=words, stars=shipped.stars(), key=key, seen=None, actor=await _actor()
    )


async def _free_seat(person_id: int, words: str) -> None:
    """Neighbours leave the activity that the resident queues for until it is the resident's turn."""
    mine = await SignUp.get(person_id=person_id, status=SignUpStatus.WAITLISTED)
    while (await SignUp.get(id=mine.id)).status is SignUpStatus.WAITLISTED:
        others = SignUp.filter(activity_id=mine.activity_id, status__not=SignUpStatus.WITHDRAWN)
        first = await others.exclude(person_id=person_id).order_by("queued_at", "id").first()
        assert first is not None, "nobody is left who could leave"
        await activities.withdraw(first.person_id, mine.activity_id, actor=actors.person(first.person_id))


ACTS: dict[str, Act] = {
    "complaint.accept": _accept_complaint,
    "complaint.answer": _answer_complaint,
    "request.accept": _accept_request,
    "repair.accept": _accept_repair,
    "human.take": _take,
    "human.say": _say,
    "human.hand_back": _hand_back,
    "human.resolve": _resolve,
    "activity.free_seat": _free_seat,
}
TOLD = {"human.say", "human.resolve"}  # acts whose words the resident gets anyway: not written down twice
