"""What several households suffer from at once: one fault that is proposed as one, and who is told of an outage."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.community import Building, Community
from models.indexes import WhereIndex
from models.people import Person
from models.tickets import Category, Outage


class ProposalStatus(StrEnum):
    OPEN = "open"
    MERGED = "merged"
    REFUSED = "refused"  # 不是一回事


class FaultProposal(Model):
    """Reports of one trade out of one building that came within minutes: probably one fault.

    Grows until it is decided, and opens again when one more comes to what was merged.
    """

    id = fields.IntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField("models.Community")
    community_id: int
    building: fields.ForeignKeyRelation[Building] = fields.ForeignKeyField("models.Building")
    building_id: int
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField("models.Category")
    category_id: int
    tickets: list[int] = fields.JSONField(default=list)  # ids, as they were reported
    main_id = fields.IntField(null=True)  # the ticket that the others were merged into
    status = fields.CharEnumField(ProposalStatus, default=ProposalStatus.OPEN)
    decided = fields.IntField(default=0)  # how often
    last_at = fields.DatetimeField()  # of the newest report
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "fault_proposal"
        indexes = (
            WhereIndex(fields=("community_id", "id"), name="fault_proposal_open", where="status = 'open'"),
            Index(fields=("building_id", "category_id", "id")),
        )


class OutageHearer(Model):
    """Somebody who was told of an outage because they reported it or asked for it, and hears when it is over."""

    id = fields.BigIntField(primary_key=True)
    outage: fields.ForeignKeyRelation[Outage] = fields.ForeignKeyField(
        "models.Outage", related_name="hearers"
    )
    outage_id: int
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: int
    number = fields.CharField(16, default="")  # of their report; "" for whoever only asked

    class Meta:
        table = "outage_hearer"
        unique_together = (("outage", "person"),)
