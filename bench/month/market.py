"""
Who buys: honest trucks by their own needs, and bots at every opening, all through the same doors (§20, §22, D4, D5, D8, D11).
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from bench.month.desk import HERE, TOWARD, asked, done
from bench.month.window import Window
from bench.month.world import Trip, World
from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.money import Wallet
from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.schedule import effective_start
from chalicelib.domain.vehicles import Cargo, Category, Party, Vehicle
from chalicelib.usecases.cancel_booking import CancelBooking
from chalicelib.usecases.open_days import OpenDays
from chalicelib.usecases.pay_booking import PayBooking
from chalicelib.usecases.take_place import Choice, TakePlace

OPENS: Final = timedelta(minutes=5)
"""The night's work opens the new day five minutes after midnight."""
PURSE: Final = 10**12
PARTY: Final = Party("per_1", resident=True)
SECONDARY_BUYERS: Final = 0.3
HOURS: Final = (3, 3, 3, 3, 4, 5, 6, 8, 10, 11, 11, 10, 10, 10, 10, 9, 8, 7, 6, 5, 5, 4, 4, 3)
"""How gladly each hour of the day is taken."""


class Market:
    """
    Sells the month's days: each from the midnight on which it enters the horizon.
    """

    def __init__(self, world: World, *, sold: Callable[[Trip], None]) -> None:
        self._world, self._desk = world, world.desk
        self._sold = sold
        self._window = Window(world.desk)
        self._busy: dict[int, str] = {}
        self._unmet: dict[date, int] = {}
        self._applications = 0
        self._fleet = int(world.scenario.capacity * (world.scenario.days + world.scenario.after) * 1.6)
        self._bots = [self._fleet + number for number in range(world.scenario.squatters + world.scenario.hoarders)]

    def foresee(self) -> None:
        """
        Foresee every opening, and on each day the release of what priority left.
        """
        scenario = self._world.scenario
        for number in range(scenario.days + scenario.after):
            day = scenario.first + timedelta(days=number)
            begins = scenario.start + timedelta(days=number)
            self._world.timeline.at(begins - timedelta(days=89) + OPENS, lambda day=day: self._open(day))  # type: ignore[misc]
            if number < scenario.days:
                self._world.timeline.at(begins, lambda day=day: self._release(day))  # type: ignore[misc]

    def _open(self, day: date) -> None:
        self._desk.made(OpenDays)(checkpoint=HERE)
        plan = self._desk.shelves.plan(HERE, day)
        if plan is None:
            return
        self._bots_come(day)
        wanted = round(plan.capacity * self._world.scenario.demand)
        for _ in range(wanted):
            self._foresee_wish(day)

    def _bots_come(self, day: date) -> None:
        chance, scenario = self._world.chance("bots"), self._world.scenario
        for place, truck in enumerate(self._bots):
            hoards = place >= scenario.squatters
            for again in range(1 if hoards else 2):
                moment = self._world.now + timedelta(seconds=chance.uniform(0.1, 3.0), minutes=11 * again)
                self._world.timeline.at(moment, lambda truck=truck, hoards=hoards: self._grab(truck, day, pays=hoards))  # type: ignore[misc]

    def _grab(self, truck: int, day: date, *, pays: bool) -> None:
        booking = self._apply(truck)
        if booking is None or not self._take(booking, day, self._world.chance("bots").choices(range(24), HOURS)[0]):
            self._world.outcomes.counts["bots_refused"] += 1
            return
        self._world.outcomes.counts["bots_held"] += 1
        if pays:
            self._pay(booking, bot=True)

    def _foresee_wish(self, day: date) -> None:
        chance, scenario = self._world.chance("wishes"), self._world.scenario
        if chance.random() < scenario.keen:
            moment = self._world.now + timedelta(seconds=chance.uniform(2, 600))
        else:
            # the nearer the day, the more want it
            moment = self._world.now + timedelta(days=88 * chance.random() ** 0.4)
        self._world.timeline.at(moment, lambda: self._wish(day))

    def _release(self, day: date) -> None:
        """
        From midnight on places that priority left are everybody's: whoever is near comes for them, and so do the bots (§6, D4).
        """
        chance = self._world.chance("wishes")
        self._bots_come(day)
        for _ in range(round(self._world.scenario.capacity * 0.16)):
            moment = self._world.now + timedelta(hours=16 * chance.random() ** 1.5)
            self._world.timeline.at(moment, lambda: self._wish(day, patient=False))

    def _wish(self, day: date, *, patient: bool = True) -> None:
        chance = self._world.chance("wishes")
        booking = next((found for _ in range(5) for found in [self._apply(chance.randrange(self._fleet))] if found is not None), None)
        if booking is None:
            self._world.outcomes.counts["no_truck"] += 1
            return
        hour = chance.choices(range(24), HOURS)[0]
        days = (day, day + timedelta(days=1)) if patient and chance.random() < 0.5 else (day,)
        taken = any(self._take(booking, each, hour) for each in days)
        if not taken and chance.random() < SECONDARY_BUYERS:
            taken = self._take(booking, day, hour, pool=Pool.SECONDARY)
        if not taken:
            self._world.outcomes.counts["wishes_unmet"] += 1
            self._unmet[day] = self._unmet.get(day, 0) + 1
        elif chance.random() < 0.98:
            self._world.timeline.at(self._world.now + timedelta(minutes=chance.uniform(1, 8)), lambda: self._pay(booking, bot=False))

    def more(self, since: date, until: date | None) -> None:
        """
        There is more to sell from a day on, until another: whoever found nothing before looks again within a day.
        """
        chance = self._world.chance("wishes")
        for day in [day for day in self._unmet if since <= day <= (until or day)]:
            for _ in range(self._unmet.pop(day)):
                self._world.timeline.at(self._world.now + timedelta(hours=24 * chance.random()), lambda day=day: self._wish(day))  # type: ignore[misc]

    def _apply(self, truck: int) -> str | None:
        """
        Have an application that has just passed all checks; none where the truck has one under way.
        """
        before = self._busy.get(truck)
        if before is not None and self._desk.booking(before).status_at(self._world.now, self._desk.rules_on(self._world.now)) in WAITING:
            return None
        self._applications += 1
        booking = f"bk_{self._applications}"
        account, plate = f"acc_{truck}", f"{truck:06d}KZ"
        if self._desk.shelves.wallet(account).version == 0:
            self._desk.write(Wallet(account, available=PURSE, version=1))
        self._desk.write(
            Booking(
                id=booking,
                version=1,
                account=account,
                status=Status.VERIFIED,
                class_=PlaceClass.GENERAL,
                checkpoint=HERE,
                toward=TOWARD,
                created_at=self._world.now,
                vehicle=Vehicle("KZ", plate, f"VIN{truck:014d}", Category.TRUCK, "curtain"),
                owner=PARTY,
                drivers=(PARTY,),
                authorized_drivers=1,
                cargo=Cargo("general"),
                verified_at=self._world.now,
            )
        )
        self._busy[truck] = booking
        return booking

    def _take(self, booking: str, day: date, hour: int, *, pool: Pool = Pool.PRIMARY) -> bool:
        """
        Take the free slot nearest to the hour wished for, as the page of slots shows them.
        """
        seen, plan = self._desk.booking(booking), self._desk.shelves.plan(HERE, day)
        if plan is None or seen.status is not Status.VERIFIED:
            return False
        now = self._world.now
        rules = self._desk.rules_on(now)
        lead = rules.call_lead(day)
        for interval in sorted(range(len(plan.layout)), key=lambda each: abs(each - hour)):
            start, _ = plan.slot(interval, rules)
            if start - lead <= now or interval in plan.closed:
                continue
            if self._window.has(plan, interval, seen.class_, pool):
                choice = Choice(start, None, pool)
                return done(
                    self._desk.door(TakePlace)(
                        account=seen.account, booking=booking, choice=choice, request=asked(booking, "place", self._world.now)
                    )
                )
        return False

    def _pay(self, booking: str, *, bot: bool) -> None:
        seen = self._desk.booking(booking)
        if not done(
            self._desk.door(PayBooking)(
                account=seen.account, booking=booking, by_card=False, request=asked(booking, "payment", self._world.now)
            )
        ):
            return
        outcomes, scenario = self._world.outcomes, self._world.scenario
        outcomes.counts["sold"] += 1
        opened = self._world.now - self._opening(self._desk.booking(booking)) < timedelta(hours=24)
        if opened:
            outcomes.counts["sold_bots" if bot else "sold_honest"] += 1
        chance = self._world.chance("fates")
        comes, late = chance.random() >= scenario.no_shows, chance.random() < scenario.late
        self._world.trips[booking] = Trip(booking, int(seen.account[4:]), comes=comes and not bot, late=late, bot=bot)
        self._sold(self._world.trips[booking])
        gives_up = bot or chance.random() < scenario.cancels
        starts = effective_start(self._desk.booking(booking))
        if gives_up:
            moment = self._world.now + (starts - timedelta(hours=6) - self._world.now) * chance.random()
            self._world.timeline.at(max(moment, self._world.now), lambda: self._cancel(booking))

    def _opening(self, booking: Booking) -> datetime:
        day = booking.day or self._world.scenario.first
        rules = self._desk.rules_on(self._world.now)
        return rules.midnight(day - timedelta(days=rules.horizon_days - 1))

    def _cancel(self, booking: str) -> None:
        seen = self._desk.booking(booking)
        if seen.called_at is not None or seen.status is not Status.CONFIRMED:
            return
        outcome = self._desk.door(CancelBooking)(account=seen.account, booking=booking, request=asked(booking, "cancel", self._world.now))
        self._world.outcomes.counts["cancelled"] += done(outcome)
        self._world.trips[booking].comes = False


WAITING: Final = frozenset({Status.VERIFIED, Status.HELD, Status.CONFIRMED, Status.ARRIVED, Status.CALLED, Status.ADMITTED})
