"""
One life of money: a few users and trucks, a card provider and a bank that keep books of their own, and deeds in any order, with calls that fail.
"""
# ruff: noqa: D102  - each method is the deed of its name

from datetime import date, timedelta
from functools import cached_property

from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.payments import PaymentEvent, PaymentEventKind, PaymentProviderError
from chalicelib.domain.places import Pool
from chalicelib.domain.schedule import Step
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import StoreBusyError
from tests import factories
from tests.factories import SLOT, batch, beat, seen
from tests.fakes.bank_files import Move, client_bank
from tests.fakes.office import DEPOSIT, FEE, Office
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import DAY, HERE, NOW
from tests.fakes.unsteady import Bank, Unsteady

SPAN = 6
"""Days that a life may take; the next one on the same store begins after it."""
HOURS = (14, 15)
SUMS = (DEPOSIT + FEE, 200 * FEE, FEE, 25_000, 1)
WAITS = (timedelta(minutes=9), timedelta(minutes=25), timedelta(hours=5), timedelta(days=1))
FIRST = date(2026, 11, 25)


class Life:
    """
    One life on a store. `number` sets its days, users and trucks apart from those of other lives on the same store.
    """

    def __init__(self, store, *, number=0, chance=None):
        self.number = number
        self.start = NOW + timedelta(days=SPAN * number)
        self.office = Office(Unsteady(store), provider=Bank(), **({"chance": chance} if chance else {}))
        self.office.clock.move_to(self.start)
        self.accounts = [f"acc_{number}_{order}" for order in (1, 2)]
        rows = ["gg" if hour in HOURS else "" for hour in range(24)]
        first = DAY + timedelta(days=SPAN * number)
        self.office.open(*(factories.plan(first + timedelta(days=offset), rows=rows) for offset in range(3)))
        self.bookings, self.events, self.refunds = [], [], {}
        self.received, self.payouts, self.sequence = {}, 0, 0
        self.moves = []

    def live(self, deeds):
        """
        Do deeds (name, two numbers, a strike or none), then let everything that was told arrive and every day close.
        """
        for name, one, two, strike in deeds:
            self.office.store.strike = strike
            self.try_(getattr(self, name), one, two)
        self.end()
        return self

    def try_(self, deed, *numbers):
        """
        Do a deed; whoever is told to try again later may do so, or not.
        """
        try:
            deed(*numbers)
        except (StoreBusyError, PaymentProviderError):
            pass
        finally:
            self.office.store.strike = None

    def again(self, use, **words):
        """
        Call a use case under one key, twice: as a client does that did not hear the answer.
        """
        request = factories.request(self.office.chance.id("k"))
        try:
            done = use(request=request, **words)
        except (StoreBusyError, PaymentProviderError):
            done = use(request=request, **words)
        return done

    # -- what users do

    def top_up(self, who, much):
        done = self.again(self.office.top_up, account=self.account(who), amount=SUMS[much % 4])
        self.paid(done, much)

    def hold(self, who, when):
        booking = f"bk_{self.number}_{len(self.bookings)}"
        truck = factories.vehicle(self.number * 4 + who % 3)
        strike, self.office.store.strike = self.office.store.strike, None
        self.office.verified(1, id=booking, account=self.account(who), vehicle=truck)
        self.bookings.append(booking)
        self.office.store.strike = strike
        self.office.take_for(booking, slot=self.slot(when), pool=Pool.PRIMARY, key=self.office.chance.id("k"))

    def book(self, who, when):
        if self.office.store.ledger.wallet(self.account(who)).available < FEE + DEPOSIT:
            self.top_up(who, 0)
            self.tell(0, 0)
        self.hold(who, when)
        self.pay(0, 1)

    def pay(self, which, way):
        if self.bookings:
            booking = self.booking(which)
            done = self.again(self.office.pay, account=booking.account, booking=booking.id, by_card=way % 2 == 0)
            self.paid(done, way)

    def cancel(self, which, _):
        if self.bookings:
            booking = self.booking(which)
            self.again(self.office.cancel, account=booking.account, booking=booking.id)

    def reschedule(self, which, when):
        confirmed = [name for name in self.bookings if self.office.booking(name).status is Status.CONFIRMED]
        for _ in range(2 if confirmed else 0):
            self.office.reschedule_for(confirmed[which % len(confirmed)], self.slot(when), pays=True)
            when += 1

    def refund(self, who, much):
        done = self.again(self.office.refund, account=self.account(who), amount=SUMS[much % len(SUMS)])
        if isinstance(done, Done):
            self.refunds.update(dict.fromkeys(done.answer["refunds"], "started"))
        self.office.send_refunds()

    # -- what comes from outside

    def tell(self, which, _):
        if self.events:
            self.office.receive(event=self.events[-1 - which % len(self.events)])

    def dispute(self, which, won):
        intents = sorted(set(self.received) - self.office.provider.disputed)
        if not intents:
            return
        intent = intents[which % len(intents)]
        amount = self.received[intent] - sum(sum_ for of, sum_ in self.office.provider.refunds.values() if of == intent)
        if amount > 0:
            self.office.provider.disputed.add(intent)
            kinds = (PaymentEventKind.DISPUTE_OPENED, PaymentEventKind.DISPUTE_WON)[: 1 + won % 2]
            self.events += [self.event(kind, amount, intent=intent, charge=f"ch_{intent}") for kind in kinds]

    def end_refund(self, which, way):
        sent = [name for name in self.refunds if name in self.office.provider.refunds and self.refunds[name] != "failed"]
        if sent:
            name = sent[which % len(sent)]
            self.refunds[name] = "failed" if way % 3 == 0 else "paid"
            self.office.told_of_refund(name, failed=way % 3 == 0)

    def payout(self, much, _):
        amount = SUMS[much % len(SUMS)]
        self.payouts += amount
        self.events.append(self.event(PaymentEventKind.PAYOUT_PAID, amount, payout=f"po_{self.number}_{len(self.events)}"))

    def bank_line(self, who, much):
        day, number = RULES.today(self.office.clock.now()), str(100 * self.number + len(self.moves))
        if day == RULES.today(self.last):
            return  # the next life on this store begins that day, and its bank knows nothing of this one
        asked = self.again(self.office.ask_invoice, account=self.account(who), amount=SUMS[much % len(SUMS)])
        if isinstance(asked, Done):
            self.moves.append(Move(SUMS[who % len(SUMS)], asked.resource, number=number, day=day))
            self.bring_statement(day)

    def bring_statement(self, day):
        """
        Hand in what the bank says of a day by now: all of it, each time.
        """
        self.office.bring(client_bank(*[move for move in self.moves if move.day == day], first=day, last=day))

    def pass_by(self, which, lane):
        if self.bookings and self.booking(which).confirmed_at is not None:
            self.sequence += 1
            entry = seen(self.sequence, ("entry-1", "exit-1")[lane % 2], self.booking(which).id, at=self.office.clock.now())
            self.office.journal.batch(checkpoint=HERE, batch=batch(entry, journal=f"jr_{self.number}"))

    def wait(self, how_long, _):
        before = RULES.today(self.office.clock.now())
        self.office.clock.time = min(self.office.clock.time + WAITS[how_long % len(WAITS)], self.last)
        self.beat()
        for name in self.bookings:
            waits = next_step(self.office.booking(name))
            if waits is not None and waits.at <= self.office.clock.now():
                self.step(name)
        if RULES.today(self.office.clock.now()) > before:
            self.office.settle()

    # -- small words

    def account(self, who):
        return self.accounts[who % 2]

    def booking(self, which) -> Booking:
        return self.office.booking(self.bookings[-1 - which % len(self.bookings)])

    def slot(self, when):
        return SLOT.replace(hour=HOURS[when % 2]) + timedelta(days=SPAN * self.number + when % 3)

    @property
    def last(self):
        return RULES.at(RULES.today(self.start) + timedelta(days=SPAN), 30)

    def paid(self, done, way):
        if isinstance(done, Done) and "attempt" in done.answer:
            attempt = done.answer["attempt"]
            intent = f"pi_{attempt}"
            if intent not in self.received:
                more = 7 if way % 5 == 4 else 0
                self.received[intent] = self.office.provider.intents[intent] + more
                self.events.append(self.office.provider.succeeded(attempt, amount=self.received[intent]))

    def event(self, kind, amount, **more):
        fields = {"intent": None, "attempt": None, "charge": None, **more}
        name = f"evt_{self.number}_{len(self.events)}_{kind}"
        return PaymentEvent(id=name, kind=kind, amount=amount, currency="KZT", created=NOW, livemode=False, **fields)

    def beat(self):
        self.office.journal.heartbeat(
            checkpoint=HERE, heartbeat=beat(self.office.clock.now(), last=self.sequence, journal=f"jr_{self.number}")
        )

    def step(self, name):
        waits = next_step(self.office.booking(name))
        if waits is not None and waits.step in self.steps:
            self.try_(lambda run: run(booking=name), self.steps[waits.step])

    @cached_property
    def steps(self):
        time, follow = self.office.time, self.office.follow
        found = {Step.TIDY: time.tidy, Step.REMIND: time.remind, Step.CALL: time.call, Step.ANNUL: time.annul}
        return {**found, Step.LAPSE: follow.lapse, Step.RECHECK: self.office.recheck}

    # -- the end

    def end(self):
        """
        Everything that was told arrives, every booking ends in time, every day is closed.
        """
        for event in (*reversed(self.events), *self.events, *self.events):
            self.try_(lambda told: self.office.receive(event=told), event)
        for day in sorted({move.day for move in self.moves}):
            self.bring_statement(day)
        self.office.send_refunds()
        for name in self.office.provider.refunds:
            self.refunds[name] = "failed" if self.refunds.get(name) == "failed" else "paid"
            self.office.told_of_refund(name, failed=self.refunds[name] == "failed")
        done = set()
        while due := sorted(set(self.due()) - done):
            done.add(due[0])
            moment, name, _ = due[0]
            self.office.clock.time = max(self.office.clock.time, moment) + timedelta(minutes=1)
            self.beat()
            self.step(name)
        self.office.clock.time = self.last
        while self.office.settle():
            pass

    def due(self):
        """
        Give what bookings wait for within the life: moments, names, versions.
        """
        found = [self.office.booking(name) for name in self.bookings]
        steps = [(next_step(booking), booking) for booking in found]
        return [(step.at, booking.id, booking.version) for step, booking in steps if step is not None and step.at < self.last]

    @property
    def banked(self):
        """
        What the bank says came.
        """
        return sum(move.amount for move in self.moves)

    @property
    def at_provider(self):
        """
        What the provider says it still holds: payments, less disputes lost so far, refunds that came through, payouts.
        """
        told = {kind: sum(event.amount for event in self.events if event.kind is kind) for kind in PaymentEventKind}
        gone = sum(sum_ for name, (_, sum_) in self.office.provider.refunds.items() if self.refunds.get(name) == "paid")
        disputes = told[PaymentEventKind.DISPUTE_OPENED] - told[PaymentEventKind.DISPUTE_WON]
        return sum(self.received.values()) - disputes - gone - self.payouts

    def open_bookings(self):
        """
        Name bookings that should have come to an end by now.
        """
        return [name for name in self.bookings if self.office.booking(name).status in {Status.HELD, Status.CONFIRMED, Status.CALLED}]
