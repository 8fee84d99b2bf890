"""
What delivers each kind of outbox message.
"""

from collections.abc import Callable, Mapping
from datetime import date

from chalicelib import observability
from chalicelib.domain.payments import UnableToReachProviderError
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.usecases.deliver_outbox import DeliverOutbox, Handler
from chalicelib.usecases.ports import NobodyThereError
from chalicelib.wiring import bank, consents, lists, money, sanctions, site, users
from chalicelib.wiring.outside import clock, once, payments, people, store


@once
def deliver_outbox() -> DeliverOutbox:
    """
    Sweep what must follow its commit.
    """
    return DeliverOutbox(store(), store().outbox, clock(), handlers=_handlers(), alarm=_alarm)


def _handlers() -> Mapping[Task, Handler]:
    return {
        Task.NOTIFY: site.spread_notice(),
        Task.TELL: _tell,
        Task.VERIFY: lambda message: users.verify_booking()(booking=_text(message, "booking")),
        Task.ADMISSIONS: lambda message: site.publish_admissions()(checkpoint=_text(message, "checkpoint")),
        Task.BOARD: _board,
        Task.COMMAND: lambda message: site.command_barrier().deliver(message),
        Task.LOAD: lambda message: users.find_places().recompute(
            checkpoint=_text(message, "checkpoint"), day=date.fromisoformat(_text(message, "day"))
        ),
        Task.CANCEL_INTENT: _cancel_intent,
        Task.REFUND: lambda message: _reached(lambda: money.settle_refund().send(refund=_text(message, "refund"))),
        Task.CONSENT: lambda message: consents.keep_consents().ask(account=_text(message, "account"), consent=_text(message, "consent")),
        Task.LIST_PART: lists.keep_entries(),
        Task.STANDING: lambda message: sanctions.follow_standing().of_account(account=_text(message, "account")),
        Task.STATEMENT: bank.post_statement(),
        Task.PHOTOGRAPHS: sanctions.hold_photographs(),
        Task.FORGET: lambda message: people().erase([_text(message, "person")]),
    }


def _tell(message: OutboxMessage) -> None:
    if message.payload.get("challenge"):
        site.notify().code(message)
    else:
        site.notify()(message)


def _board(message: OutboxMessage) -> None:
    checkpoint = _text(message, "checkpoint")
    site.show_board().publish(checkpoint=checkpoint)
    site.repace()(checkpoint=checkpoint)


def _cancel_intent(message: OutboxMessage) -> None:
    attempt = store().ledger.attempt(_text(message, "attempt"))
    if attempt is not None and attempt.intent is not None:
        intent = attempt.intent
        _reached(lambda: payments().cancel_intent(intent=intent))


def _reached(call: Callable[[], object]) -> None:
    """
    Ask the payment provider; while it does not answer, what waits for it waits on and is not blamed.
    """
    try:
        call()
    except UnableToReachProviderError as error:
        raise NobodyThereError from error


def _text(message: OutboxMessage, name: str) -> str:
    return str(message.payload[name])


def _alarm(message: OutboxMessage, error: Exception) -> None:
    observability.warn("outbox message parked", task=message.task.value, message_id=message.id, error=type(error).__name__)
    observability.metric("ParkedMessages", 1, task=message.task.value)
