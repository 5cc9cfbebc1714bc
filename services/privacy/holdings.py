"""Every table that holds something about a person, in the order in which it is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tortoise.models import Model

from models.activities import SignUp
from models.billing import Payment
from models.complaints import Complaint, ComplaintPhoto
from models.conversations import Conversation, Message
from models.desk import Draft, HeldReply, Note, TalkRating, TalkRead
from models.faults import OutageHearer
from models.follow_ups import FollowUp, FollowUpCall
from models.media import MediaFile
from models.notices import NoticeRead
from models.outbox import Outbox
from models.people import Binding, Consent, Person, PersonMerge
from models.promises import Promise
from models.requests import ServiceRequest
from models.scripts import Misunderstanding
from models.surveys import Answer, Response
from models.tasks import StaffTask
from models.tickets import Ticket, TicketFollower, TicketPhoto


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of `model` whose `owner` is the person. `title` names the file of a copy, "" for what is none of theirs.

    `becomes` says what its columns are when it is forgotten: nothing for rows that are kept as they are, because the
    law asks for them or nothing in them tells of the person any more; None for rows that are deleted.
    """

    title: str
    model: type[Model]
    owner: str
    becomes: Mapping[str, object] | None

    async def rows(self, person_id: int) -> list[dict[str, Any]]:
        rows = await self.model.filter(**{self.owner: person_id}).order_by("id").values()
        return [{name: value for name, value in row.items() if name != "found_by"} for row in rows]


HOLDINGS = (
    Holding("没听懂的话", Misunderstanding, "message__conversation__person_id", None),
    Holding("聊天记录", Message, "conversation__person_id", None),
    Holding("", Note, "conversation__person_id", None),
    Holding("", Draft, "conversation__person_id", None),
    Holding("", TalkRead, "conversation__person_id", None),
    Holding("", HeldReply, "conversation__person_id", None),
    Holding("", TalkRating, "person_id", None),
    Holding("", Conversation, "person_id", None),
    Holding("发给本人的消息", Outbox, "person_id", None),
    Holding("", TicketPhoto, "media__person_id", None),
    Holding("", ComplaintPhoto, "media__person_id", None),
    Holding("照片和语音", MediaFile, "person_id", None),
    Holding(
        "报修",
        Ticket,
        "reporter_id",
        {"contact_name": "", "contact_phone": "", "description": "", "place": "", "rating_remark": ""},
    ),
    Holding("一起等的报修", TicketFollower, "person_id", None),
    Holding("等恢复消息的停用", OutageHearer, "person_id", None),
    Holding("投诉和建议", Complaint, "person_id", {"story": "", "place": "", "rating_remark": ""}),
    Holding("回访", FollowUp, "person_id", {"said": ""}),
    Holding("", FollowUpCall, "follow_up__person_id", {"note": ""}),
    Holding("服务工单", ServiceRequest, "person_id", {"contact_phone": "", "answers": []}),
    Holding("活动报名", SignUp, "person_id", {"answers": {}}),
    Holding("问卷", Response, "person_id", {}),
    Holding("问卷的回答", Answer, "response__person_id", {"text": ""}),
    Holding("看过的公告", NoticeRead, "person_id", None),
    Holding("缴费", Payment, "person_id", {}),  # accounts are kept by law
    Holding("", Promise, "person_id", {"text": "", "reason": ""}),
    Holding("", PersonMerge, "absorbed_id", {}),  # numbers of rows
    Holding("", StaffTask, "person_id", {"note": "", "values": {}}),
    Holding("同意记录", Consent, "person_id", {}),  # the proof that it was asked for
    Holding("房屋绑定", Binding, "person_id", {"name": "", "phone": "", "note": "", "found_by": []}),
    Holding("本人", Person, "id", {"name": "", "phone": "", "following": False}),
)
