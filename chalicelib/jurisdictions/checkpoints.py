import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from chalicelib.contracts.passages import LaneKind
from chalicelib.jurisdictions import reading
from chalicelib.jurisdictions.reading import InvalidJurisdictionError, Texts

SLUG: Final = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
CODE: Final = re.compile(r"^[A-Z]{3}$")
MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Region:
    """
    A region; `code` is the one on its vehicles' plates.
    """

    code: str
    names: Texts


@dataclass(frozen=True, slots=True)
class GeoPosition:
    """
    Degrees, WGS 84. `approximate` ones are not surveyed; `source` says where they come from.
    """

    lat: float
    lon: float
    approximate: bool
    source: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """
    Vehicles a day until OGD sets its own figure (D1); `assumed` where nobody has published one.
    """

    per_day: int
    assumed: bool
    source: str


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """
    Local times `HH:MM`, half-open; `opens_minutes` and `closes_minutes` count from local midnight (0–1440).
    """

    opens: str
    closes: str
    assumed: bool

    @property
    def opens_minutes(self) -> int:
        """
        Minutes after local midnight at which the checkpoint opens.
        """
        return _minutes(self.opens)

    @property
    def closes_minutes(self) -> int:
        """
        Minutes after local midnight at which it closes; 1440 is the day's end.
        """
        return _minutes(self.closes)


@dataclass(frozen=True, slots=True)
class Lane:
    """
    A lane with its camera; entry and exit lanes of the checkpoint itself have a barrier (§11).
    """

    id: str
    kind: LaneKind

    @property
    def has_barrier(self) -> bool:
        """
        Tell the lanes of the checkpoint from those of the waiting area.
        """
        return self.kind in {LaneKind.ENTRY, LaneKind.EXIT}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """
    One of the annex's checkpoints (§5). `id` is the slug of its name, `code` opens its booking numbers (D7), `country` is the neighbor's.
    """

    id: str
    code: str
    names: Texts
    country: str
    region: Region
    position: GeoPosition
    capacity: Capacity
    interval_minutes: int
    opening_hours: OpeningHours
    has_waiting_area: bool
    lanes: tuple[Lane, ...]
    lanes_assumed: bool
    status: str

    def lane(self, lane_id: str) -> Lane | None:
        """
        Find a lane, or none.
        """
        return next((lane for lane in self.lanes if lane.id == lane_id), None)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """
    A class's daily ceiling in percent of capacity, in force from a day (§6, §6-1); it rounds down (D2).
    """

    since: date
    percent: int
    source: str


@dataclass(frozen=True, slots=True)
class QuotaClass:
    """
    A class of places; lower `rank` goes first within an interval (D6); `released_on_the_day` opens unsold ones to everyone (D4).
    """

    id: str
    names: Texts
    rank: int
    rule: str
    released_on_the_day: bool
    ceilings: tuple[Ceiling, ...]

    def ceiling_percent(self, on: date) -> int | None:
        """
        Give the ceiling in force on a day; none for `general`, and before the first one.
        """
        return next((ceiling.percent for ceiling in reversed(self.ceilings) if ceiling.since <= on), None)


def load_checkpoints(path: Path) -> Mapping[str, Checkpoint]:
    """
    Read the checkpoints with their defaults; ids and codes are unique.
    """
    document = reading.read_json(path)
    where = path.name
    defaults = reading.field(document, "defaults", dict, where)
    names = reading.field(document, "regions", dict, where)
    regions = {code: Region(code, reading.texts(names, code, f"{where}.regions")) for code in names}
    source = reading.field(document, "position_source", str, where)
    found = [_checkpoint({**defaults, **row}, regions, source, where) for row in reading.rows(document, "checkpoints", where)]
    if len({checkpoint.code for checkpoint in found}) != len(found):
        raise InvalidJurisdictionError(f"{where}: a code is repeated")
    return reading.by_id([(checkpoint.id, checkpoint) for checkpoint in found], where)


def _checkpoint(row: dict[str, Any], regions: Mapping[str, Region], position_source: str, where: str) -> Checkpoint:
    id_, code = reading.field(row, "id", str, where), reading.field(row, "code", str, where)
    where = f"{where}.{id_}"
    if not SLUG.match(id_) or not CODE.match(code):
        raise InvalidJurisdictionError(f"{where}: id is a slug, code three letters")
    region = regions.get(reading.field(row, "region", str, where))
    if region is None:
        raise InvalidJurisdictionError(f"{where}.region: unknown")
    capacity = reading.field(row, "capacity", dict, where)
    hours = reading.field(row, "opening_hours", dict, where)
    lat, lon = (float(number) for number in reading.field(row, "position", list, where))
    return Checkpoint(
        id=id_,
        code=code,
        names=reading.texts(row, "names", where),
        country=reading.field(row, "country", str, where),
        region=region,
        position=GeoPosition(lat, lon, approximate=True, source=position_source),
        capacity=Capacity(
            reading.field(capacity, "per_day", int, where),
            reading.field(capacity, "assumed", bool, where),
            reading.field(capacity, "source", str, where),
        ),
        interval_minutes=reading.field(row, "interval_minutes", int, where),
        opening_hours=_hours(hours, where),
        has_waiting_area=reading.field(row, "has_waiting_area", bool, where),
        lanes=tuple(Lane(str(lane["id"]), LaneKind(lane["kind"])) for lane in reading.rows(row, "lanes", where)),
        lanes_assumed=reading.field(row, "lanes_assumed", bool, where),
        status=reading.field(row, "status", str, where),
    )


def _hours(row: dict[str, Any], where: str) -> OpeningHours:
    hours = OpeningHours(
        reading.field(row, "opens", str, where), reading.field(row, "closes", str, where), reading.field(row, "assumed", bool, where)
    )
    if not 0 <= hours.opens_minutes < hours.closes_minutes <= MINUTES_A_DAY:
        raise InvalidJurisdictionError(f"{where}.opening_hours: opens before it closes, within a day")
    return hours


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def load_classes(path: Path) -> Mapping[str, QuotaClass]:
    """
    Read the classes of places in queue order.
    """
    where = path.name
    return reading.by_id([(row["id"], _class(row, where)) for row in reading.rows(reading.read_json(path), "classes", where)], where)


def _class(row: dict[str, Any], where: str) -> QuotaClass:
    ceilings = [
        Ceiling(reading.day(item, "from", where), reading.field(item, "percent", int, where), reading.field(item, "source", str, where))
        for item in reading.rows(row, "ceilings", where)
    ]
    return QuotaClass(
        id=reading.field(row, "id", str, where),
        names=reading.texts(row, "names", where),
        rank=reading.field(row, "rank", int, where),
        rule=reading.field(row, "rule", str, where),
        released_on_the_day=reading.field(row, "released_on_the_day", bool, where),
        ceilings=tuple(sorted(ceilings, key=lambda ceiling: ceiling.since)),
    )
