"""
The provider against the ledger, both ways, every night: what agrees is silent, what differs is listed until it agrees (§24, D29, D30).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.payments import PaymentEvent, PaymentEventKind
from chalicelib.domain.reconciliation import Cause
from tests import factories
from tests.fakes.samples import NOW

pytestmark = pytest.mark.rule("24", "D30")


@pytest.fixture
def office(quick_office):
    """
    An office with user 1, that was reconciled until now.
    """
    quick_office.people_of(1)
    quick_office.reconcile()
    return quick_office


def charged(office, amount=300_000, *, key="top", **changes):
    """
    A top-up that came in, and what it did to the balance there: the attempt.
    """
    attempt = office.topped_up(amount, key=key)
    fields = {"source": f"ch_{attempt}", "at": office.clock.time, "intent": f"pi_{attempt}", "charge": f"ch_{attempt}", "attempt": attempt}
    office.provider.moves("charge", changes.pop("moved", amount), **{**fields, **changes})
    return attempt


def nightly(office):
    """
    Let a day pass and the step run.
    """
    office.clock.advance(days=1)
    return office.reconcile()


def causes(office, *, cleared=False):
    """
    Name what stands, or has cleared: (side, kind, cause, ours, theirs).
    """
    found = office.store.differences.listed(cleared=cleared, limit=50, cursor=None).items
    return sorted((each.side, each.kind, each.cause.value, each.ours, each.theirs) for each in found)


class TestAgreement:
    def test_of_everything_is_silent(self, office):
        """
        A charge, its refund, another's dispute won, a payout and one that came back: every movement has its posting, and the other way round.
        """
        first, second = charged(office), charged(office, 500_000, key="second")
        (refund,) = office.refunded(100_000).answer["refunds"]
        office.send_refunds()
        office.told_of_refund(refund)
        at = office.clock.time
        office.provider.moves("refund", -100_000, source=f"re_{refund}", at=at, attempt=refund, intent=f"pi_{first}")
        for won in (False, True):
            office.disputed(second, 500_000, won=won)
            ids = {"intent": f"pi_{second}", "charge": f"ch_{second}"}
            office.provider.moves("dispute_won" if won else "dispute", 500_000 if won else -500_000, source="du_1", at=at, **ids)
        for kind, moved, sum_ in (
            (PaymentEventKind.PAYOUT_PAID, "payout", -600_000),
            (PaymentEventKind.PAYOUT_FAILED, "payout_failed", 600_000),
        ):
            office.receive(event=PaymentEvent("evt", kind, None, None, 600_000, "KZT", NOW, livemode=False, charge=None, payout="po_1"))
            office.provider.moves(moved, sum_, source="po_1", at=at)

        done = nightly(office)

        assert (7, 7, 0, False) == (done.movements, done.postings, done.found, done.more)
        assert [] == causes(office)
        assert (0, 0) == (office.reconcile().movements, office.reconcile().postings)

    @pytest.mark.rule("D29")
    def test_of_balances_holds_once_the_providers_fees_are_booked(self, office):
        """
        What it kept is the registrar's cost, booked once from its own list: the ledger's balance there is the provider's. It lies apart from
        what the bank's books are compared with, which thousands of such postings a day would bury.
        """
        charged(office, fee=8_700)
        nightly(office)
        nightly(office)

        postings = [*office.store.ledger.postings("provider", limit=9, cursor=None).items]
        assert not office.store.ledger.postings("system", limit=9, cursor=None).items
        assert [("provider_fee", -8_700)] == [(each.kind, each.change_of(LedgerAccount.PROVIDER_CHARGES)) for each in postings]
        of_user = office.store.ledger.postings("acc_1", limit=9, cursor=None).items
        there = -sum(posting.change_of(LedgerAccount.PROVIDER) for posting in [*postings, *of_user])
        assert sum(movement.amount - movement.fee for movement in office.provider.balance) == there

    def test_is_found_for_what_came_days_late(self, office):
        """
        A movement that another night has compared already is asked for by itself.
        """
        attempt = office.top_up(account="acc_1", amount=300_000, request=factories.request("late")).answer["attempt"]
        ids = {"intent": f"pi_{attempt}", "charge": f"ch_{attempt}", "attempt": attempt}
        office.provider.moves("charge", 300_000, source=f"ch_{attempt}", at=office.clock.time, **ids)
        assert 1 == nightly(office).found
        office.receive(event=office.provider.succeeded(attempt))

        done = nightly(office)

        assert (0, 1) == (done.found, done.cleared)
        assert ([], [("provider", "charge", "unknown_here", None, 300_000)]) == (causes(office), causes(office, cleared=True))


class TestDifference:
    def test_of_what_the_ledger_does_not_know(self, office):
        """
        A charge nobody here began, a refund made by hand there, a payout without its webhook, and what has no kind of ours.
        """
        at = office.clock.time
        office.provider.moves("charge", 5, source="ch_1", at=at)
        office.provider.moves("refund", -4, source="re_1", at=at, intent="pi_1")
        office.provider.moves("payout", -3, source="po_1", at=at)
        office.provider.moves("other", -2, source="fee_1", at=at)

        assert 4 == nightly(office).found
        assert [("charge", None, 5), ("other", None, -2), ("payout", None, -3), ("refund", None, -4)] == [
            (kind, ours, theirs) for _, kind, cause, ours, theirs in causes(office) if cause == Cause.UNKNOWN_HERE.value
        ]

    def test_of_what_the_provider_does_not_know(self, office):
        """
        A posting about it that nothing there bears out.
        """
        attempt = office.topped_up(300_000)

        nightly(office)

        assert [("ledger", "top_up", "unknown_there", 300_000, None)] == causes(office)
        found = office.store.differences.listed(cleared=False, limit=1, cursor=None).items[0]
        assert (f"charge:{attempt}", f"pi_{attempt}") == (found.subject, found.reference)

    def test_of_a_sum_is_seen_from_both_sides(self, office):
        """
        Posted as 300 000, moved as 299 999.
        """
        charged(office, moved=299_999)

        nightly(office)

        assert [
            ("ledger", "top_up", "amount_differs", 300_000, 299_999),
            ("provider", "charge", "amount_differs", 300_000, 299_999),
        ] == causes(office)

    def test_of_currency_is_told_as_such(self, office):
        """
        Only tenge is ours (§26).
        """
        office.provider.moves("charge", 5, source="ch_1", at=office.clock.time, currency="USD")
        nightly(office)

        assert ["other_currency"] == [cause for _, _, cause, _, _ in causes(office)]

    def test_is_listed_once_and_stands_until_it_clears(self, office):
        """
        Night after night it is the same one; nothing is posted for it; when the posting comes it clears, with the moment kept.
        """
        office.provider.moves("payout", -600_000, source="po_1", at=office.clock.time)
        found = [nightly(office).found for _ in range(3)]
        assert ([1, 0, 0], 0) == (found, len(office.store.ledger.postings("system", limit=9, cursor=None).items))

        event = PaymentEvent(
            "evt", PaymentEventKind.PAYOUT_PAID, None, None, 600_000, "KZT", NOW, livemode=False, charge=None, payout="po_1"
        )
        office.receive(event=event)

        assert (1, []) == (nightly(office).cleared, causes(office))
        cleared = office.store.differences.listed(cleared=True, limit=1, cursor=None).items[0]
        assert timedelta(days=4) == cleared.cleared_at - cleared.since


class TestProgress:
    def test_goes_on_where_it_stopped(self, office):
        """
        After most of a year without a run each one takes seven weeks, then nothing is left; what lay between is compared.
        """
        for number in range(3):
            charged(office, key=f"top-{number}")
            office.clock.advance(days=100)
        done = []
        while not done or done[-1].more:
            done.append(office.reconcile())

        assert 3 == sum(each.movements for each in done) == sum(each.postings for each in done)
        assert 7 == len(done)
        assert [] == causes(office)

    def test_waits_for_the_day_to_close(self, office):
        """
        Postings of a day are compared when it is over.
        """
        office.topped_up(300_000)

        assert 0 == office.reconcile().postings
