"""The address of a job's page: for this job and this technician, sealed so that nobody can make another up."""

import hmac
import re
from hashlib import sha256

import settings

PATH = "/job"
_TOKEN = re.compile(r"(\d{1,9})-(\d{1,9})-([0-9a-f]{32})")


def link(ticket_id: int, technician_id: int) -> str | None:
    """None where phones cannot reach us: a real account whose public address nobody named."""
    known = settings.load()
    if known.real_account and not known.web.public_url:
        return None
    return f"{known.public_url}{PATH}/{token(ticket_id, technician_id)}"


def token(ticket_id: int, technician_id: int) -> str:
    return f"{ticket_id}-{technician_id}-{_sealed(ticket_id, technician_id)}"


def read(given: str) -> tuple[int, int] | None:
    """The job and the technician of an address; None for one that we never gave to anybody."""
    found = _TOKEN.fullmatch(given)
    if found is None:
        return None
    ticket_id, technician_id = int(found[1]), int(found[2])
    same = hmac.compare_digest(found[3], _sealed(ticket_id, technician_id))
    return (ticket_id, technician_id) if same else None


def _sealed(ticket_id: int, technician_id: int) -> str:
    secret = settings.load().wechat.app_secret.encode()
    return hmac.new(secret, f"job:{ticket_id}:{technician_id}".encode(), sha256).hexdigest()[:32]
