"""
The books added up anew: what agrees is silent, whatever was bent is named with both figures (D29, D30).
"""

from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.auditing import Books, Difference, due_of
from chalicelib.domain.bookings import Status
from chalicelib.domain.money import DepositState, Due, LedgerAccount, Wallet
from tests.fakes import samples
from tests.fakes.bank import invoice, line
from tests.fakes.postings import fee, moved

AVAILABLE, HELD, DEBT = LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD, LedgerAccount.USER_DEBT
FORFEITS, PROVIDER, BANK, TRANSIT = LedgerAccount.FORFEITS, LedgerAccount.PROVIDER, LedgerAccount.BANK, LedgerAccount.REFUNDS_IN_TRANSIT
MOVES = st.tuples(
    st.sampled_from(["acc_1", "acc_2"]),
    st.sampled_from(["bk_1", "bk_2", None]),
    st.sampled_from([(PROVIDER, AVAILABLE), (AVAILABLE, HELD), (HELD, AVAILABLE), (HELD, FORFEITS), (DEBT, AVAILABLE), (AVAILABLE, DEBT)]),
    st.integers(1, 1000),
)


def books(*postings):
    """
    These postings added up; checkpoint `a` and `b` lie in the north, others in the south.
    """
    made = Books(lambda checkpoint: "north" if checkpoint in "ab" else "south")
    for each in postings:
        made.take(each)
    return made


@pytest.mark.rule("D30")
class TestWallets:
    @given(st.lists(MOVES, max_size=12))
    def test_agree_with_the_sums_of_their_postings_and_with_nothing_else(self, moves):
        """
        Money by account and wallet, whatever was posted; a tiyn more or less on any balance is told.
        """
        sums, all_ = defaultdict(Counter), Counter()
        for wallet, _, (source, target), amount in moves:
            for account, change in ((source, -amount), (target, amount)):
                sums[wallet][account] += change
                all_[account.value] += change
        found = books(*(moved(*legs, amount, wallet=wallet, booking=booking) for wallet, booking, legs, amount in moves))
        kept = {name: Wallet(name, sums[name][AVAILABLE], sums[name][HELD], -sums[name][DEBT]) for name in ("acc_1", "acc_2")}

        assert all_ == found.accounts
        assert len(moves) == found.postings
        for name, wallet in kept.items():
            whole = (wallet.available, wallet.held, wallet.debt)
            below = [Difference("below zero", name, str(whole), str(whole))] if min(whole) < 0 else []
            assert below == list(found.of_wallet(wallet))
            for other in (
                replace(wallet, available=whole[0] + 1),
                replace(wallet, held=whole[1] + 1),
                replace(wallet, debt=whole[2] + 1),
            ):
                told = next(found.of_wallet(other))
                assert Difference("wallet", name, str(whole), str((other.available, other.held, other.debt))) == told

    def test_may_not_be_below_zero_in_the_books_or_beside_them(self):
        """
        Either side's minus is told, though the other says zero.
        """
        overdrawn = books(moved(AVAILABLE, HELD, 5))

        assert ["wallet", "below zero"] == [each.what for each in overdrawn.of_wallet(Wallet("acc_1", 0, 5))]
        assert ["wallet", "below zero"] == [each.what for each in books().of_wallet(Wallet("acc_1", -1))]
        assert [] == list(books().of_wallet(Wallet("acc_1")))

    def test_that_only_postings_know_are_named(self):
        """
        Money of an account that keeps no wallet, each in its order; one whose money has all gone again is none.
        """
        found = books(
            moved(PROVIDER, AVAILABLE, 5, wallet="acc_9"),
            moved(PROVIDER, HELD, 5, wallet="acc_3"),
            moved(DEBT, PROVIDER, 5, wallet="acc_4"),
            moved(PROVIDER, AVAILABLE, 5, wallet="acc_2"),
            moved(PROVIDER, AVAILABLE, 5, wallet="acc_5"),
            moved(AVAILABLE, PROVIDER, 5, wallet="acc_5"),
        )

        assert [Wallet("acc_3"), Wallet("acc_4"), Wallet("acc_9")] == list(found.without_wallet(["acc_2", "acc_7"]))


@pytest.mark.rule("28", "D30")
class TestDeposits:
    @pytest.mark.parametrize(
        ("changes", "held", "forfeits"),
        [
            ({"deposit": DepositState.HELD}, 70, 0),
            ({"deposit": DepositState.FORFEITED}, 0, 70),
            ({"deposit": DepositState.RELEASED}, 0, 0),
            ({"deposit": DepositState.FORGIVEN}, 0, 0),
            ({"deposit": DepositState.NONE, "status": Status.HELD, "attempt": "pay_1"}, 25, 0),
            ({"deposit": DepositState.NONE, "status": Status.HELD, "attempt": None}, 0, 0),
            ({"deposit": DepositState.NONE, "status": Status.EXPIRED, "attempt": "pay_1"}, 0, 0),
            ({"deposit": DepositState.HELD, "due": None}, 0, 0),
        ],
    )
    def test_lie_in_exactly_one_place(self, changes, held, forfeits):
        """
        On hold, forfeited, given back, or as what the wallet lays aside while a card is asked for the rest.
        """
        booking = samples.booking(**{"due": Due(30, 70, 25, 75), **changes})
        taken = [moved(AVAILABLE, HELD, each, booking="bk_1") for each in (held, forfeits) if each]
        lost = [moved(HELD, FORFEITS, forfeits, booking="bk_1")] if forfeits else []

        assert (held, forfeits) == due_of(booking)
        assert [] == list(books(*taken, *lost).of_booking(booking))

    def test_that_lie_elsewhere_are_told(self):
        """
        On hold in the ledger, released in the booking; and a deposit that no posting has put anywhere.
        """
        held = books(moved(AVAILABLE, HELD, 70, booking="bk_1"), moved(AVAILABLE, HELD, 9), moved(AVAILABLE, HELD, 8, booking="bk_2"))
        released = samples.booking(due=Due(30, 70, 0, 100), deposit=DepositState.RELEASED)
        forfeited = replace(released, deposit=DepositState.FORFEITED)

        assert [Difference("deposit", "bk_1", "(70, 0)", "confirmed, released: (0, 0)")] == list(held.of_booking(released))
        assert [Difference("deposit", "bk_1", "(0, 0)", "confirmed, forfeited: (0, 70)")] == list(books().of_booking(forfeited))


@pytest.mark.rule("D30")
class TestPayments:
    @pytest.mark.parametrize(
        ("brought", "back", "home", "told"),
        [
            (100, 100, 0, []),
            (100, 101, 0, [("given back 101", "paid 100")]),
            (100, 160, 60, []),
            (100, 160, 59, [("given back 101", "paid 100")]),
            (0, 1, 0, [("given back 1", "paid 0")]),
        ],
    )
    @pytest.mark.parametrize("kind", ["card_payment", "top_up"])
    def test_give_back_what_they_brought_at_most(self, kind, brought, back, home, told):
        """
        Refunds less those that came home again, against what the card paid, by payment and wallet.
        """
        found = books(
            *([moved(PROVIDER, AVAILABLE, brought, kind=kind, reference="pi_1")] if brought else []),
            *([moved(TRANSIT, AVAILABLE, home, kind="refund_failed", reference="pi_1")] if home else []),
            moved(AVAILABLE, TRANSIT, back, kind="refund", reference="pi_1"),
            moved(PROVIDER, AVAILABLE, 500, kind=kind, reference="pi_2"),
            moved(PROVIDER, AVAILABLE, 500, kind=kind, reference="pi_1", wallet="acc_2"),
        )

        assert [Difference("refunds", "pi_1", *each) for each in told] == list(found.of_payments())

    def test_count_only_what_a_card_brought(self):
        """
        Another kind of money from the provider covers no refund; a refund of no payment is told by its wallet.
        """
        found = books(
            moved(PROVIDER, AVAILABLE, 100, kind="dispute_won", reference="pi_1"),
            moved(AVAILABLE, TRANSIT, 50, kind="refund", reference="pi_1"),
            moved(AVAILABLE, PROVIDER, 50, kind="top_up", reference="pi_1"),
            moved(AVAILABLE, TRANSIT, 7, kind="refund", wallet="acc_0"),
        )

        assert [
            Difference("refunds", "acc_0", "given back 7", "paid 0"),
            Difference("refunds", "pi_1", "given back 50", "paid 0"),
        ] == list(found.of_payments())


@pytest.mark.rule("23", "D30")
class TestBank:
    def test_is_what_its_lines_moved(self):
        """
        Lines in and out; one that may be told twice is in no book yet.
        """
        lines = [line(1, amount=900), line(2, amount=300)]
        found = books(moved(BANK, AVAILABLE, 1200))

        assert [] == list(found.of_bank(lines, []))
        assert [Difference("bank", "all lines", "1200", "900")] == list(found.of_bank(lines[:1], []))

    def test_knows_what_came_under_each_invoice(self):
        """
        By reference; what came without one, or as another kind of money, is no invoice's.
        """
        mine = replace(invoice(), received=1200)
        came = [moved(BANK, AVAILABLE, each, kind="bank_transfer", reference=mine.reference) for each in (500, 700)]
        others = [
            moved(BANK, AVAILABLE, 1, kind="bank_transfer"),
            moved(BANK, AVAILABLE, 2, kind="bank_transfer", reference="RF0"),
            moved(PROVIDER, AVAILABLE, 4, kind="top_up", reference=mine.reference),
        ]
        sums = [line(1, amount=1203)]

        assert [] == list(books(*came, *others).of_bank(sums, [mine]))
        assert [Difference("invoice", mine.reference, "1200", "1201")] == list(
            books(*came, *others).of_bank(sums, [replace(mine, received=1201)])
        )
        assert [Difference("invoice", mine.reference, "0", "1200")] == list(books().of_bank([], [mine]))


@pytest.mark.rule("D30")
class TestAllAccounts:
    def test_are_zero_together(self):
        """
        Something that came from nowhere is told.
        """
        found = books(fee(5))
        found.accounts["bank"] += 1

        assert [Difference("ledger", "all accounts", "1", "0")] == list(found.of_accounts())
