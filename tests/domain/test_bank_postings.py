"""
What bank lines and the provider's movements move in the ledger (D29, D30).
"""

from dataclasses import replace

import pytest

from chalicelib.domain.bank_lines import Cause, LineState
from chalicelib.domain.bank_postings import arrival, decision
from chalicelib.domain.money import LedgerAccount, Leg, Posting
from chalicelib.domain.reconciliation import Cause as MovementCause
from chalicelib.domain.reconciliation import Movement, MovementKind, provider_change, provider_fee, unlike
from chalicelib.domain.statements import Direction
from tests.fakes.bank import line
from tests.fakes.postings import moved
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

BANK, UNMATCHED, PROVIDER = LedgerAccount.BANK, LedgerAccount.BANK_UNMATCHED, LedgerAccount.PROVIDER
TODAY = RULES.today(NOW)
SIDES = {
    LineState.CREDITED: (LedgerAccount.WALLET_AVAILABLE, "bank_transfer"),
    LineState.PAYOUT: (LedgerAccount.PAYOUTS_IN_TRANSIT, "payout_banked"),
    LineState.RETURNED: (LedgerAccount.REFUNDS_IN_TRANSIT, "bank_returned"),
    LineState.SENT_BACK: (LedgerAccount.REFUNDS_IN_TRANSIT, "bank_sent_back"),
    LineState.REMITTED: (LedgerAccount.BUDGET_PAID, "bank_remitted"),
    LineState.OWN: (LedgerAccount.OWN_FUNDS, "bank_own"),
    LineState.UNMATCHED: (UNMATCHED, "bank_unmatched"),
}


def posted(post):
    """
    What a posting is: id, wallet, kind, day, legs, reference.
    """
    return post.id, post.wallet, post.kind, post.at, post.day, post.legs, post.reference


@pytest.mark.rule("23", "D30")
class TestArrival:
    @pytest.mark.parametrize("direction", list(Direction))
    @pytest.mark.parametrize("state", list(SIDES))
    def test_moves_the_banks_account_against_what_the_line_is(self, state, direction):
        """
        Money that came grows the other side, money that went grows the bank's; a payout's and an order's posting is named after these.
        """
        other, kind = SIDES[state]
        source, target = (BANK, other) if direction is Direction.IN else (other, BANK)
        name = {LineState.PAYOUT: "payout_banked:x_1", LineState.REMITTED: "remitted:x_1"}.get(state, "bank:bln_1-1")
        legs = (Leg(source, -5), Leg(target, 5))

        made = arrival(line(amount=5, state=state, direction=direction, of="x_1", account="acc_1"), at=NOW, rules=RULES)

        assert (name, "acc_1", kind, NOW, TODAY, legs, "x_1") == posted(made)

    def test_of_nobodys_line_lies_with_the_system(self):
        """
        Under its own id where it is nothing of ours.
        """
        made = arrival(line(amount=5), at=NOW, rules=RULES)

        assert ("bank:bln_1-1", "system", "bln_1-1") == (made.id, made.wallet, made.reference)

    def test_waits_where_the_line_may_be_told_twice(self):
        """
        Somebody looks first.
        """
        assert arrival(line(cause=Cause.PERHAPS_KNOWN), at=NOW, rules=RULES) is None


@pytest.mark.rule("23", "D30")
class TestDecision:
    def decided(self, before, state=LineState.CREDITED):
        """
        Finance says what a line is.
        """
        return before.decided(state, by="acc_fin", at=NOW, reason="x", of="RF1", account="acc_1")

    def test_takes_the_money_from_the_unmatched(self):
        """
        What the bank's account has already is not moved there again.
        """
        after = self.decided(line(amount=5))
        legs = (Leg(UNMATCHED, -5), Leg(LedgerAccount.WALLET_AVAILABLE, 5))

        assert ("bank_credited:bln_1-1", "acc_1", "bank_transfer", NOW, TODAY, legs, "RF1") == posted(
            decision(after, before=line(amount=5), at=NOW, rules=RULES)
        )

    def test_on_a_doubtful_line_moves_the_banks_account_now(self):
        """
        It was in no book yet; told twice after all, it moves nothing.
        """
        before = line(amount=5, cause=Cause.PERHAPS_KNOWN)

        assert (Leg(BANK, -5), Leg(LedgerAccount.WALLET_AVAILABLE, 5)) == decision(
            self.decided(before), before=before, at=NOW, rules=RULES
        ).legs
        assert decision(self.decided(before, LineState.DISMISSED), before=before, at=NOW, rules=RULES) is None


@pytest.mark.rule("D29", "D30")
class TestMovement:
    MOVEMENT = Movement("txn_1", MovementKind.OTHER, 100, 7, "kzt", NOW, "pi_1")

    @pytest.mark.parametrize(
        ("currency", "booked", "cause"),
        [
            ("kzt", 100, None),
            ("kzt", 99, MovementCause.AMOUNT_DIFFERS),
            ("kzt", None, MovementCause.UNKNOWN_HERE),
            ("usd", 100, MovementCause.OTHER_CURRENCY),
        ],
    )
    def test_agrees_with_its_posting_or_says_how_not(self, currency, booked, cause):
        """
        By the sum at the provider, in tenge.
        """
        told = None if booked is None else moved(PROVIDER, LedgerAccount.WALLET_AVAILABLE, booked)

        assert cause is unlike(replace(self.MOVEMENT, currency=currency), told, currency="kzt")
        assert booked is None or booked == provider_change(told)

    def test_costs_what_the_provider_kept(self):
        """
        The registrar's own cost, once a movement; where nothing was kept nothing is booked.
        """
        legs = (Leg(LedgerAccount.PROVIDER_CHARGES, -7), Leg(PROVIDER, 7))
        expected = Posting("provider_fee:txn_1", "provider", "provider_fee", NOW, TODAY, legs, reference="pi_1")

        assert expected == provider_fee(self.MOVEMENT, at=NOW, rules=RULES)
        assert provider_fee(replace(self.MOVEMENT, fee=0), at=NOW, rules=RULES) is None
