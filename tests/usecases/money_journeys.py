"""
Every journey of money with the state it starts from: what a client, the provider or a step does, and does again until it is answered.
"""

from chalicelib.domain.payments import PaymentEvent, PaymentEventKind, UnableToReachProviderError
from tests import factories
from tests.fakes.office import DEPOSIT, FEE

TOTAL = FEE + DEPOSIT


def people(office):
    """
    An account with an address.
    """
    office.people_of(1)


def a_held_place(office):
    """
    A held place, and a wallet with a part of what it costs.
    """
    people(office)
    office.held()
    office.fill("acc_1", 1_000_000)


def an_open_payment(office):
    """
    A card payment of a held place is under way.
    """
    a_held_place(office)
    office.pay_for("bk_1", by_card=True)


def a_late_payment(office):
    """
    The same, after its hold.
    """
    an_open_payment(office)
    office.clock.advance(minutes=25)


def a_paid_booking(office):
    """
    A booking paid by card.
    """
    an_open_payment(office)
    office.receive(event=office.provider.succeeded(attempt(office)))


def a_disputed_booking(office):
    """
    Its payment went back.
    """
    a_paid_booking(office)
    office.disputed(attempt(office), TOTAL - 1_000_000)


def an_open_top_up(office):
    """
    A top-up is under way.
    """
    people(office)
    office.top_up(account="acc_1", amount=300_000, request=factories.request("top"))


def two_payments(office):
    """
    Money of two cards on a wallet.
    """
    people(office)
    office.topped_up(300_000)
    office.topped_up(500_000, key="second")


def a_refund(office):
    """
    A refund out of both, held and not sent.
    """
    two_payments(office)
    office.refunded(350_000)


def a_sent_refund(office):
    """
    The provider has it.
    """
    a_refund(office)
    office.send_refunds()


def a_missed_payment(office):
    """
    The provider told of a payment, and nobody heard it.
    """
    an_open_payment(office)
    office.provider.told.append(office.provider.succeeded(attempt(office), at=office.clock.time))
    office.clock.advance(minutes=5)


def a_silent_payment(office):
    """
    An intent was paid, and nothing was told at all; another one lies abandoned for a day; a refund was never sent.
    """
    a_refund(office)
    office.top_up(account="acc_1", amount=300_000, request=factories.request("paid"))
    paid = max(office.provider.intents, key=lambda intent: list(office.provider.intents).index(intent))
    office.provider.paid[paid] = 300_000
    office.top_up(account="acc_1", amount=400_000, request=factories.request("abandoned"))
    office.clock.advance(hours=25)


def a_balance_that_differs(office):
    """
    A movement nobody posted, a posting nothing bears out, a charge with its fee.
    """
    office.reconcile()
    two_payments(office)
    first, at = next(iter(office.provider.intents)), office.clock.time
    own = first.removeprefix("pi_")
    office.provider.moves("charge", 300_000, source="ch_1", at=at, fee=8_700, intent=first, charge="ch_1", attempt=own)
    office.provider.moves("payout", -5, source="po_1", at=at)
    office.clock.advance(days=1)


def attempt(office):
    """
    Name the booking's payment.
    """
    return next(intent for intent in office.provider.intents if intent.startswith("pi_att")).removeprefix("pi_")


def paid(office):
    """
    Let the provider tell that the booking's card paid.
    """
    return office.receive(event=office.provider.succeeded(attempt(office)))


def news(kind, **fields):
    """
    Let the provider tell something of the booking's payment or of a payout.
    """

    def tell(office):
        intents = [intent for intent in office.provider.intents if intent.startswith("pi_")]
        own = intents[0].removeprefix("pi_") if intents and "payout" not in fields else None
        figures = {"currency": "KZT", "created": office.clock.time, "livemode": False, "charge": None, **fields}
        return office.receive(event=PaymentEvent("evt", kind, f"pi_{own}" if own else None, own, 300_000, **figures))

    return tell


def told_of_refunds(*, failed):
    """
    Let the provider tell what became of every refund.
    """

    def tell(office):
        for refund in sorted(office.provider.refunds):
            office.told_of_refund(refund, failed=failed)
        return True

    return tell


def sent(office):
    """
    Deliver refunds.
    """
    office.send_refunds()
    return True


def healed(office):
    """
    Run the step as its cadence does, until the provider has answered.
    """
    for _ in range(2):
        if office.heal().silent:
            raise UnableToReachProviderError("silent")
    return True


def reconciled(office):
    """
    Run the nightly step until nothing is left.
    """
    while office.reconcile().more:
        pass
    return True


PAYOUT = {"payout": "po_1"}
MONEY: dict = {
    "top-up": (people, lambda office: office.top_up(account="acc_1", amount=300_000, request=factories.request("top"))),
    "card": (a_held_place, lambda office: office.pay_for("bk_1", by_card=True)),
    "paid": (an_open_payment, paid),
    "paid late": (a_late_payment, paid),
    "top-up paid": (an_open_top_up, news(PaymentEventKind.INTENT_SUCCEEDED)),
    "failed late": (an_open_top_up, news(PaymentEventKind.INTENT_FAILED, delayed=True)),
    "canceled": (an_open_top_up, news(PaymentEventKind.INTENT_CANCELED)),
    "refund": (two_payments, lambda office: office.refunded(350_000)),
    "refund sent": (a_refund, sent),
    "refunded": (a_sent_refund, told_of_refunds(failed=False)),
    "refund failed": (a_sent_refund, told_of_refunds(failed=True)),
    "dispute": (a_paid_booking, lambda office: office.disputed(attempt(office), TOTAL - 1_000_000)),
    "dispute won": (a_disputed_booking, lambda office: office.disputed(attempt(office), TOTAL - 1_000_000, won=True)),
    "payout": (people, news(PaymentEventKind.PAYOUT_PAID, **PAYOUT)),
    "payout failed": (people, news(PaymentEventKind.PAYOUT_FAILED, **PAYOUT)),
    "heal what was told": (a_missed_payment, healed),
    "heal what was not": (a_silent_payment, healed),
    "reconcile": (a_balance_that_differs, reconciled),
}
