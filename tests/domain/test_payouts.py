"""
The provider's payouts in the ledger, and when it is asked about what it does not tell (D30).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.money import LedgerAccount, Leg, Posting
from chalicelib.domain.payments import ProviderRefusedError, ask_next
from chalicelib.domain.payouts import payout_failed, payout_paid
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

TODAY = RULES.today(NOW)
GONE = (Leg(LedgerAccount.PAYOUTS_IN_TRANSIT, -500), Leg(LedgerAccount.PROVIDER, 500))
BACK = (Leg(LedgerAccount.PROVIDER, -500), Leg(LedgerAccount.PAYOUTS_IN_TRANSIT, 500))


@pytest.mark.rule("D30")
class TestPayout:
    @pytest.mark.parametrize(("post", "kind", "legs"), [(payout_paid, "payout_paid", GONE), (payout_failed, "payout_failed", BACK)])
    def test_goes_from_the_provider_and_comes_back_where_the_bank_refused_it(self, post, kind, legs):
        """
        What the registrar owns grows by minus: in transit by the sum, less at the provider; the other way round where it failed.
        """
        expected = Posting(f"{kind}:po_1", "system", kind, NOW, TODAY, legs, reference="po_1")

        assert expected == post(payout="po_1", amount=500, at=NOW, rules=RULES)

    @pytest.mark.parametrize(("waited", "minutes"), [(0, 10), (10, 10), (11, 11), (29, 29), (30, 30), (31, 30), (600, 30)])
    def test_without_news_is_asked_about_ever_more_rarely(self, waited, minutes):
        """
        Ten minutes on at first, then after as long as it has waited, but every half an hour.
        """
        assert NOW + timedelta(minutes=minutes) == ask_next(since=NOW - timedelta(minutes=waited), now=NOW)

    def test_refused_says_why_in_the_providers_word(self):
        """
        The code, and the field where it named one.
        """
        plain, named = ProviderRefusedError(code="card_declined"), ProviderRefusedError(code="invalid", param="amount")

        assert ("card_declined", None, "amount") == (plain.code, plain.param, named.param)
        assert "the payment provider refused: card_declined" == str(plain)
        assert "the payment provider refused: invalid (amount)" == str(named)
