from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.calendar import Holiday, WorkingCalendar
from chalicelib.jurisdictions import reading
from chalicelib.jurisdictions.reading import InvalidJurisdictionError

UNITS: Final[Mapping[str, timedelta | None]] = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "count": None,
    "tiyn": None,
}


class UnknownPolicyError(KeyError):
    """
    No policy of that name, or none in force on that day.
    """


@dataclass(frozen=True, slots=True)
class Policy:
    """
    One figure the law leaves to somebody; `history` is (first day in force, value) in order, values in `unit`.
    """

    name: str
    unit: str
    source: str
    history: tuple[tuple[date, int], ...]

    def on(self, day: date) -> int:
        """
        Give the value in force on a day.
        """
        for since, value in reversed(self.history):
            if since <= day:
                return value
        raise UnknownPolicyError(f"{self.name} on {day}")

    def span_on(self, day: date) -> timedelta:
        """
        Give the value as a duration; a count or a sum of money is none.
        """
        return self.span(self.on(day))

    def span(self, value: int) -> timedelta:
        """
        Say a value in the policy's unit as a duration; a count or a sum of money is none.
        """
        unit = UNITS[self.unit]
        if unit is None:
            raise UnknownPolicyError(f"{self.name} is no duration")
        return unit * value


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    Working days and winter's months; `assumed_years` rest on the law's text alone, `kurban_ait` on the lunar calendar until announced.
    """

    working: WorkingCalendar
    winter_months: frozenset[int]
    assumed_years: frozenset[int]
    kurban_ait: frozenset[date]

    def is_winter(self, day: date) -> bool:
        """
        Tell the season of a booked date (D16).
        """
        return day.month in self.winter_months


def load_policies(path: Path) -> Mapping[str, Policy]:
    """
    Read every effective-dated figure.
    """
    figures = reading.field(reading.read_json(path), "figures", dict, path.name)
    return reading.by_id({name: _policy(name, figures[name], f"{path.name}.{name}") for name in figures}, path.name)


def _policy(name: str, row: dict[str, Any], where: str) -> Policy:
    unit = reading.field(row, "unit", str, where)
    if unit not in UNITS:
        raise InvalidJurisdictionError(f"{where}.unit: one of {', '.join(UNITS)}")
    history = sorted(
        (reading.day(item, "from", where), reading.field(item, "value", int, where)) for item in reading.rows(row, "history", where)
    )
    if not history:
        raise InvalidJurisdictionError(f"{where}.history: empty")
    return Policy(name, unit, reading.field(row, "source", str, where), tuple(history))


def load_calendar(path: Path, policies: Path) -> Calendar:
    """
    Read the calendar's years and the months that count as winter.
    """
    document = reading.read_json(path)
    years = reading.field(document, "years", dict, path.name)
    winter = reading.field(reading.read_json(policies), "winter_months", dict, policies.name)
    days = {
        name: [reading.to_day(text, path.name) for year in years.values() for text in reading.words(year, name, path.name)]
        for name in _LISTS
    }
    return Calendar(
        working=WorkingCalendar(
            days_off=frozenset(days["days_off"]),
            moved_working_days=frozenset(days["moved_working_days"]),
            years=frozenset(int(year) for year in years),
            holidays=tuple(_holiday(row, path.name) for row in reading.rows(document, "holidays", path.name)),
        ),
        winter_months=frozenset(reading.field(winter, "months", list, policies.name)),
        assumed_years=frozenset(int(year) for year, row in years.items() if reading.field(row, "assumed", bool, path.name)),
        kurban_ait=frozenset(reading.day(reading.field(row, "kurban_ait", dict, path.name), "day", path.name) for row in years.values()),
    )


def _holiday(row: dict[str, Any], where: str) -> Holiday:
    return Holiday(
        month=reading.field(row, "month", int, where),
        day=reading.field(row, "day", int, where),
        since=reading.day(row, "from", where),
        until=reading.day(row, "to", where) if "to" in row else None,
        carried=row.get("carried", True) is True,
    )


_LISTS: Final = ("days_off", "moved_working_days")
