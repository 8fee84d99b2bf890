"""
The reading ports of the store over dictionaries: one thread, values that nobody changes, no copies.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.bookings import Booking
from chalicelib.domain.counting import FlowRecord
from chalicelib.domain.measures import Measure, MeasureState
from chalicelib.domain.money import Posting, Wallet
from chalicelib.domain.places import Place
from chalicelib.domain.plans import DayPlan, Position
from chalicelib.domain.policies import PolicyRow
from chalicelib.domain.records import Account, BoardState, GatewayState, HoldCount, Load, Passage
from chalicelib.domain.site_notes import SiteNotes
from chalicelib.domain.vehicles import MissRecord, VehicleLock

NEVER: Final = datetime.min.replace(tzinfo=UTC)
Items = dict[Hashable, Any]


class Reads:
    """
    Items by type and key, places by day, passages by journal: every port that reads.
    """

    def __init__(self) -> None:
        self.kept: defaultdict[type, Items] = defaultdict(dict)
        self.days: defaultdict[tuple[str, date], dict[Position, Place]] = defaultdict(dict)
        self.sold: defaultdict[tuple[str, date], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.touches: defaultdict[tuple[str, date], Counter[int]] = defaultdict(Counter)
        self.journals: defaultdict[str, list[Passage]] = defaultdict(list)

    def _many(self, kind: type, keys: Sequence[Hashable]) -> dict[Any, Any]:
        shelf = self.kept[kind]
        return {key: shelf[key] for key in keys if key in shelf}

    # bookings and accounts

    def get(self, booking: str) -> Booking | None:
        """
        Read a booking.
        """
        found: Booking | None = self.kept[Booking].get(booking)
        return found

    def get_many(self, bookings: Sequence[str]) -> Sequence[Booking]:
        """
        Read bookings.
        """
        shelf = self.kept[Booking]
        return [shelf[booking] for booking in bookings if booking in shelf]

    def account(self, account: str) -> Account | None:
        """
        Read an account.
        """
        found: Account | None = self.kept[Account].get(account)
        return found

    # plans and places

    def plan(self, checkpoint: str, day: date) -> DayPlan | None:
        """
        Read a day's plan.
        """
        found: DayPlan | None = self.kept[DayPlan].get((checkpoint, day))
        return found

    def plans(self, checkpoint: str, *, first: date, last: date) -> Sequence[DayPlan]:
        """
        Read the plans of a period.
        """
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return [plan for day in days for plan in [self.plan(checkpoint, day)] if plan is not None]

    def plans_on(self, checkpoints: Sequence[str], day: date) -> Sequence[DayPlan]:
        """
        Read one day's plans.
        """
        return [plan for checkpoint in checkpoints for plan in [self.plan(checkpoint, day)] if plan is not None]

    def touched(self, checkpoint: str, day: date, *, consistent: bool) -> Mapping[Position, Place]:  # noqa: ARG002  the port's word
        """
        Read a day's touched places.
        """
        return self.days[checkpoint, day]

    def place(self, checkpoint: str, day: date, position: Position) -> Place | None:
        """
        Read one touched place.
        """
        return self.days[checkpoint, day].get(position)

    def places(self, keys: Sequence[tuple[str, date, Position]]) -> Mapping[tuple[str, date, Position], Place]:
        """
        Read touched places.
        """
        found = {(checkpoint, day, position): self.place(checkpoint, day, position) for checkpoint, day, position in keys}
        return {key: place for key, place in found.items() if place is not None}

    def loads(self, checkpoint: str, *, first: date, last: date) -> Sequence[Load]:
        """
        Give the loads of a period: the sold places alone, counted as they are written.
        """
        return [self._load(plan) for plan in self.plans(checkpoint, first=first, last=last)]

    def _load(self, plan: DayPlan) -> Load:
        counts = self.sold[plan.checkpoint, plan.day]
        moment = NEVER
        sold = tuple(counts[interval] for interval in range(len(plan.layout)))
        return Load(plan.checkpoint, plan.day, plan.capacity, {}, moment, None, 1, sold=sold)

    # keys, money, answers

    def locks(self, keys: Sequence[str]) -> Mapping[str, VehicleLock]:
        """
        Read vehicle locks.
        """
        return self._many(VehicleLock, keys)

    def misses(self, keys: Sequence[str]) -> Mapping[str, MissRecord]:
        """
        Read miss records.
        """
        return self._many(MissRecord, keys)

    def holds(self, keys: Sequence[str]) -> Mapping[str, HoldCount]:
        """
        Read hold counts.
        """
        return self._many(HoldCount, keys)

    def find(self, key: str, *, now: datetime) -> None:
        """
        Every request here is asked once.
        """

    def wallet(self, account: str) -> Wallet:
        """
        Read a wallet.
        """
        found: Wallet = self.kept[Wallet].get(account) or Wallet(account)
        return found

    def wallets(self, accounts: Sequence[str]) -> Mapping[str, Wallet]:
        """
        Read wallets.
        """
        return {account: self.wallet(account) for account in accounts}

    def has_posting(self, *, wallet: str, posting: str) -> bool:
        """
        Tell whether a posting is kept.
        """
        return (wallet, posting) in self.kept[Posting]

    def attempt(self, attempt: str) -> None:
        """
        Nobody pays by card here.
        """

    # what officers ordered

    def of_scope(self, scope: str) -> Sequence[PolicyRow]:
        """
        Read what was decided for a checkpoint.
        """
        return [row for row in self.kept[PolicyRow].values() if row.scope == scope]

    def measure(self, checkpoint: str, measure: str) -> Measure | None:
        """
        Read an order.
        """
        found: Measure | None = self.kept[Measure].get(measure)
        return found if found is not None and found.checkpoint == checkpoint else None

    def of_checkpoint(self, checkpoint: str) -> Sequence[Measure]:
        """
        List a checkpoint's orders.
        """
        return [each for each in self.kept[Measure].values() if each.checkpoint == checkpoint]

    def due(self, *, until: datetime, limit: int) -> Sequence[Measure]:
        """
        List the orders that are due.
        """
        running = (each for each in self.kept[Measure].values() if each.state is MeasureState.RUNNING)
        return [each for each in running if each.due_at is not None and each.due_at <= until][:limit]

    # what the gateway reported

    def gateway(self, checkpoint: str) -> GatewayState:
        """
        Read a gateway's state.
        """
        found: GatewayState = self.kept[GatewayState].get(checkpoint) or GatewayState(checkpoint, version=0)
        return found

    def gateways(self) -> Sequence[GatewayState]:
        """
        List all gateways heard of.
        """
        return list(self.kept[GatewayState].values())

    def has(self, *, checkpoint: str, journal: str, sequence: int, day: date) -> bool:  # noqa: ARG002  the port's word
        """
        Tell whether a journal entry is kept.
        """
        return (checkpoint, journal, sequence) in self.kept[Passage]

    def after(self, checkpoint: str, *, day: date, journal: str, sequence: int) -> Sequence[Passage]:
        """
        List a day's passages of a journal that follow a sequence.
        """
        return [each for each in self.journals[journal][sequence:] if each.day == day and each.checkpoint == checkpoint]

    def board(self, checkpoint: str) -> BoardState | None:
        """
        Read what a board shows.
        """
        found: BoardState | None = self.kept[BoardState].get(checkpoint)
        return found

    def notes(self, checkpoint: str) -> SiteNotes:
        """
        Read what a site leaves open.
        """
        found: SiteNotes = self.kept[SiteNotes].get(checkpoint) or SiteNotes(checkpoint, version=0)
        return found

    def notes_of(self, checkpoints: Sequence[str]) -> Mapping[str, SiteNotes]:
        """
        Read what sites leave open.
        """
        return {checkpoint: self.notes(checkpoint) for checkpoint in checkpoints}

    def flow(self, checkpoint: str) -> FlowRecord | None:
        """
        Read what was counted of a checkpoint's flow.
        """
        found: FlowRecord | None = self.kept[FlowRecord].get(checkpoint)
        return found

    # lists of §6: none here

    def entry(self, vehicle: str, day: date) -> None:
        """
        No vehicle of the month is listed.
        """

    def entries(self, keys: Sequence[tuple[str, date]]) -> Sequence[Any]:
        """
        No vehicle of the month is listed.
        """
        return [] if keys else ()
