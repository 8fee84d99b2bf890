"""
The audit of the bank's lines: silent where each is in the ledger once, naming a line posted twice, never, or counted to the wrong invoice (§23).
"""

from dataclasses import replace

import pytest

from chalicelib.domain.bank_lines import BankLine
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.money import LedgerAccount, Posting, transfer
from chalicelib.usecases.ports import Write
from tests.fakes.bank_files import Move, camt053, client_bank, more
from tests.fakes.rules import RULES

SUM = 700_000


@pytest.fixture
def banked(desk):
    """
    A day of every kind of line: credited, matched, returned, the bank's charge, one nobody knows, one that may be told twice.
    """
    move = Move(SUM, desk.invoice(), number="47")
    others = [Move(100 + number, "x", number=str(number)) for number in range(3)]
    done = desk.bring(client_bank(move, *others, Move(-50, "комиссия", number="9")))
    _, matched, returned, _, charge = desk.lines(done)
    desk.decide(matched.id, "credited", of=desk.invoice("acc_2"))
    desk.decide(returned.id, "returned")
    desk.decide(charge.id, "own")
    desk.bring(camt053(more(move, number="X-9")))
    return desk


def found(office):
    """
    What differs, by what it is.
    """
    return [(each.what, each.whose) for each in office.audit().differences]


@pytest.mark.rule("23", "D30")
class TestBank:
    def test_adds_up(self, banked):
        """
        Every line but the doubtful one is in the bank's account once, every invoice has what came under it.
        """
        assert [] == found(banked)
        assert {BankLine: 6, Invoice: 2} == {type_: sum(1 for _ in banked.store.scans.scan(type_)) for type_ in (BankLine, Invoice)}

    def test_names_a_line_that_was_posted_twice(self, banked):
        """
        Money at the bank that no line tells of.
        """
        now = banked.clock.now()
        legs = transfer(LedgerAccount.BANK, LedgerAccount.OWN_FUNDS, 5)
        banked.store.commit(Write(Posting("again", "system", "bank_own", now, RULES.today(now), legs)))

        assert [("bank", "all lines")] == found(banked)

    def test_names_an_invoice_that_counts_otherwise(self, banked):
        """
        What an invoice says has come, and what the ledger says.
        """
        invoice = next(iter(banked.store.invoices.of_account("acc_1", limit=1, cursor=None).items))
        banked.store.commit(Write(replace(invoice, received=1, version=invoice.version + 1), invoice.version))

        assert [("invoice", invoice.reference)] == found(banked)
