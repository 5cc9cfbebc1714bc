"""What the platform refused, or that it does not answer, in a sentence for operators."""

from commands import StartError
from commands.local.preflight import said
from wechat.errors import ApiError, Unreachable


def refused(what: str, address: str, error: ApiError) -> StartError:
    """`what` went wrong, as a sentence without its end."""
    why = f"{address} cannot be reached" if isinstance(error, Unreachable) else said(error)
    return StartError(f"{what}: {why}.")
