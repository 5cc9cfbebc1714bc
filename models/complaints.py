"""投诉 and 建议: one resident's talk with the company about something, with its deadline and its stars."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Community, House
from models.indexes import WhereIndex
from models.media import MediaFile
from models.people import Person, Staff, Technician


class ComplaintKind(StrEnum):
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


class ComplaintStatus(StrEnum):
    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Complaint(Model):
    """Strictly one to one: only `person` and staff ever see it. `number` is what people say aloud.

    `anonymous` hides the name in staff lists; answers still reach the person. `topic` is the option's
    own text (噪音扰民), so that scripts may add topics. Whom it is about, as far as that is clear, never sees it.
    """

    id = fields.IntField(primary_key=True)
    number = fields.CharField(16, unique=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    house: fields.ForeignKeyNullableRelation[House] = fields.ForeignKeyField("models.House", null=True)
    house_id: int | None
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    kind = fields.CharEnumField(ComplaintKind)
    topic = fields.CharField(32, default="")
    story = fields.TextField()
    place = fields.CharField(100, default="")
    anonymous = fields.BooleanField(default=False)
    status = fields.CharEnumField(ComplaintStatus, default=ComplaintStatus.SUBMITTED)
    handler: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField("models.Staff", null=True)
    handler_id: int | None
    about_staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", null=True, related_name="complaints_about"
    )
    about_staff_id: int | None
    about_technician: fields.ForeignKeyNullableRelation[Technician] = fields.ForeignKeyField(
        "models.Technician", null=True, related_name="complaints_about"
    )
    about_technician_id: int | None
    respond_by = fields.DatetimeField()  # somebody of the staff takes it up until then
    responded_at = fields.DatetimeField(null=True)
    deadline_at = fields.DatetimeField()
    rating = fields.IntField(null=True)  # stars 1–5
    rating_remark = fields.CharField(300, default="")
    rated_at = fields.DatetimeField(null=True)
    reopened_count = fields.IntField(default=0)
    created_at = fields.DatetimeField(auto_now_add=True)
    answered_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "complaint"
        indexes = (
            Index(fields=("person_id", "id")),
            # How many stand under each tab, without those about whoever looks: counted from the index alone.
            Index(fields=("community_id", "status", "id", "about_staff_id", "about_technician_id")),
            Index(fields=("house_id", "id")),
            # Those about whoever looks, of whom calls and instructions tell as well.
            WhereIndex(
                fields=("about_staff_id",), name="complaint_staff", where="about_staff_id IS NOT NULL"
            ),
            WhereIndex(
                fields=("about_technician_id",),
                name="complaint_technician",
                where="about_technician_id IS NOT NULL",
            ),
            # The lists of the desk: what is due first.
            Index(fields=("status", "respond_by", "id")),
            Index(fields=("status", "deadline_at", "id")),
        )


class ComplaintSuspect(Model):
    """One of several whom a complaint may be about, as long as it is not known about whom it is."""

    id = fields.IntField(primary_key=True)
    complaint: fields.ForeignKeyRelation[Complaint] = fields.ForeignKeyField(
        "models.Complaint", related_name="suspects"
    )
    complaint_id: int
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField("models.Staff", null=True)
    staff_id: int | None
    technician: fields.ForeignKeyNullableRelation[Technician] = fields.ForeignKeyField(
        "models.Technician", null=True
    )
    technician_id: int | None

    class Meta:
        table = "complaint_suspect"
        indexes = (
            Index(fields=("complaint_id",)),
            Index(fields=("staff_id", "complaint_id")),
            Index(fields=("technician_id", "complaint_id")),
        )


class ComplaintPhoto(Model):
    id = fields.BigIntField(primary_key=True)
    complaint: fields.ForeignKeyRelation[Complaint] = fields.ForeignKeyField(
        "models.Complaint", related_name="photos"
    )
    complaint_id: int
    media: fields.ForeignKeyRelation[MediaFile] = fields.ForeignKeyField("models.MediaFile")
    media_id: int

    class Meta:
        table = "complaint_photo"
        unique_together = (("complaint", "media"),)
