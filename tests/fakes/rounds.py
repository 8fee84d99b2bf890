"""
Races by the hundred: a house brought to its state without an engine and carried onto one whole, and two rivals let loose on it.
"""

import random
import time
from collections import Counter, defaultdict
from datetime import timedelta

from chalicelib.domain.bookings import EXPECTED, Status
from chalicelib.domain.decisions import Refused
from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.places import PlaceState
from chalicelib.domain.records import Task
from chalicelib.usecases.ports import Committed, StoreBusyError, Write
from tests import factories
from tests.factories import SLOT
from tests.fakes.gathering import at_once
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.outside import SeededChance
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE

AT_ONCE = 90
HEAD_STARTS = 9


def named(count):
    """
    Name so many bookings.
    """
    return [f"bk_{number}" for number in range(count)]


def slot_of(number, *, first=DAY):
    """
    Give each round an hour of its own, day after day.
    """
    day, hour = divmod(number, 24)
    return SLOT.replace(hour=hour) + timedelta(days=day + (first - DAY).days)


def open_days(office, days, *, rows=("g",) * 24):
    """
    Open days of the same hours, one place each.
    """
    office.open(*(factories.plan(day, rows=rows) for day in days))


def told(won, rounds):
    """
    Print who won how often; each did at least once, as the first two rounds see to.
    """
    print(f"{rounds} rounds: {dict(won)}")  # noqa: T201  shown by `pytest -rP` and in a failure
    assert (2, rounds) == (len(won), won.total())


def prepared(store, prepare):
    """
    Prepare an office without an engine, and give the same one on the engine: same clock, same provider, every row carried over.
    """
    memory = MemoryStore(next_step=next_step)
    quick = Office(memory)
    prepare(quick)
    items = memory.everything()
    for start in range(0, len(items), AT_ONCE):
        assert store.commit(*map(Write, items[start : start + AT_ONCE])) == Committed()
    return Office(store, clock=quick.clock, provider=quick.provider, chance=SeededChance())


def patient(act):
    """
    Try again while the store is busy, as a client or a step does.
    """
    while True:
        try:
            return act()
        except StoreBusyError:
            time.sleep(random.uniform(0, 0.02))


def raced(number, first, second, *, lead_s=0.004):
    """
    Let two act at once: what each came to. In rounds 0 and 1 one comes clearly first; in the others by at most so much sooner or later, so
    that each meets the other at every one of its calls.
    """
    if number < 2:
        return (patient(first), patient(second)) if number == 0 else (patient(second), patient(first))[::-1]
    lead = lead_s * (2 * (number % HEAD_STARTS) / (HEAD_STARTS - 1) - 1)
    return tuple(at_once(lambda: _late(-lead, first), lambda: _late(lead, second)))


def _late(lag_s, act):
    time.sleep(max(0.0, lag_s))
    return patient(act)


def codes(outcome):
    """
    Name the codes of a refusal; none of what was done.
    """
    return [reason.code for reason in outcome.reasons] if isinstance(outcome, Refused) else []


class Aftermath:
    """
    What is stored after all rounds, read in bulk: bookings by id, places by day and position, what happened to each, wallets by account.
    """

    def __init__(self, office, bookings, days):
        self._office = office
        self.bookings = {booking.id: booking for booking in office.store.bookings.get_many(bookings)}
        self.places = {(day, position): row for day in days for position, row in self._touched(day)}
        self.kinds = defaultdict(list)
        for event in office.store.histories.of_day(HERE, RULES.today(office.clock.now())):
            self.kinds[event.aggregate].append(event.kind)
        self.notices = {(row.aggregate, row.payload["template"]) for row in self._messages() if row.task is Task.NOTIFY}
        self.wallets = {booking.account: office.wallet(booking.account) for booking in self.bookings.values()}

    def _touched(self, day):
        plan = self._office.store.places.plan(HERE, day)
        touched = self._office.store.places.touched(HERE, day, consistent=True)
        assert all(position.index <= len(plan.layout[position.interval]) for position in touched)
        return touched.items()

    def _messages(self):
        outbox = self._office.store.outbox
        return (row for shard in range(8) for row in outbox.pending(shard=shard, until=self._office.clock.now(), limit=9999))

    def place_of(self, booking):
        """
        Give the state and the holder of the place that a booking names.
        """
        seen = self.bookings[booking]
        row = self.places[seen.day, seen.position]
        return row.state, row.booking

    def seated(self):
        """
        Name who has a place: each taken one names a booking that names it, each booking held or expected has its own; none lost, none twice.
        """
        taken = {key: row.booking for key, row in self.places.items() if row.state in {PlaceState.SOLD, PlaceState.HELD}}
        seated = {id_: seen for id_, seen in self.bookings.items() if seen.status in EXPECTED | {Status.HELD}}
        assert Counter(taken.values()) == Counter(list(seated))
        assert all(taken[seen.day, seen.position] == id_ for id_, seen in seated.items())
        return set(seated)

    def check_money(self):
        """
        Each wallet is the sum of its postings, and nobody's is below zero.
        """
        ledger, today = self._office.store.ledger, RULES.today(self._office.clock.now())
        sums = {account: [0, 0] for account in self.wallets}
        for posting in (*ledger.of_day(today, HERE), *ledger.of_day(today, "-")):
            for number, purse in enumerate((LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD)):
                sums[posting.wallet][number] += posting.change_of(purse)
        assert self.wallets == {account: tuple(money) for account, money in sums.items()}
        assert min(map(min, self.wallets.values())) >= 0
