"""What takes longer than somebody waits for a page: imports and exports, worked off by a worker."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Staff
from models.values import Json


class JobStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(StrEnum):
    RESIDENTS = "export_residents"
    AUDIT = "export_audit"
    COPY = "copy_person"
    IMPORT = "import"


class JobStep(StrEnum):
    READING = "reading"
    CHECKING = "checking"
    WRITING = "writing"


class Job(Model):
    """Made for one member of staff, who alone sees it. `asked` and `report` are its kind's own."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(24)  # a JobKind; plain, so that a new kind needs no migration
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff", related_name="jobs")
    staff_id: int
    source = fields.CharField(120, default="")  # from where it was asked for
    asked: Json = fields.JSONField(default=dict)
    name = fields.CharField(120, default="")  # of the file, as people read it
    status = fields.CharEnumField(JobStatus, default=JobStatus.WAITING)
    step = fields.CharEnumField(JobStep, default=JobStep.WRITING)  # of which `done` and `total` tell
    total = fields.IntField(default=0)
    done = fields.IntField(default=0)
    report: Json = fields.JSONField(default=dict)
    error = fields.CharField(64, default="")  # a phrase
    attempts = fields.IntField(default=0)
    made_at = fields.DatetimeField()
    beat_at = fields.DatetimeField(null=True)  # a sign of life of the worker that has it
    finished_at = fields.DatetimeField(null=True)
    ends_at = fields.DatetimeField(null=True)  # when its file goes

    class Meta:
        table = "job"
        indexes = (Index(fields=("status", "id")), Index(fields=("staff_id", "id")))


class JobFile(Model):
    """The spreadsheet that came in, or the one that was made; kept apart, so that lists stay light."""

    id = fields.IntField(primary_key=True)
    job: fields.OneToOneRelation[Job] = fields.OneToOneField("models.Job", related_name="file")
    job_id: int
    content = fields.BinaryField()

    class Meta:
        table = "job_file"
