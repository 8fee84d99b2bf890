"""
Whatever happens to money in whatever order, twice, late or half: nothing is lost, nothing is made, and every day's settlement is its ledger (§24, D28–D30).
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.money import LedgerAccount, Posting
from tests.conftest import open_store
from tests.fakes.memory_store import MemoryStore
from tests.fakes.money_life import Life
from tests.fakes.outside import CountingChance
from tests.fakes.rules import next_step
from tests.fakes.unsteady import STRIKES

DEEDS = (
    *("book", "book", "hold", "pay", "pay", "top_up", "tell", "tell", "cancel", "reschedule", "refund", "refund", "dispute"),
    *("end_refund", "payout", "bank_line", "pass_by", "pass_by", "wait", "wait"),
)
DEED = st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(0, 9), st.sampled_from((None, None, None, *STRIKES)))
LIVES = st.lists(DEED, min_size=4, max_size=14)
QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def judge(life, report):
    """
    Hold a finished life against the books of provider and bank.
    """
    assert not report.differences
    assert 0 == sum(report.accounts.values())
    assert life.at_provider == -report.accounts.get(LedgerAccount.PROVIDER, 0)
    assert life.banked == -report.accounts.get(LedgerAccount.BANK, 0)
    assert life.payouts == -report.accounts.get(LedgerAccount.PAYOUTS_IN_TRANSIT, 0)
    assert 0 == report.accounts.get(LedgerAccount.REFUNDS_IN_TRANSIT, 0)
    assert not life.open_bookings()


def lived(deeds):
    """
    Live a life in a world of its own, and audit it.
    """
    life = Life(MemoryStore(next_step=next_step)).live(deeds)
    judge(life, life.office.audit())


def drawn(seed):
    """
    Draw a life's deeds from a seed.
    """
    luck = random.Random(seed)
    many = luck.randint(6, 16)
    return [(luck.choice(DEEDS), luck.randrange(6), luck.randrange(10), luck.choice((None, None, None, *STRIKES))) for _ in range(many)]


def lived_on_the_engine(engine, *, seeds):
    """
    Live lives one after another on one store, its days closed in one row, and audit all of them together.
    """
    store, chance = open_store(engine), CountingChance()
    lives = []
    for number, seed in enumerate(seeds):
        lives.append(Life(store, number=number, chance=chance).live(drawn(seed)))
    report = lives[-1].office.audit()
    assert not report.differences, report.differences
    for account, sums in (
        (LedgerAccount.PROVIDER, [life.at_provider for life in lives]),
        (LedgerAccount.BANK, [life.banked for life in lives]),
        (LedgerAccount.PAYOUTS_IN_TRANSIT, [life.payouts for life in lives]),
        (LedgerAccount.REFUNDS_IN_TRANSIT, [0]),
    ):
        assert sum(sums) == -report.accounts.get(account, 0), account
    assert not [name for life in lives for name in life.open_bookings()]
    return report


@pytest.mark.rule("24", "26", "27", "28", "D28", "D29", "D30")
class TestLives:
    @settings(max_examples=300, **QUICK)
    @given(deeds=LIVES)
    def test_add_up_whatever_happens(self, deeds):
        """
        On the store's stand-in: the audit finds nothing, provider, bank and transit are what their own books say, to the tiyn.
        """
        lived(deeds)

    def test_do_what_they_are_drawn_for(self):
        """
        Over five hundred lives every kind of posting that money can make is made: the lives prove what they say they prove.
        """
        made = set()
        for seed in range(500):
            life = Life(MemoryStore(next_step=next_step)).live(drawn(seed))
            judge(life, life.office.audit())
            made |= {posting.kind for posting in life.office.store.scans.scan(Posting)}

        wanted = {"top_up", "card_payment", "booking_fee", "reserve", "hold_release", "deposit_released", "deposit_forgiven"}
        wanted |= {"deposit_forfeited", "reschedule_fee", "payment_reversed", "payment_restored", "debt_paid", "refund", "refund_paid"}
        assert wanted | {"refund_failed", "payout_paid", "bank_transfer", "remittance"} <= made

    @pytest.mark.parametrize("lot", range(1, 10))
    def test_add_up_by_thousands(self, lot):
        """
        Nine lots of five hundred drawn lives more: with those above five thousand at every run.
        """
        for seed in range(500 * lot, 500 * lot + 500):
            lived(drawn(seed))

    @pytest.mark.parametrize("lot", range(4))
    def test_add_up_on_the_engine(self, engine, lot):
        """
        Two hundred lives on the real engine, fifty on one store, audited together.
        """
        assert 50 <= lived_on_the_engine(engine, seeds=range(50 * lot, 50 * lot + 50)).counts["bookings"]


@pytest.mark.slow
@pytest.mark.rule("24", "28", "D28", "D29", "D30")
class TestManyLives:
    @settings(max_examples=5000, **QUICK)
    @given(deeds=LIVES)
    def test_add_up_whatever_happens(self, deeds):
        """
        Five thousand on the stand-in.
        """
        lived(deeds)

    @pytest.mark.timeout(7200)
    @pytest.mark.parametrize("lot", range(25))
    def test_add_up_on_the_engine(self, engine, lot):
        """
        Five thousand on the engine, in lots of two hundred.
        """
        assert lived_on_the_engine(engine, seeds=range(1000 + 200 * lot, 1200 + 200 * lot)).counts["settlements"] > 200
