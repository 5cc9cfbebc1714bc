"""The second factor 动态码: an authenticator (TOTP, RFC 6238), and codes to use once when it is lost."""

import hmac
from dataclasses import dataclass

import pyotp

from models.access import BackupCode, SecondFactor
from models.people import Staff
from services import clock, events, work
from services.actors import Actor
from services.company import passwords, sessions
from services.company.sessions import digest
from services.company.staff import acting, subject
from services.errors import Invalid, NotAllowed, NotFound
from services.scope import Field

_STEP_S = 30
_AROUND = (-1, 0, 1)  # steps: clocks of phones are a little off
_BACKUP_CODES = 10
_SECRET = 32  # characters of base32: 160 bits


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret to put into an authenticator, and the address that its QR code holds."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class State:
    """`backup_left`: how many backup codes were not used yet."""

    confirmed: bool
    backup_left: int


def offer(login: str, company: str) -> Offer:
    """Nothing is stored until the first code out of it was right."""
    secret = pyotp.random_base32(_SECRET)
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=company))


def again(secret: str, login: str, company: str) -> Offer:
    """The same offer once more. Raises Invalid for what was never offered."""
    _must_be_offered(secret)
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=company))


async def state(*, actor: Actor) -> State:
    confirmed = await SecondFactor.filter(staff_id=actor.staff_id, confirmed_at__isnull=False).exists()
    left = await BackupCode.filter(staff_id=actor.staff_id, used_at__isnull=True).count()
    return State(confirmed, left)


async def confirm(secret: str, code: str, *, actor: Actor) -> list[str]:
    """Take an authenticator into use, in place of any before; the backup codes, told this once.

    Raises NotAllowed when the code is not out of this secret.
    """
    staff_id = acting(actor)
    _must_be_offered(secret)
    step = _step_of(secret, code)
    if step is None:
        raise NotAllowed("account.code_wrong")
    await SecondFactor.filter(staff_id=staff_id).delete()
    await SecondFactor.create(staff_id=staff_id, secret=secret, confirmed_at=clock.now(), last_step=step)
    await events.record(subject(staff_id), "second_factor_set", actor=actor)
    return await _fresh_codes(staff_id)


async def fresh_codes(*, actor: Actor) -> list[str]:
    """New backup codes; those before are worth nothing. Raises NotAllowed without an authenticator."""
    staff_id = acting(actor)
    if not (await state(actor=actor)).confirmed:
        raise NotAllowed("account.no_second_factor")
    await events.record(subject(staff_id), "backup_codes_made", actor=actor)
    return await _fresh_codes(staff_id)


async def check(code: str, *, actor: Actor) -> None:
    """Take a code of the authenticator, or a backup code; neither counts twice. Raises NotAllowed."""
    staff_id = acting(actor)
    row = await work.lock(SecondFactor.filter(staff_id=staff_id, confirmed_at__isnull=False))
    if row is None:
        raise NotAllowed("account.no_second_factor")
    step = _step_of(row.secret, code, after=row.last_step)
    if step is not None:
        await SecondFactor.filter(id=row.id).update(last_step=step)
        return
    if not await BackupCode.filter(
        staff_id=staff_id, code_hash=digest(_bare(code)), used_at__isnull=True
    ).update(used_at=clock.now()):
        raise NotAllowed("account.code_wrong")
    await events.record(subject(staff_id), "backup_code_used", actor=actor)


async def forget(staff_id: int, *, actor: Actor) -> None:
    """Somebody lost the phone and the codes: they set it up again. Signs them out everywhere."""
    actor.doing(Field.POLICY)
    if not await Staff.exists(id=staff_id):
        raise NotFound("account.not_found")
    await SecondFactor.filter(staff_id=staff_id).delete()
    await BackupCode.filter(staff_id=staff_id).delete()
    await events.record(subject(staff_id), "second_factor_forgotten", actor=actor)
    await sessions.end_all(staff_id, actor=actor)


async def _fresh_codes(staff_id: int) -> list[str]:
    codes = [f"{passwords.letters(5)}-{passwords.letters(5)}" for _ in range(_BACKUP_CODES)]
    await BackupCode.filter(staff_id=staff_id).delete()
    await BackupCode.bulk_create(
        [BackupCode(staff_id=staff_id, code_hash=digest(_bare(one))) for one in codes]
    )
    return codes


def _step_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The time step whose code this is, later than `after`."""
    now = int(clock.now().timestamp()) // _STEP_S
    totp, given = pyotp.TOTP(secret), _bare(code).encode()
    for step in (now + one for one in _AROUND):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given) and step > after:
            return step
    return None


def _bare(code: str) -> str:
    return code.lower().replace(" ", "").replace("-", "")


def _must_be_offered(secret: str) -> None:
    if (
        len(secret) != _SECRET
        or not secret.isascii()
        or set(secret) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    ):
        raise Invalid("page.unreadable")
