"""
Money on its way through the bank, on the engine: payouts and orders to the budget that are not seen in time are kept until they are (§24, D30).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.payouts import payout_failed
from chalicelib.usecases.ports import Page
from chalicelib.usecases.watch_bank import BankWatched
from tests.fakes.bank_files import Move, client_bank
from tests.fakes.office import FEE
from tests.fakes.rules import RULES
from tests.usecases.test_watch_bank import QUIET, SUM, TUESDAY, causes, morning, pay_out

pytestmark = pytest.mark.rule("24", "D30")


class TestTransfers:
    @pytest.mark.parametrize("settled", ["banked", "failed"])
    def test_keeps_a_payout_until_it_came_or_came_back(self, desk, settled):
        """
        Late on the fifth working day; it stands on when it is older than what the books look back at, and clears by its posting.
        """
        pay_out(desk)
        usual = [morning(desk, TUESDAY + timedelta(days=days)) for days in (1, 6)]
        late = morning(desk, TUESDAY + timedelta(days=7))
        old = morning(desk, TUESDAY + timedelta(days=90))
        desk.bring(client_bank(Move(SUM, "STRIPE po_1234567"))) if settled == "banked" else pay_out(desk, how=payout_failed)

        assert [QUIET] * 2 == usual
        assert (BankWatched(1, 0, 1), BankWatched(0, 0, 1)) == (late, old)
        assert BankWatched(0, 1, 0) == desk.watch_bank()
        assert [("payout_not_seen", "unknown_there", SUM, None, TUESDAY)] == causes(desk, cleared=True)

    def test_keeps_an_order_to_the_budget_until_it_left(self, desk):
        """
        An order of Wednesday that Thursday's statement should have shown is late on Friday.
        """
        desk.confirmed()
        desk.clock.advance(days=1)
        desk.settle()
        settlement = next(each for each in desk.store.ledger.settlements(limit=9, cursor=None).items if each.due)
        usual, late = morning(desk, settlement.remit_on + timedelta(days=1)), morning(desk, settlement.remit_on + timedelta(days=2))
        order = f"{settlement.day:%Y%m%d}-{next(iter(settlement.by_region()))}"
        desk.bring(client_bank(Move(-FEE, f"Платеж {order}"), opening=FEE))

        assert (QUIET, BankWatched(1, 0, 1)) == (usual, late)
        assert [("remittance_not_seen", "unknown_there", -FEE, None, settlement.remit_on)] == causes(desk)
        assert BankWatched(0, 1, 0) == desk.watch_bank()

    def test_does_not_list_an_order_whose_posting_the_books_did_not_reach(self, desk):
        """
        The books read a bounded number of postings: an order is late only where the ledger itself does not have it.
        """
        desk.confirmed()
        desk.clock.advance(days=1)
        desk.settle()
        settlement = next(each for each in desk.store.ledger.settlements(limit=9, cursor=None).items if each.due)
        order = f"{settlement.day:%Y%m%d}-{next(iter(settlement.by_region()))}"
        desk.bring(client_bank(Move(-FEE, f"Платеж {order}"), opening=FEE))
        short = replace(desk.reconcile_bank, ledger=Forgetful(desk.store.ledger))
        desk.clock.move_to(RULES.at(settlement.remit_on + timedelta(days=2), 600))

        assert ["remittance_not_seen"] == [each.cause.value for each in short().differences]
        assert QUIET == replace(desk.watch_bank, reconcile=short)()


class Forgetful:
    """
    A ledger whose list of postings ends too early.
    """

    def __init__(self, ledger):
        self._ledger = ledger

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    def postings(self, *_, **__):
        """
        List none.
        """
        return Page([], None)
