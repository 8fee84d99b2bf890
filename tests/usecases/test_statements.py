"""
Bank statements (§23): every line is taken once, whatever files tell of it; the rest waits for finance, with a posting either way.
"""

from dataclasses import replace

import pytest

from chalicelib.domain.bank_lines import Cause, LineState
from chalicelib.domain.decisions import Code
from chalicelib.domain.invoices import InvoiceState
from chalicelib.domain.references import printed
from chalicelib.domain.statements import InvalidStatementError
from chalicelib.usecases.ports import Write
from tests import factories
from tests.fakes.bank_files import DAY, Move, camt053, client_bank, more
from tests.fakes.gathering import at_once

SUM = 700_000


def paying(reference, amount=SUM, **changes):
    """
    A transfer under a reference.
    """
    return Move(amount, f"Пополнение {printed(reference)}", **changes)


def states(office, done):
    """
    Name what a statement's lines are, by row.
    """
    return [line.state for line in office.lines(done)]


@pytest.mark.rule("23", "D30")
class TestTransfer:
    @pytest.mark.parametrize("write", [client_bank, camt053])
    def test_under_a_reference_comes_to_the_wallet(self, desk, write):
        """
        In either form, in a careless hand: credited once, the invoice paid, the user told, the bank's account in the ledger moved by as much.
        """
        reference = desk.invoice()
        purpose = f"попол. кошелька рф {reference[2:6]} {reference[6:].replace('0', 'О')}"

        done = desk.bring(write(Move(SUM, purpose)))

        assert (201, [LineState.CREDITED]) == (done.status, states(desk, done))
        assert (SUM, 0) == desk.wallet()
        assert {"bank": -SUM, "wallet_available": SUM} == desk.bank_balance()
        invoice = desk.store.invoices.invoice(reference)
        assert (InvoiceState.PAID, SUM) == (invoice.state_at(desk.clock.now()), invoice.received)
        told = [row for shard in range(8) for row in desk.store.outbox.pending(shard=shard, until=desk.clock.now(), limit=9)]
        assert [("acc_1", "topped_up", SUM)] == [tuple(row.payload[name] for name in ("account", "template", "amount")) for row in told]

    @pytest.mark.parametrize("came", [SUM - 1, SUM + 1, 1])
    def test_of_another_sum_is_credited_as_it_came(self, desk, came):
        """
        Less or more than asked: the user has what came, and the invoice says how much that was.
        """
        reference = desk.invoice()

        desk.bring(client_bank(paying(reference, came)))

        assert (came, 0) == desk.wallet()
        assert came == desk.store.invoices.invoice(reference).received

    def test_that_is_late_or_paid_twice_is_credited_all_the_same(self, desk):
        """
        After its time, and again under the same reference by another transfer: whoever sends money has it.
        """
        reference = desk.invoice()
        desk.clock.advance(days=40)

        desk.bring(client_bank(paying(reference, number="1"), paying(reference, number="2")))

        assert (2 * SUM, 0) == desk.wallet()

    def test_pays_a_debt_first(self, desk):
        """
        What comes in pays what is owed before it is available (§27).
        """
        desk.store.commit(Write(replace(desk.store.ledger.wallet("acc_1"), debt=SUM - 5, version=1)))

        desk.bring(client_bank(paying(desk.invoice())))

        wallet = desk.store.ledger.wallet("acc_1")
        assert (5, 0) == (wallet.available, wallet.debt)


@pytest.mark.rule("23")
class TestOnce:
    def test_is_a_line_of_a_file_sent_again(self, desk):
        """
        The same file: 200, the same statement, nothing moves; under the same key it is the first answer.
        """
        content = client_bank(paying(desk.invoice()))
        first, again, same_key = desk.bring(content, key="a"), desk.bring(content, key="b"), desk.bring(content, key="a")

        assert [201, 200, 201] == [done.status for done in (first, again, same_key)]
        assert first.resource == again.resource
        assert (SUM, 0) == desk.wallet()

    def test_is_a_line_of_overlapping_files(self, desk):
        """
        A day's file in the middle of the day and one of the whole day: the later one adds only what is new, and says what it knew.
        """
        one, two = paying(desk.invoice(), number="1"), paying(desk.invoice(key="two"), 5, number="2")
        desk.bring(client_bank(one))

        done = desk.bring(client_bank(one, two))

        (part,) = desk.store.bank_books.parts(done.resource)
        assert {1: True, 2: False} == {outcome.row: outcome.known for outcome in part.outcomes}
        assert (SUM + 5, 0) == desk.wallet()

    @pytest.mark.parametrize("forms", [(client_bank, camt053), (camt053, client_bank)])
    def test_is_a_line_exported_in_the_other_form(self, desk, forms):
        """
        The same day in both forms, whichever comes first; the bank's own number is kept beside the document's.
        """
        move = paying(desk.invoice(), number="47", ref="B-1")

        first, second = (desk.bring(write(move)) for write in forms)

        assert [line.id for line in desk.lines(first)] == [line.id for line in desk.lines(second)]
        assert ("47", "B-1") == desk.lines(second)[0].marks
        assert (SUM, 0) == desk.wallet()

    def test_are_equal_lines_of_one_file_each(self, desk):
        """
        Two transfers alike in everything are two; told again, also in another order or form, they stay two.
        """
        move = paying(desk.invoice(), number="")

        for content in (client_bank(move, move), client_bank(move, move, opening=1), camt053(move, more(move, number="NOTPROVIDED"))):
            desk.bring(content)

        assert (2 * SUM, 0) == desk.wallet()

    def test_is_a_file_handed_in_by_two_at_once(self, desk):
        """
        Two clerks send one file in one moment: one statement, one credit.
        """
        content = client_bank(*(paying(desk.invoice(key=str(n)), number=str(n)) for n in range(3)))

        outcomes = at_once(lambda: desk.bring(content, key="a"), lambda: desk.rebuilt().bring(content, key="b"))

        assert 1 == len({done.resource for done in outcomes})
        assert {200, 201} == {done.status for done in outcomes} or {201} == {done.status for done in outcomes}
        assert (3 * SUM, 0) == desk.wallet()

    def test_are_two_forms_handed_in_at_once(self, desk):
        """
        Both forms of one day in one moment: each transfer once.
        """
        moves = [paying(desk.invoice(key=str(n)), number=str(n + 1), ref=f"B-{n}") for n in range(4)]
        desk.hand_in(client_bank(*moves))
        desk.hand_in(camt053(*moves))
        first, second = desk.to_post()

        at_once(lambda: desk.post_statement(first), lambda: desk.rebuilt().post_statement(second))
        desk.post_all()

        assert (4 * SUM, 0) == desk.wallet()

    def test_waits_for_somebody_where_the_forms_number_differently(self, desk):
        """
        The other form tells a like line under other numbers: nothing is given twice before somebody has looked, and dismissed it moves nothing.
        """
        move = paying(desk.invoice(), number="47")
        desk.bring(client_bank(move))

        (line,) = desk.lines(desk.bring(camt053(more(move, number="X-9"))))

        assert (LineState.UNMATCHED, Cause.PERHAPS_KNOWN) == (line.state, line.cause)
        assert {"bank": -SUM, "wallet_available": SUM} == desk.bank_balance()
        assert 200 == desk.decide(line.id, "dismissed").status
        assert {"bank": -SUM, "wallet_available": SUM} == desk.bank_balance()

    def test_is_given_where_somebody_says_that_it_is_another(self, desk):
        """
        Looked at and found to be a second transfer, it comes to the wallet as well.
        """
        reference = desk.invoice()
        desk.bring(client_bank(paying(reference, number="47")))
        (line,) = desk.lines(desk.bring(camt053(paying(reference, number="X-9"))))

        desk.decide(line.id, "credited", of=reference)

        assert {"bank": -2 * SUM, "wallet_available": 2 * SUM} == desk.bank_balance()


@pytest.mark.rule("23")
class TestWrongFile:
    def test_changes_nothing(self, desk):
        """
        One wrong sum in a file of many lines: every fault is told, no line is taken.
        """
        good = paying(desk.invoice())

        with pytest.raises(InvalidStatementError):
            desk.bring(client_bank(good, more(good, number="2"), closing=5))

        assert (0, 0) == desk.wallet()
        assert [] == list(desk.store.bank_books.statements(limit=9, cursor=None).items)

    def test_is_nobodys_without_a_payee(self, desk):
        """
        Where nobody said whose account it is, no statement is taken.
        """
        nobody = replace(desk.receive_statement, payee=lambda: None)

        outcome = nobody(finance="acc_fin", statements=[], sha256_="", request=factories.request("nobody"))

        assert [Code.PAYEE_UNKNOWN] == [reason.code for reason in outcome.reasons]

    def test_without_lines_is_a_quiet_day(self, desk):
        """
        A day without movements is a statement too.
        """
        done = desk.bring(client_bank(opening=5))

        assert (201, []) == (done.status, desk.lines(done))
        assert desk.store.bank_books.statement(done.resource).lines == 0


@pytest.mark.rule("23")
class TestManyLines:
    def test_are_posted_part_by_part(self, desk):
        """
        More rows than one part holds: each part follows the one before, all end as lines, none twice.
        """
        moves = [Move(100 + n, "x", number=str(n + 1)) for n in range(95)]

        done = desk.bring(client_bank(*moves))

        parts = desk.store.bank_books.parts(done.resource)
        assert (3, True) == (len(parts), all(part.posted for part in parts))
        assert [move.amount for move in moves] == [line.amount for line in desk.lines(done)]
        assert sum(move.amount for move in moves) == desk.bank_balance()["bank_unmatched"]
        assert DAY == desk.lines(done)[0].day
