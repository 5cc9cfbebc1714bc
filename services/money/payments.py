"""Taking money for bills."""

from collections.abc import Sequence
from datetime import datetime

from tortoise.queryset import QuerySet

from models.billing import Bill, Payment, PaymentItem, PaymentMethod, Receipt
from models.events import SubjectKind
from services import clock, events, ids, work
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.events import Subject
from services.money import billing
from services.money.billing import ReceiptView
from services.scope import Field


async def record(
    house_id: int,
    bill_ids: Sequence[int],
    amount_fen: int,
    *,
    method: PaymentMethod,
    actor: Actor,
    person_id: int | None = None,
    external_id: str | None = None,
    paid_at: datetime | None = None,
) -> ReceiptView:
    """Spread money over the bills, oldest first, and issue the receipt. `person_id` is who paid, where known.

    The same `external_id` is recorded once: a repeat returns the first receipt. Raises NotFound for a bill of
    another house or outside of the scope, Invalid for no money or more than is owed on them.
    """
    own = actor.doing(Field.FEES)
    bills = await _owing(Bill.filter(own.own(), id__in=list(bill_ids), house_id=house_id))
    if not bills or len(bills) != len(set(bill_ids)):
        raise NotFound("bill.not_found")
    if external_id and (known := await Receipt.get_or_none(payment__external_id=external_id)):
        return billing.receipt_view(known)
    owed = sum(bill.amount_fen - bill.paid_fen for bill in bills)
    if not 0 < amount_fen <= owed:
        raise Invalid("payment.amount", owed=owed)
    payment = await Payment.create(
        community_id=bills[0].community_id,
        house_id=house_id,
        person_id=person_id,
        method=method,
        amount_fen=amount_fen,
        external_id=external_id,
        paid_at=paid_at or clock.now(),
    )
    await _spread(payment, sorted(bills, key=lambda bill: (bill.month, bill.id)), actor)
    return await _issue_receipt(payment, bills, actor)


async def _owing(found: QuerySet[Bill]) -> list[Bill]:
    """Held until the unit of work ends, in the one order in which everybody takes them."""
    work.must_run()
    return await found.order_by("id").select_for_update()


async def _spread(payment: Payment, bills: list[Bill], actor: Actor) -> None:
    left = payment.amount_fen
    for bill in bills:
        part = min(left, bill.amount_fen - bill.paid_fen)
        if part > 0:
            await _pay(bill, part, payment, actor)
            left -= part


async def _pay(bill: Bill, part: int, payment: Payment, actor: Actor) -> None:
    before = billing.status_on(bill, billing.today())
    bill.paid_fen += part
    if bill.paid_fen == bill.amount_fen:
        bill.paid_at = payment.paid_at
    await bill.save(update_fields=["paid_fen", "paid_at"])
    await PaymentItem.create(payment_id=payment.id, bill_id=bill.id, amount_fen=part)
    await events.record(
        Subject(SubjectKind.BILL, bill.id, bill.community_id),
        "paid",
        actor=actor,
        before=before,
        after=billing.status_on(bill, billing.today()),
        body={"payment": payment.id, "amount_fen": part},
    )


async def _issue_receipt(payment: Payment, bills: Sequence[Bill], actor: Actor) -> ReceiptView:
    fresh, number = await ids.numbered(Receipt, "SJ")
    names = "、".join(dict.fromkeys(bill.name for bill in bills))
    receipt = await Receipt.create(
        id=fresh,
        number=number,
        community_id=payment.community_id,
        payment_id=payment.id,
        text=names[:200],
        amount_fen=payment.amount_fen,
        issued_at=payment.paid_at,
    )
    await events.record(
        Subject(SubjectKind.PAYMENT, payment.id, payment.community_id),
        "received",
        actor=actor,
        body={"method": payment.method, "amount_fen": payment.amount_fen, "receipt": number},
    )
    return billing.receipt_view(receipt)
