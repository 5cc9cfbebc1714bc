"""The repair ticket 报修工单, its photos, and what is known to be out of order."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Building, Community, House
from models.indexes import WhereIndex
from models.media import MediaFile
from models.people import Person, Staff, Technician


class DispatchMode(StrEnum):
    AUTOMATIC = "automatic"
    GRAB = "grab"  # 抢单
    MANUAL = "manual"


class Category(Model):
    """报修类别. Minutes are working minutes of the SLA clocks, or round-the-clock ones when `always`."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(32, unique=True)  # as understanding names it: water, drain, electric …
    name = fields.CharField(32)
    area = fields.CharField(8, default="both")  # home, public, both
    dispatch = fields.CharEnumField(DispatchMode, default=DispatchMode.AUTOMATIC)
    accept_minutes = fields.IntField(default=30)
    arrive_minutes = fields.IntField(default=240)
    finish_minutes = fields.IntField(default=1440)
    always = fields.BooleanField(default=False)
    sort = fields.IntField(default=0)

    class Meta:
        table = "category"


class TicketStatus(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    AWAITING_RESIDENT = "awaiting_resident"
    CLOSED = "closed"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"


# Of the rows that a company still has to do with, a few in a hundred; statements that say the same use their index.
UNENDED = "status NOT IN ('closed', 'declined', 'duplicate', 'cancelled')"


class Area(StrEnum):
    HOME = "home"  # 入户
    PUBLIC = "public"  # 公共区域


class Ticket(Model):
    """One repair. `number` is what people say aloud; moves between states stand in services/repairs/moves."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(16, unique=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    house: fields.ForeignKeyNullableRelation[House] = fields.ForeignKeyField("models.House", null=True)
    house_id: int | None
    reporter: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    reporter_id: int
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField("models.Category")
    category_id: int
    area = fields.CharEnumField(Area, default=Area.HOME)
    place = fields.CharField(100, default="")  # 厨房; 3栋一层大堂
    description = fields.TextField(default="")
    contact_name = fields.CharField(32, default="")
    contact_phone = fields.CharField(20, default="")
    appointment_start = fields.DatetimeField(null=True)
    appointment_end = fields.DatetimeField(null=True)
    urgent = fields.BooleanField(default=False)
    source = fields.CharField(16, default="chat")  # chat, phone, desk
    status = fields.CharEnumField(TicketStatus, default=TicketStatus.SUBMITTED)
    technician: fields.ForeignKeyNullableRelation[Technician] = fields.ForeignKeyField(
        "models.Technician", null=True
    )
    technician_id: int | None
    eta = fields.DatetimeField(null=True)
    hold_reason = fields.CharField(100, default="")
    hold_until = fields.DatetimeField(null=True)
    duplicate_of: fields.ForeignKeyNullableRelation["Ticket"] = fields.ForeignKeyField(
        "models.Ticket", null=True
    )
    duplicate_of_id: int | None  # the living one: never itself merged
    withdrawn_at = fields.DatetimeField(null=True)  # its reporter no longer waits; others who reported it do
    reopened_count = fields.IntField(default=0)
    reassigned_count = fields.IntField(default=0)
    urged_count = fields.IntField(default=0)
    urged_at = fields.DatetimeField(null=True)
    materials = fields.CharField(200, default="")
    cost_fen = fields.IntField(null=True)
    finish_note = fields.TextField(default="")
    rating_speed = fields.IntField(null=True)  # stars 1–5
    rating_quality = fields.IntField(null=True)
    rating_reasons: list[str] = fields.JSONField(default=list)
    rating_remark = fields.CharField(300, default="")
    rated_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    accepted_at = fields.DatetimeField(null=True)
    dispatched_at = fields.DatetimeField(null=True)
    confirmed_at = fields.DatetimeField(null=True)
    arrived_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    # Three clocks, each with a field of its own (services/repairs/clocks); a hold stops the last one.
    answered_at = fields.DatetimeField(null=True)  # somebody promised to come, for the first time
    respond_by = fields.DatetimeField(null=True)
    arrive_by = fields.DatetimeField(null=True)
    finish_by = fields.DatetimeField(null=True)  # counted from the arrival
    held_at = fields.DatetimeField(null=True)  # since when the work pauses

    class Meta:
        table = "ticket"
        indexes = (
            Index(fields=("reporter_id", "id")),
            Index(fields=("technician_id", "status")),
            Index(fields=("community_id", "status", "id")),
            Index(fields=("house_id", "id")),
            # The lists of staff continue by id, whatever they are narrowed to.
            Index(fields=("community_id", "id")),
            Index(fields=("category_id", "id")),
            Index(fields=("technician_id", "id")),
            Index(fields=("contact_name", "id")),
            WhereIndex(fields=("id",), name="ticket_unfinished", where=UNENDED),
            WhereIndex(fields=("id",), name="ticket_urgent", where="urgent"),
            WhereIndex(
                fields=("duplicate_of_id",), name="ticket_merged", where="duplicate_of_id IS NOT NULL"
            ),
        )


class TicketFollower(Model):
    """Somebody who reported the same public fault, and hears when it is mended."""

    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="followers"
    )
    ticket_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "ticket_follower"
        unique_together = (("ticket", "person"),)


class PhotoStage(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class TicketPhoto(Model):
    id = fields.BigIntField(primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField("models.Ticket", related_name="photos")
    ticket_id: int
    media: fields.ForeignKeyRelation[MediaFile] = fields.ForeignKeyField("models.MediaFile")
    media_id: int
    stage = fields.CharEnumField(PhotoStage, default=PhotoStage.BEFORE)
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField("models.Staff", null=True)
    staff_id: int | None  # who added it for somebody who sent it another way, or took it

    class Meta:
        table = "ticket_photo"
        unique_together = (("ticket", "media"),)


class TicketBatch(Model):
    """What somebody did to several tickets at once, with how each was before: taken back as one while it is fresh."""

    id = fields.BigIntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff")
    staff_id: int
    verb = fields.CharField(16)
    rows: list[dict[str, Any]] = fields.JSONField(default=list)  # services/repairs/batches
    made_at = fields.DatetimeField()
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "ticket_batch"


class Outage(Model):
    """已知停水停电: told before a duplicate ticket is made. Without a building: the whole community's."""

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    building: fields.ForeignKeyNullableRelation[Building] = fields.ForeignKeyField(
        "models.Building", null=True
    )
    building_id: int | None
    category_code = fields.CharField(32)
    text = fields.CharField(300)  # told to residents
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField(null=True)  # expected end; unknown when null
    ended_at = fields.DatetimeField(null=True)  # said by staff, and told

    class Meta:
        table = "outage"
