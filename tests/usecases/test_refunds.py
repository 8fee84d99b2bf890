"""
Free money goes back to the cards it came from: held, sent, at the card or on the wallet again (§28, D22, D30).
"""

import itertools

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.payments import ProviderRefundState, UnableToReachProviderError
from chalicelib.domain.refunds import RefundState
from tests.usecases.test_blocks import told
from tests.usecases.test_payments import codes

pytestmark = pytest.mark.rule("28", "D30")


@pytest.fixture
def office(quick_office):
    """
    An office with user 1.
    """
    quick_office.people_of(1)
    return quick_office


def transit(office, account="acc_1"):
    """
    Sum what a wallet's postings left in transit and at the provider.
    """
    postings = office.store.ledger.postings(account, limit=200, cursor=None).items
    accounts = (LedgerAccount.REFUNDS_IN_TRANSIT, LedgerAccount.PROVIDER)
    return tuple(sum(posting.change_of(each) for posting in postings) for each in accounts)


class TestRequest:
    def test_holds_the_money_and_asks_the_provider_after_the_commit(self, office):
        """
        Two payments, the older one given back whole: what is held is in transit; the provider learns of it by our own ids.
        """
        first, second = office.topped_up(300_000), office.topped_up(500_000, key="second")

        done = office.refunded(350_000)

        assert (201, (450_000, 0), (350_000, -800_000)) == (done.status, office.wallet(), transit(office))
        assert {} == office.provider.refunds
        office.send_refunds()
        one, two = done.answer["refunds"]
        assert {one: (f"pi_{first}", 300_000), two: (f"pi_{second}", 50_000)} == office.provider.refunds
        assert {RefundState.SENT} == {refund.state for refund in office.store.refunds.refunds([one, two])}

    def test_is_answered_again_under_its_key(self, office):
        """
        The same key moves nothing twice; another one takes what is left.
        """
        office.topped_up(300_000)

        first, again = office.refunded(100_000), office.refunded(100_000)

        assert (first, (200_000, 0)) == (again, office.wallet())
        assert first.answer["refunds"] != office.refunded(200_000, key="other").answer["refunds"]
        assert (0, 0) == office.wallet()

    def test_gives_back_no_more_than_is_free(self, office):
        """
        What is not there, or held for a booking, does not go back.
        """
        office.topped_up(300_000)

        refused = office.refunded(300_001)

        assert ([Code.INSUFFICIENT_FUNDS], 1) == (codes(refused), refused.reasons[0].parameters["missing"])

    def test_gives_back_no_more_than_the_cards_brought(self, office):
        """
        Money that came otherwise, or of a payment already given back or disputed, does not go to a card.
        """
        office.fill("acc_1", 1_000_000)
        attempt = office.topped_up(300_000)
        office.refunded(200_000)

        refused = office.refunded(100_001, key="more")
        office.disputed(attempt, 300_000)

        assert ([Code.NOT_REFUNDABLE], 100_000) == (codes(refused), refused.reasons[0].parameters["refundable"])
        assert 0 == office.refunded(1, key="disputed").reasons[0].parameters["refundable"]

    @pytest.mark.rule("D22")
    def test_is_open_to_a_blocked_account(self, office):
        """
        Whoever is blocked for false data still takes his free money out.
        """
        office.topped_up(300_000)
        office.block()

        assert 201 == office.refunded(300_000).status

    def test_reaches_twenty_payments_at_once(self, office):
        """
        More would not fit one transaction: the answer says how much does.
        """
        for number in range(21):
            office.topped_up(30_000, key=f"top-{number}")

        refused = office.refunded(630_000)

        assert 600_000 == refused.reasons[0].parameters["refundable"]
        assert 20 == len(office.refunded(600_000, key="less").answer["refunds"])


class TestNews:
    @pytest.fixture
    def refund(self, office):
        """
        A refund of 300 000 of 500 000 tiyn, sent.
        """
        office.topped_up(500_000)
        (refund,) = office.refunded(300_000).answer["refunds"]
        office.send_refunds()
        return refund

    def test_of_success_brings_it_to_the_card_once(self, office, refund):
        """
        Nothing is in transit any more; told again it changes nothing; the user learns of it.
        """
        assert [True, False] == [office.told_of_refund(refund) for _ in range(2)]

        assert ((200_000, 0), (0, -200_000)) == (office.wallet(), transit(office))
        assert "refunded" in told(office)

    def test_of_failure_puts_it_on_the_wallet_again(self, office, refund):
        """
        The user is told, and may take it out once more.
        """
        assert [True, False] == [office.told_of_refund(refund, failed=True) for _ in range(2)]

        assert ((500_000, 0), (0, -500_000)) == (office.wallet(), transit(office))
        assert "refund_failed" in told(office)
        assert 201 == office.refunded(500_000, key="again").status

    @pytest.mark.parametrize("order", list(itertools.product((False, True), repeat=3)))
    def test_ends_the_same_in_any_order(self, office, refund, order):
        """
        Success and failure in any order and number: failed once is failed, else it is at the card.
        """
        for failed in order:
            office.told_of_refund(refund, failed=failed)

        wanted = ((500_000, 0), (0, -500_000)) if any(order) else ((200_000, 0), (0, -200_000))
        assert wanted == (office.wallet(), transit(office))

    def test_that_comes_before_the_answer_counts(self, office):
        """
        The webhook is faster than the provider's answer to us: the answer then is no news.
        """
        office.topped_up(500_000)
        (refund,) = office.refunded(300_000).answer["refunds"]

        assert office.told_of_refund(refund)
        office.send_refunds()

        assert RefundState.SUCCEEDED == office.store.refunds.refund(refund).state
        assert {} == office.provider.refunds

    @pytest.mark.parametrize("state", list(ProviderRefundState))
    def test_in_the_answer_itself_counts(self, office, state):
        """
        A provider that says at once how it ended is believed.
        """
        office.topped_up(500_000)
        office.provider.refunds_end = state
        (refund,) = office.refunded(300_000).answer["refunds"]

        office.send_refunds()

        assert state.value == office.store.refunds.refund(refund).state.value
        assert (500_000 if state is ProviderRefundState.FAILED else 200_000) == office.wallet()[0]

    def test_of_a_refusal_is_a_failure(self, office):
        """
        What the provider refuses for good is on the wallet again.
        """
        office.topped_up(500_000)
        office.provider.refuses_refunds = True
        (refund,) = office.refunded(300_000).answer["refunds"]

        office.send_refunds()

        assert RefundState.FAILED == office.store.refunds.refund(refund).state
        assert ((500_000, 0), (0, -500_000)) == (office.wallet(), transit(office))

    def test_that_is_lost_is_asked_for_again(self, office):
        """
        The provider's answer is lost: the message comes again under the same id, and money goes back once.
        """
        office.topped_up(500_000)
        (refund,) = office.refunded(300_000).answer["refunds"]
        office.provider.lost = 1
        with pytest.raises(UnableToReachProviderError):
            office.send_refunds()

        office.rebuilt().send_refunds()

        assert {refund: (office.store.refunds.refund(refund).intent, 300_000)} == office.provider.refunds
        assert RefundState.SENT == office.store.refunds.refund(refund).state

    @pytest.mark.rule("27", "D28")
    def test_of_failure_pays_a_debt_first(self, office):
        """
        Money that comes back while something is owed pays that.
        """
        first = office.topped_up(500_000)
        second = office.topped_up(400_000, key="second")
        (refund,) = office.refunded(500_000).answer["refunds"]
        office.disputed(second, 400_000)
        office.fill("acc_1", 0 + 1)
        office.disputed(first, 200_000)
        assert 199_999 == office.store.ledger.wallet("acc_1").debt

        office.told_of_refund(refund, failed=True)

        wallet = office.store.ledger.wallet("acc_1")
        assert (300_001, 0) == (wallet.available, wallet.debt)
