"""How staff get in: their sessions, their second factor, the codes that prove them, and tries that failed."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.people import Staff


class StaffSession(Model):
    """One browser that somebody signed in with. Tokens are stored as SHA-256: who reads the table gets in nowhere."""

    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField("models.Staff", related_name="sessions")
    staff_id: int
    token_hash = fields.CharField(64, unique=True)
    previous_hash = fields.CharField(64, default="", db_index=True)  # for requests that were under way
    previous_until = fields.DatetimeField(null=True)
    form_key = fields.CharField(43)  # what its forms carry, so that no other page can send them
    rights = fields.CharField(32)  # role and office when the token was made; another means a new token
    device_hash = fields.CharField(64, default="", db_index=True)  # of the browser, kept beyond sessions
    device = fields.CharField(64, default="")
    address = fields.CharField(45, default="")
    way = fields.CharField(16)  # services.company.sessions.Way
    proven = fields.BooleanField(default=False)  # the second factor was given
    opened_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff_session"
        indexes = (Index(fields=("staff_id", "ended_at")),)


class SecondFactor(Model):
    """The authenticator of a member of staff. `last_step` is the last code that was taken: none counts twice."""

    id = fields.IntField(primary_key=True)
    staff: fields.OneToOneRelation[Staff] = fields.OneToOneField("models.Staff", related_name="second_factor")
    staff_id: int
    secret = fields.CharField(64)
    confirmed_at = fields.DatetimeField(null=True)
    last_step = fields.BigIntField(default=0)

    class Meta:
        table = "second_factor"


class BackupCode(Model):
    """One use of it stands for one code of the authenticator."""

    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="backup_codes"
    )
    staff_id: int
    code_hash = fields.CharField(64)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "backup_code"
        unique_together = (("staff", "code_hash"),)


class ChatCode(Model):
    """A code that was sent into somebody's own WeChat; good once, in the browser that asked, for some minutes."""

    id = fields.IntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="chat_codes"
    )
    staff_id: int
    code_hash = fields.CharField(64)
    visit_hash = fields.CharField(64)
    tries = fields.IntField(default=0)
    made_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "chat_code"
        indexes = (Index(fields=("staff_id", "made_at")), Index(fields=("visit_hash", "id")))


class SignInTry(Model):
    """A try to get in that has not succeeded. The login is stored as SHA-256: people type passwords there, too."""

    id = fields.BigIntField(primary_key=True)
    login_hash = fields.CharField(64)
    address = fields.CharField(45)
    device_hash = fields.CharField(64, default="")
    kind = fields.CharField(16)  # services.company.throttle.Kind
    at = fields.DatetimeField()

    class Meta:
        table = "sign_in_try"
        indexes = (Index(fields=("login_hash", "at")), Index(fields=("address", "at")), Index(fields=("at",)))
