"""
Both books of the bank account over a few days: what lies between them is listed with cause, sum and age, and nothing else is (D30).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bank_lines import LineState
from chalicelib.domain.payouts import payout_failed, payout_paid
from chalicelib.usecases.ports import Write
from tests.fakes.bank_files import DAY, Move, camt053, client_bank, more
from tests.fakes.office import FEE
from tests.fakes.rules import RULES

SUM = 700_000


def listed(desk):
    """
    Name what lies between the books.
    """
    return [(each.cause.value, each.amount, each.of) for each in desk.reconcile_bank().differences]


def pay_out(desk, payout="po_1234567", amount=SUM, *, how=payout_paid):
    """
    Let the provider pay out, or say that it could not.
    """
    desk.store.commit(Write(how(payout=payout, amount=amount, at=desk.clock.now(), rules=RULES)))


@pytest.mark.rule("D30")
class TestBooks:
    def test_agree_where_every_line_is_known(self, desk):
        """
        A wallet credited, both books moved by as much, beside what lay at the bank before.
        """
        desk.bring(client_bank(Move(SUM, desk.invoice()), opening=55))

        found = desk.reconcile_bank()

        assert (55, 55 + SUM, SUM, 0) == (found.chain.opening, found.chain.closing, found.ledger, found.difference)
        assert () == found.differences

    def test_list_lines_nobody_has_explained(self, desk):
        """
        The books agree, for the ledger has the line; that it is nobody's is listed until finance has said what it is.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, "x"))))
        before = listed(desk)
        desk.decide(line.id, "returned")
        returned = listed(desk)
        desk.clock.advance(hours=1)
        desk.bring(client_bank(Move(SUM, "x"), Move(-SUM, "возврат", number="9")))

        assert [("unmatched_line", SUM, line.id)] == before
        assert [("return_not_seen", -SUM, line.id)] == returned
        assert [] == listed(desk)

    def test_list_a_day_that_is_missing(self, desk):
        """
        The statement after the gap begins with another sum: the gap is listed, the lines that are there are not.
        """
        desk.bring(
            client_bank(Move(SUM, desk.invoice()), first=DAY - timedelta(days=5), last=DAY - timedelta(days=5), opening=0).replace(
                b"30.11.2026", b"25.11.2026"
            )
        )
        done = desk.bring(client_bank(Move(5, desk.invoice(key="b"), number="2"), opening=SUM + 40))

        assert [("statements_do_not_join", 40, done.resource)] == listed(desk)

    def test_list_rows_that_are_not_posted_yet(self, desk):
        """
        Between taking a statement in and posting it the books differ, and it is said why.
        """
        done = desk.hand_in(client_bank(Move(SUM, desk.invoice())))
        assert [("not_posted_yet", SUM, done.resource)] == listed(desk)

        desk.post_all()
        assert [] == listed(desk)

    def test_list_a_line_that_may_be_told_twice(self, desk):
        """
        The other form numbers a line differently: it is listed as such, and no sum is unexplained; dismissed, nothing is left.
        """
        move = Move(SUM, desk.invoice(), number="47")
        desk.bring(client_bank(move))
        (line,) = desk.lines(desk.bring(camt053(more(move, number="X-9"))))

        assert [("perhaps_known_line", SUM, line.id)] == listed(desk)
        desk.decide(line.id, "dismissed")
        assert [] == listed(desk)

    def test_list_payouts_that_have_not_come(self, desk):
        """
        A payout that left the provider is listed until the bank shows it; one that came back is not.
        """
        pay_out(desk)
        pay_out(desk, "po_7654321")
        pay_out(desk, "po_7654321", how=payout_failed)
        before = listed(desk)
        desk.bring(client_bank(Move(SUM, "STRIPE po_1234567")))

        assert [("payout_not_seen", SUM, "po_1234567")] == before
        assert [] == listed(desk)

    def test_list_orders_to_the_budget_that_have_not_left(self, desk):
        """
        A settled day's order is listed from the day on which it was to be paid until the bank shows it, in the right sum.
        """
        desk.confirmed()
        desk.clock.advance(days=1)
        desk.settle()
        settlement = next(each for each in desk.store.ledger.settlements(limit=9, cursor=None).items if each.due)
        (region,) = settlement.by_region()
        order = f"{settlement.day:%Y%m%d}-{region}"
        before = listed(desk)

        (line,) = desk.lines(desk.bring(client_bank(Move(-FEE, f"Платеж {order}"), opening=FEE)))

        assert [("remittance_not_seen", -FEE, order)] == before
        assert (LineState.REMITTED, order) == (line.state, line.of)
        assert [] == listed(desk)
        assert "budget_paid" not in desk.bank_balance()

    def test_do_not_take_another_sum_for_an_order(self, desk):
        """
        An outgoing line that names an order and has another sum waits for somebody; named by finance it is that order, once.
        """
        desk.confirmed()
        desk.clock.advance(days=1)
        desk.settle()
        settlement = next(each for each in desk.store.ledger.settlements(limit=9, cursor=None).items if each.due)
        order = f"{settlement.day:%Y%m%d}-{next(iter(settlement.by_region()))}"
        one, other = desk.lines(desk.bring(client_bank(Move(-5, order, number="1"), Move(-6, order, number="2"), opening=11)))

        assert 200 == desk.decide(one.id, "remitted", of=order).status
        assert ["ALREADY_BANKED"] == [reason.code for reason in desk.decide(other.id, "remitted", of=order).reasons]
