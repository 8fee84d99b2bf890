"""
Bank lines that wait for finance (§23): matched to a user, sent back, the provider's payout, the registrar's own; decided once, with a posting.
"""

import pytest

from chalicelib.domain.bank_lines import Cause, LineState
from chalicelib.domain.decisions import Code
from chalicelib.domain.payouts import payout_paid
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Write
from tests.fakes.bank_files import Move, client_bank, more
from tests.fakes.gathering import at_once
from tests.fakes.rules import RULES

SUM = 700_000


@pytest.mark.rule("23")
class TestUnmatched:
    @pytest.mark.parametrize(
        ("purpose", "cause"),
        [
            ("За очередь", Cause.NO_REFERENCE),
            ("RF03 1234 5678 9013", Cause.MISTYPED_REFERENCE),
            ("RF03123456789012", Cause.UNKNOWN_REFERENCE),
            ("STRIPE po_unknown1", Cause.UNKNOWN_PAYOUT),
        ],
    )
    def test_waits_with_its_cause(self, desk, purpose, cause):
        """
        The bank's account has the money, nobody's wallet; why it waits is said.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, purpose))))

        assert (LineState.UNMATCHED, cause) == (line.state, line.cause)
        assert {"bank": -SUM, "bank_unmatched": SUM} == desk.bank_balance()
        assert [line] == list(desk.store.bank_books.waiting(LineState.UNMATCHED, limit=9, cursor=None).items)

    def test_has_what_the_payer_wrote_with_the_peoples_data_only(self, desk):
        """
        Name, number, account and purpose lie with the people; the line holds none of them.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, "За Иванова"))))

        kept = desk.people.get_many([line.person], purpose="test")[line.person].fields
        assert {"За Иванова", "ТОО «Жол-Транс»", "150340012340"} <= set(kept.values())
        assert not any(str(value) in repr(line) for name, value in kept.items() if name != "group")

    def test_of_two_users_references_waits(self, desk):
        """
        One transfer for two people is nobody's until somebody decides; two references of one user are his.
        """
        one, other = desk.invoice(), desk.invoice("acc_2")

        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, f"{one} {other}"))))
        desk.bring(client_bank(Move(SUM, f"{one} {desk.invoice(key='more')}", number="5"), opening=SUM))

        assert Cause.SEVERAL_REFERENCES is line.cause
        assert ((SUM, 0), (0, 0)) == (desk.wallet(), desk.wallet("acc_2"))

    def test_is_matched_to_a_user(self, desk):
        """
        By account or by a reference he had forgotten to write: his money, out of what was unexplained, and he is told.
        """
        reference = desk.invoice("acc_2")
        first, second = desk.lines(desk.bring(client_bank(Move(SUM, "x", number="1"), Move(5, "y", number="2"))))

        assert 200 == desk.decide(first.id, "credited", account="acc_1").status
        assert 200 == desk.decide(second.id, "credited", of=reference).status

        assert ((SUM, 0), (5, 0)) == (desk.wallet(), desk.wallet("acc_2"))
        assert {"bank": -SUM - 5, "wallet_available": SUM + 5} == desk.bank_balance()
        assert 5 == desk.store.invoices.invoice(reference).received
        decided = desk.line(first.id)
        assert ("acc_fin", "seen", "acc_1") == (decided.by, decided.reason, decided.account)
        (event,) = desk.store.histories.of_aggregate(first.id)
        assert ("finance:acc_fin", "bank_line_credited", "no_reference") == (event.by, event.kind, event.detail["cause"])

    def test_is_sent_back_and_seen_leaving(self, desk):
        """
        Returned: owed to the payer until the bank's outgoing line to the same account brings it there.
        """
        move = Move(SUM, "ошибочно")
        (line,) = desk.lines(desk.bring(client_bank(move)))

        desk.decide(line.id, "returned")
        owed = desk.bank_balance()
        (sent,) = desk.lines(desk.bring(client_bank(more(move, amount=-SUM, number="99"), opening=SUM)))

        assert {"bank": -SUM, "refunds_in_transit": SUM} == owed
        assert {} == desk.bank_balance()
        assert (LineState.SENT_BACK, line.id) == (sent.state, sent.of)
        assert (LineState.SENT_BACK, sent.id) == (desk.line(line.id).state, desk.line(line.id).of)

    def test_is_decided_once(self, desk):
        """
        A second decision is told of the first; the same key reads the first answer.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, "x"))))
        desk.decide(line.id, "credited", account="acc_1", key="one")

        refused = desk.decide(line.id, "returned", key="two")

        assert [Code.LINE_DECIDED] == [reason.code for reason in refused.reasons]
        assert 200 == desk.decide(line.id, "credited", account="acc_1", key="one").status
        assert (SUM, 0) == desk.wallet()

    def test_is_decided_once_by_two_clerks_at_once(self, desk):
        """
        One matches, one returns, in one moment: exactly one of them is obeyed.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, "x"))))

        outcomes = at_once(
            lambda: desk.decide(line.id, "credited", account="acc_1", by="acc_a"),
            lambda: desk.rebuilt().decide(line.id, "returned", by="acc_b"),
        )

        assert 1 == sum(getattr(outcome, "status", 0) == 200 for outcome in outcomes)
        assert desk.bank_balance() in ({"bank": -SUM, "wallet_available": SUM}, {"bank": -SUM, "refunds_in_transit": SUM})

    @pytest.mark.parametrize(
        ("state", "named"),
        [
            ("credited", {"account": "acc_none"}),
            ("credited", {"of": "RF03123456789012"}),
            ("credited", {}),
            ("payout", {"of": "po_none12"}),
        ],
    )
    def test_is_not_matched_to_what_is_not_there(self, desk, state, named):
        """
        An unknown account, reference or payout is unknown; the line waits on.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, "x"))))

        assert isinstance(desk.decide(line.id, state, **named), Missing)
        assert LineState.UNMATCHED is desk.line(line.id).state

    @pytest.mark.parametrize(
        ("amount", "state"), [(-SUM, "credited"), (-SUM, "returned"), (-SUM, "payout"), (SUM, "sent_back"), (SUM, "dismissed")]
    )
    def test_is_not_what_it_cannot_be(self, desk, amount, state):
        """
        What goes is no user's money, what comes is not sent back, and only what may be told twice is dismissed.
        """
        (line,) = desk.lines(desk.bring(client_bank(Move(amount, "x"), opening=SUM)))

        refused = desk.decide(line.id, state, account="acc_1", of="po_1234567")

        assert [Code.LINE_CANNOT_BE] == [reason.code for reason in refused.reasons]

    def test_is_the_registrars_own(self, desk):
        """
        The bank's charge and the registrar's advance are his own, either way.
        """
        charge, advance = desk.lines(
            desk.bring(client_bank(Move(-50, "комиссия"), Move(SUM, "собственные средства", number="2"), opening=50))
        )

        for line in (charge, advance):
            desk.decide(line.id, "own")

        assert {"bank": 50 - SUM, "own_funds": SUM - 50} == desk.bank_balance()


@pytest.mark.rule("D30")
class TestPayout:
    def leave(self, desk, payout="po_1234567", amount=SUM):
        """
        Let the provider pay out.
        """
        desk.store.commit(Write(payout_paid(payout=payout, amount=amount, at=desk.clock.now(), rules=RULES)))

    def test_is_known_by_its_id(self, desk):
        """
        The line that names a payout takes it from its way into the bank.
        """
        self.leave(desk)

        (line,) = desk.lines(desk.bring(client_bank(Move(SUM, "STRIPE po_1234567"))))

        assert (LineState.PAYOUT, "po_1234567") == (line.state, line.of)
        assert {"bank": -SUM, "provider": SUM} == desk.bank_balance()

    def test_is_named_by_finance_where_the_bank_does_not(self, desk):
        """
        Once somebody says which payout it is, it is banked; a second line for it is refused, told by the bank or by somebody.
        """
        self.leave(desk)
        one, other = desk.lines(desk.bring(client_bank(Move(SUM, "STRIPE", number="1"), Move(SUM, "STRIPE", number="2"))))

        assert 200 == desk.decide(one.id, "payout", of="po_1234567").status
        again = desk.decide(other.id, "payout", of="po_1234567")
        (third,) = desk.lines(desk.bring(client_bank(Move(SUM, "po_1234567", number="3"), opening=2 * SUM)))

        assert [Code.ALREADY_BANKED] == [reason.code for reason in again.reasons]
        assert Cause.UNKNOWN_PAYOUT is third.cause
        assert {"bank": -3 * SUM, "bank_unmatched": 2 * SUM, "provider": SUM} == desk.bank_balance()
