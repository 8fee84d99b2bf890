"""
The provider's messages in any order, any of them twice or never, with healing in between: the wallet ends as it would have in order (§26, D28, D30).
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.payments import PaymentEvent, PaymentEventKind
from chalicelib.domain.refunds import RefundState
from chalicelib.usecases.ports import StoreBusyError
from tests import factories
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.rules import next_step

pytestmark = pytest.mark.rule("26", "28", "D28", "D30")
AMOUNT = 500_000
BACK = 200_000
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
Story = tuple[bool, bool, bool]


def opened(*, refund):
    """
    An office with two top-ups, the first paid and perhaps partly on its way back; and the messages of what happens from then on.
    """
    office = Office(MemoryStore(next_step=next_step))
    office.open()
    office.people_of(1)
    ids = ()
    first = office.topped_up(AMOUNT)
    if refund:
        ids = office.refunded(BACK).answer["refunds"]
    second = office.top_up(account="acc_1", amount=AMOUNT, request=factories.request("second")).answer["attempt"]
    return office, first, second, ids


def messages(office, first, second, refunds, story):
    """
    What the provider tells in the order in which it happened: (refund failed?, second disputed?, dispute won?).
    """
    fails, disputed, won = story
    at = office.clock.time
    told = [office.provider.succeeded(first), office.provider.succeeded(second)]
    shared = {"currency": "KZT", "created": at, "livemode": False}
    for refund in refunds:
        of_refund = {"attempt": refund, "amount": BACK, "charge": None, "refund": f"re_{refund}", **shared}
        told.append(PaymentEvent("evt_r", PaymentEventKind.REFUNDED, f"pi_{first}", **of_refund))
        told += [PaymentEvent("evt_f", PaymentEventKind.REFUND_FAILED, f"pi_{first}", **of_refund)] if fails else []
    of_dispute = {"attempt": None, "amount": AMOUNT, "charge": f"ch_{second}", **shared}
    told += [PaymentEvent("evt_d", PaymentEventKind.DISPUTE_OPENED, f"pi_{second}", **of_dispute)] if disputed else []
    told += [PaymentEvent("evt_w", PaymentEventKind.DISPUTE_WON, f"pi_{second}", **of_dispute)] if disputed and won else []
    payout = {"attempt": None, "amount": AMOUNT, "charge": None, "payout": "po_1", **shared}
    told.append(PaymentEvent("evt_p", PaymentEventKind.PAYOUT_PAID, None, **payout))
    told.append(PaymentEvent("evt_o", PaymentEventKind.OTHER, None, None, 0, "", at, livemode=False, charge=None))
    return [replace(event, created=at + timedelta(seconds=number)) for number, event in enumerate(told)]


def deliver(office, event):
    """
    Deliver a message as the provider does: what is not taken comes again later.
    """
    try:
        office.receive(event=event)
    except StoreBusyError:
        return False
    return True


def settled(office):
    """
    Spell where all money is: the wallet's figures, and each account of the ledger, which sum to nothing.
    """
    wallet = office.store.ledger.wallet("acc_1")
    postings = [each for name in ("acc_1", "system") for each in office.store.ledger.postings(name, limit=100, cursor=None).items]
    accounts = {account: sum(posting.change_of(account) for posting in postings) for account in LedgerAccount}
    assert sum(accounts.values()) == 0
    assert wallet.available >= 0
    assert wallet.debt >= 0
    return (wallet.available, wallet.held, wallet.debt), accounts, sorted(posting.id for posting in postings if "debt:" not in posting.id)


def check(data):
    """
    Tell one story in order, and the same in the drawn order with repetitions and losses: both end alike.
    """
    story = data.draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    refund = data.draw(st.booleans())
    office, *things = opened(refund=refund)
    for event in messages(office, *things, story):
        assert deliver(office, event)
    wanted = settled(office)

    office, *things = opened(refund=refund)
    told = messages(office, *things, story)
    copies = data.draw(st.lists(st.integers(0, 2), min_size=len(told), max_size=len(told)))
    sent = data.draw(st.permutations([event for event, number in zip(told, copies, strict=True) for _ in range(number)]))
    waiting = [event for event in sent if not deliver(office, event)]
    office.provider.told = told
    for _ in range(3):
        office.clock.advance(minutes=5)
        office.heal()
        waiting = [event for event in waiting if not deliver(office, event)]

    got = settled(office)
    assert not waiting
    final = RefundState.FAILED if story[0] else RefundState.SUCCEEDED
    assert all(office.store.refunds.refund(each).state is final for each in things[2])
    # failed before it was told as paid, a refund never left: the same balances by fewer postings
    assert wanted[:2] == got[:2]
    assert set(got[2]) <= set(wanted[2])


class TestMessages:
    @QUICK
    @given(st.data())
    def test_end_alike_in_any_order(self, data):
        """
        Duplicated, shuffled, lost and healed.
        """
        check(data)

    @pytest.mark.slow
    @LONG
    @given(st.data())
    def test_end_alike_in_thousands_of_orders(self, data):
        """
        The same, at length.
        """
        check(data)
