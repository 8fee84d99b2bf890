"""
The real use cases over the month's shelves: each gets its ports by their names, and other use cases by theirs.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, NoReturn, TypeVar

from bench.month.shelves import Shelves
from chalicelib.domain.bookings import Booking
from chalicelib.domain.decisions import Refused
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.policies import CapacityRule
from chalicelib.domain.registers import Answer, CheckResult, Question
from chalicelib.domain.rules import Rules
from chalicelib.jurisdictions import ASSUMPTIONS, Jurisdiction, jurisdiction
from chalicelib.usecases import ports
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Missing

T = TypeVar("T")
HERE: Final = "nur-zholy"
TOWARD: Final = "CN"
STORES: Final = frozenset(
    {"committer", "accounts", "bookings", "places", "locks", "ledger", "requests", "passages", "lists", "policies", "measures"}
)


class MonthClock:
    """
    Business time, moved by the month.
    """

    def __init__(self, start: datetime) -> None:
        self.time = start

    def now(self) -> datetime:
        """
        Give business time.
        """
        return self.time

    def wall(self) -> datetime:
        """
        Give the same.
        """
        return self.time


class SeededChance:
    """
    Waits and draws of one seed, ids by count.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"chance-{seed}")
        self._count = 0

    def id(self, prefix: str) -> str:
        """
        Count.
        """
        self._count += 1
        return f"{prefix}_{self._count}"

    def secret(self) -> str:
        """
        Count as well.
        """
        return self.id("secret")

    def wait(self, least: timedelta, most: timedelta) -> timedelta:
        """
        Draw a wait, evenly.
        """
        return least + (most - least) * self._random.random()

    def draw(self) -> float:
        """
        Draw from [0, 1).
        """
        return self._random.random()


class DeafLink:
    """
    The gateways' end of the line: it hears acknowledgements and boards, and does nothing.
    """

    def __getattr__(self, _: str) -> Any:
        return lambda **_: None


class Absent:
    """
    What nobody asks for in the month: whoever does is told that it is not there.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, asked: str) -> NoReturn:
        raise LookupError(f"the month has no {self._name} to {asked}")


class SilentRegisters:
    """
    State registers that know nothing of the month's trucks.
    """

    def ask(self, questions: Sequence[Question]) -> Sequence[Answer]:
        """
        Answer that nothing was registered yet.
        """
        return [Answer(question.source, question.subject, CheckResult.FAILED) for question in questions]


class Desk:
    """
    Every use case of the month, made once. `capacity` is the checkpoint's before any order.
    """

    def __init__(self, *, start: datetime, capacity: int, seed: int, told: Any) -> None:
        self.law: Jurisdiction = jurisdiction(ASSUMPTIONS)
        self.clock = MonthClock(start)
        self.shelves = Shelves(told=told)
        self._capacity = capacity
        self._rules: dict[date, Rules] = {}
        self._made: dict[type, Any] = {}
        self.doors: Mapping[type, Any] = {}
        self._parts: dict[str, Any] = {
            **dict.fromkeys(STORES, self.shelves),
            "clock": self.clock,
            "chance": SeededChance(seed),
            "rules_on": self.rules_on,
            "tariff_on": cache(self.law.tariff_on),
            "link": DeafLink,
            "provider": lambda: None,
            "registers": SilentRegisters,
            "code_of": lambda _: "NZH",
            "toward": lambda _: TOWARD,
            "watched": lambda _: True,
            "seed_of": lambda checkpoint: self.capacity() if checkpoint == HERE else None,
            "ceilings_on": self.ceilings_on,
        }

    def made(self, use_case: type[T]) -> T:
        """
        Give a use case with all it asks for.
        """
        if use_case not in self._made:
            parts = {each.name: self._part(each) for each in fields(use_case) if each.init}  # type: ignore[arg-type]
            self._made[use_case] = use_case(**parts)
        found: T = self._made[use_case]
        return found

    def door(self, use_case: type[T]) -> T:
        """
        Give what a user or an officer comes in by: the use case itself, or its door in the API.
        """
        found: T = self.doors.get(use_case) or self.made(use_case)
        return found

    def know(self, **parts: Any) -> None:
        """
        Take further parts for use cases to be made of.
        """
        self._parts |= parts

    def _part(self, field: "Field[Any]") -> Any:
        if field.name in self._parts:
            return self._parts[field.name]
        if isinstance(field.type, type) and is_dataclass(field.type):
            return self.made(field.type)
        return Absent(field.name)

    def rules_on(self, now: datetime) -> Rules:
        """
        Give the figures in force.
        """
        day = now.astimezone(self.law.zone).date()
        if day not in self._rules:
            self._rules[day] = self.law.rules_on(day)
        return self._rules[day]

    def capacity(self) -> CapacityRule:
        """
        Give the capacity before any order.
        """
        return CapacityRule(self._capacity, 60, 0, 24 * 60)

    def ceilings_on(self, day: date) -> dict[PlaceClass, int]:
        """
        Give the ceilings of the classes.
        """
        percents = {PlaceClass(id_): class_.ceiling_percent(day) for id_, class_ in self.law.classes.items()}
        return {class_: percent for class_, percent in percents.items() if percent is not None}

    def write(self, item: ports.Item) -> None:
        """
        Put something new on the shelves.
        """
        if self.shelves.commit(ports.Write(item)) != ports.Committed():
            raise LookupError(item)

    def booking(self, booking: str) -> Booking:
        """
        Read a booking that exists.
        """
        found = self.shelves.get(booking)
        if found is None:
            raise LookupError(booking)
        return found


def asked(booking: str, what: str, at: datetime) -> IdempotentRequest:
    """
    Ask once.
    """
    return IdempotentRequest(f"{booking}#{what}#{at.timestamp()}", what)


def done(outcome: Done | Refused | Missing) -> bool:
    """
    Tell whether something was done.
    """
    return isinstance(outcome, Done)
