"""
The audit of the whole store: silent where all adds up, and naming what differs wherever one figure is put out of joint (D30).
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Booking
from chalicelib.domain.money import DepositState, LedgerAccount, Posting, Wallet, transfer
from chalicelib.domain.settlements import Balance, Settlement
from chalicelib.usecases.ports import Write
from tests.factories import SLOT
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

DAY = RULES.today(NOW)


def lived(office):
    """
    A day with a kept booking, one forgiven and one forfeited, a hold under payment, and money left; then the day is closed.
    """
    office.confirmed(1)
    office.cancel_for(office.confirmed(2))
    office.cancel_for(office.confirmed(2, id="bk_9", slot=SLOT.replace(hour=16)))
    office.held(3)
    office.fill("acc_1", 7)
    office.pay_for("bk_3", by_card=True)
    office.clock.move_to(RULES.at(DAY + timedelta(days=1), 60))
    office.settle()
    return office


def changed(office, type_, fits, **changes):
    """
    Change a stored thing behind everybody's back.
    """
    shelf = office.store._shelves.items[type_]
    key, item = next((key, item) for key, item in shelf.items() if fits(item))
    shelf[key] = replace(item, **changes)
    return item


def found(office):
    """
    What differs, by what it is.
    """
    return Counter(each.what for each in office.audit().differences)


def booked(office, legs, **changes):
    """
    Put a posting there that no wallet knows of.
    """
    now = office.clock.now()
    fields = {"id": "stray", "wallet": "acc_1", "kind": "x", "at": now, "day": RULES.today(now), "legs": legs, **changes}
    office.store.commit(Write(Posting(**fields)))


@pytest.mark.rule("D30")
class TestAudit:
    def test_counts_and_adds_up(self, office):
        """
        On the engine: every posting, wallet, booking and day is counted, every account is summed, nothing differs.
        """
        report = lived(office).audit()

        assert () == tuple(report.differences)
        assert {"bookings": 4, "settlements": 7} == {name: report.counts[name] for name in ("bookings", "settlements")}
        assert (10, 2) == (report.counts["postings"], report.counts["wallets"])
        assert 0 == sum(report.accounts.values())
        assert 3 * FEE + DEPOSIT == report.accounts["budget_paid"] == office.store.ledger.settlement(DAY).due

    def test_names_a_posting_that_does_not_sum_to_zero(self, office):
        """
        A row whose legs were changed in the table is named by its key, and the rest is audited all the same.
        """
        lived(office)
        posting = next(iter(office.store.ledger.postings("acc_1", limit=1, cursor=None).items))
        kind = next(kind for kind in office.store.kinds if kind.item is Posting)
        row = kind.to_row(office.store.database.bound(kind.row), posting, commit="x")
        row.legs = posting.legs[:1]
        row.save()

        report = office.audit()

        assert [(f"{posting.wallet}/{posting.id}", "UnbalancedPostingError")] == [
            (each.whose, each.booked) for each in report.differences if each.what == "Posting"
        ]

    @pytest.mark.parametrize("balance", ["available", "held", "debt"])
    def test_names_a_wallet_that_its_postings_do_not_explain(self, quick_office, balance):
        """
        A tiyn more, and a tiyn too few below zero.
        """
        lived(quick_office)
        wallet = changed(quick_office, Wallet, lambda each: each.account == "acc_1", **{balance: 10**12})
        assert {"wallet": 1} == found(quick_office)
        changed(quick_office, Wallet, lambda each: each.account == "acc_1", **{balance: -1})
        assert {"wallet": 1, "below zero": 1} == found(quick_office)
        changed(quick_office, Wallet, lambda each: each.account == "acc_1", **{balance: getattr(wallet, balance)})
        assert not found(quick_office)

    def test_names_money_without_a_wallet(self, quick_office):
        """
        A posting for an account that has no wallet's row.
        """
        booked(lived(quick_office), transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, 5), wallet="acc_unknown")

        assert [("wallet", "acc_unknown")] == [(each.what, each.whose) for each in quick_office.audit().differences]

    @pytest.mark.parametrize("state", list(DepositState))
    def test_names_a_deposit_that_is_not_where_it_is_said_to_be(self, quick_office, state):
        """
        Each state of each booking but the true one differs; released and forgiven are the same money.
        """
        lived(quick_office)
        same = {DepositState.RELEASED, DepositState.FORGIVEN, DepositState.NONE}
        for booking in ("bk_1", "bk_2", "bk_9"):
            true = quick_office.booking(booking).deposit
            changed(quick_office, Booking, lambda each, id_=booking: each.id == id_, deposit=state)
            wanted = {} if state is true or {state, true} <= same else {"deposit": 1}
            assert wanted == found(quick_office)
            changed(quick_office, Booking, lambda each, id_=booking: each.id == id_, deposit=true)

    def test_names_more_given_back_than_was_paid(self, quick_office):
        """
        Refunds of a payment, less those that failed, beyond what it brought.
        """
        card = {"wallet": "acc_7", "reference": "pi_1"}
        quick_office.store.commit(Write(Wallet("acc_7", available=100, version=1)))
        booked(quick_office, transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, 300), id="c", kind="top_up", **card)
        away = transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.REFUNDS_IN_TRANSIT, 200)
        booked(quick_office, away, id="r1", kind="refund", **card)
        assert not found(quick_office)
        booked(quick_office, away, id="r2", kind="refund", **card)
        assert {"refunds", "wallet", "below zero"} == set(found(quick_office))
        home = transfer(LedgerAccount.REFUNDS_IN_TRANSIT, LedgerAccount.WALLET_AVAILABLE, 200)
        booked(quick_office, home, id="f2", kind="refund_failed", **card)
        assert not found(quick_office)

    def test_names_a_settlement_that_is_not_its_days_movements(self, quick_office):
        """
        A row changed, a due carried over that nobody owed, a posting that came after the day was closed, a remittance of no day.
        """
        lived(quick_office)
        day = quick_office.store.ledger.settlement(DAY)
        (row,) = day.rows
        for rows, wanted in (
            ((replace(row, fees=row.fees + 1),), {"settlement", "remittance"}),
            ((row, replace(row, checkpoint="carried", fees=-5, forfeits=0)), {"carried over", "remittance"}),
            ((), {"settlement", "remittance"}),
        ):
            changed(quick_office, Settlement, lambda each: each.day == DAY, rows=rows)
            assert wanted == set(found(quick_office))
        changed(quick_office, Settlement, lambda each: each.day == DAY, rows=day.rows)
        changed(quick_office, Balance, lambda each: each.day == DAY, totals={})
        assert {"balance"} == set(found(quick_office))

    def test_names_revenue_that_no_settlement_has(self, quick_office):
        """
        A fee booked into a day closed already, and one of no checkpoint: the money was earned and will never be remitted.
        """
        lived(quick_office)
        fee = transfer(LedgerAccount.PROVIDER, LedgerAccount.FEE_REVENUE, 9)
        booked(quick_office, fee, checkpoint="nur-zholy", place_class="general", day=DAY)
        assert {"settlement", "revenue", "balance"} == set(found(quick_office))
        booked(quick_office, fee, id="nowhere", day=DAY + timedelta(days=1))
        assert "nowhere" in [each.whose for each in quick_office.audit().differences if each.what == "revenue"]

    def test_lets_nobody_seem_wrong_who_moved_meanwhile(self, quick_office):
        """
        Money that comes while the tables are read is no difference.
        """
        lived(quick_office)
        scan = quick_office.store.scans.scan

        def slowly(type_):
            items = list(scan(type_))
            if type_ is Wallet:
                quick_office.fill("acc_1", 500)
            if type_ is Posting:
                quick_office.fill("acc_2", 700)
            return iter(items)

        quick_office.store.scans.scan = slowly

        assert not found(quick_office)
