"""
A held place, its user, payers with the link, a faithful provider and time, in any order: nobody pays twice for one place (decision 0039).
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.domain.bookings import Status
from chalicelib.domain.money import LedgerAccount, Posting
from chalicelib.usecases.outcomes import Done
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import DEPOSIT, FEE, Office
from tests.fakes.rules import RULES, next_step
from tests.usecases.payers import PART, canceled


class HeldPlace(RuleBasedStateMachine):
    """
    One booking whose user has a part of its price. A card is charged for an open intent only, and once.
    """

    def __init__(self):
        super().__init__()
        self.office = Office(MemoryStore(next_step=next_step))
        self.office.open()
        self.office.held()
        self.office.fill("acc_1", PART)
        self.house = self.office.provider
        self.tokens, self.untold, self.stopped = [], [], False

    @rule()
    def give(self):
        """
        The user gives the link.
        """
        given = self.office.share_payment.give(account="acc_1", booking="bk_1", request=None)
        if isinstance(given, Done):
            self.tokens.append(given.answer["url"].rpartition("/")[2])

    @precondition(lambda self: self.tokens)
    @rule(which=st.integers(0, 3))
    def open(self, which):
        """
        Somebody opens the payment by a link, old or new.
        """
        self.office.by_link.start(token=self.tokens[-1 - which % len(self.tokens)], request=None)

    @rule(by_card=st.booleans())
    def pay(self, by_card):
        """
        The user pays himself.
        """
        self.office.pay_for("bk_1", by_card=by_card, key=self.office.chance.id("k"))

    @precondition(lambda self: self.house.intents)
    @rule(which=st.integers(0, 5))
    def charge(self, which):
        """
        A card is charged, where the provider still takes it; the event is on its way.
        """
        intent = list(self.house.intents)[-1 - which % len(self.house.intents)]
        if intent not in self.house.paid and intent not in self.house.canceled:
            event = self.house.succeeded(intent.removeprefix("pi_"))
            self.house.paid[intent] = event.amount
            self.untold.append(event)

    @precondition(lambda self: self.untold)
    @rule(again=st.booleans())
    def tell(self, again):
        """
        The provider tells of a charge, once more perhaps.
        """
        event = self.untold[0] if again else self.untold.pop(0)
        self.office.receive(event=event)

    @rule()
    def revoke(self):
        """
        The user takes the link back.
        """
        self.stopped = True
        self.office.share_payment.revoke(account="acc_1", booking="bk_1")

    @rule()
    def deliver(self):
        """
        What is to be canceled is canceled.
        """
        for attempt in canceled(self.office):
            found = self.office.store.ledger.attempt(attempt)
            if found.intent is not None:
                self.house.cancel_intent(intent=found.intent)

    @rule(minutes=st.sampled_from([1, 5, 11]))
    def wait(self, minutes):
        """
        Time goes on; what has lapsed is tidied.
        """
        self.office.clock.advance(minutes=minutes)
        self.stopped = self.stopped or self.office.booking("bk_1").status_at(self.office.clock.now(), RULES) is Status.EXPIRED
        self.office.time.tidy(booking="bk_1")

    @rule(amount=st.sampled_from([1, FEE, FEE + DEPOSIT]))
    def fill(self, amount):
        """
        Money comes otherwise, at times enough to pay with.
        """
        self.office.fill("acc_1", amount)

    @invariant()
    def one_card_at_most_pays_for_the_place(self):
        """
        While the link stands and the place is held, a second card is never charged.
        """
        assert self.stopped or len(self.house.paid) <= 1

    @invariant()
    def at_most_one_intent_can_still_be_charged(self):
        """
        Whatever else is open is canceled or waits to be.
        """
        waiting = {f"pi_{attempt}" for attempt in canceled(self.office)}
        assert len(set(self.house.intents) - set(self.house.paid) - set(self.house.canceled) - waiting) <= 1

    @invariant()
    def every_tiyn_is_where_the_ledger_says(self):
        """
        What was told came in once; the fee is earned once, with the deposit held.
        """
        postings = self.office.store._shelves.all(Posting)
        wallet = self.office.store.ledger.wallet("acc_1")
        sums = {account: sum(posting.change_of(account) for posting in postings) for account in LedgerAccount}
        booking = self.office.booking("bk_1")
        assert (wallet.available, wallet.held) == (sums[LedgerAccount.WALLET_AVAILABLE], sums[LedgerAccount.WALLET_HELD])
        assert min(wallet.available, wallet.held) >= 0
        assert (FEE if booking.confirmed_at else 0) == sums[LedgerAccount.FEE_REVENUE]
        if booking.confirmed_at is not None:
            assert wallet.held == DEPOSIT
        charged = sum(posting.change_of(LedgerAccount.WALLET_AVAILABLE) for posting in postings if posting.kind == "card_payment")
        told = [event.amount for event in self._told()]
        assert charged == sum(told)

    def _told(self):
        known = {posting.id for posting in self.office.store._shelves.all(Posting)}
        return [self.house.succeeded(each.removeprefix("pi_")) for each in self.house.paid if f"charge:{each.removeprefix('pi_')}" in known]


@pytest.mark.rule("23", "26", "D30")
class TestHeldPlace(HeldPlace.TestCase):
    """
    Some lives at every run.
    """

    settings = settings(max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@pytest.mark.rule("23", "26", "D30")
class TestHeldPlaceForLong(HeldPlace.TestCase):
    """
    Many of them.
    """

    settings = settings(max_examples=1000, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
