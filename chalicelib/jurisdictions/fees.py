import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from chalicelib.jurisdictions import reading

TIYN_IN_TENGE: Final = 100


@dataclass(frozen=True, slots=True)
class Mci:
    """
    The monthly calculation index (МРП) of a half-open period [since, until), in tenge.
    """

    since: date
    until: date
    tenge: int
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class FeeRates:
    """
    Fees and deposit in MCI, in force from a day (§25, D27); `sources` names the legal source of each figure.
    """

    since: date
    classes: Mapping[str, int]
    secondary: int
    deposit: int
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """
    What is due on a day of payment, in tiyn (D27).
    """

    mci: Mci
    rates: FeeRates

    def fee(self, class_: str, *, secondary: bool = False) -> int:
        """
        Give a class's fee in tiyn; class and secondary fees never add, the higher is due (D5). An unknown class raises `KeyError`.
        """
        return self.tiyn(self.mcis(class_, secondary=secondary))

    def mcis(self, class_: str, *, secondary: bool = False) -> int:
        """
        Give the same fee in MCI.
        """
        multiple = self.rates.classes[class_]
        return max(multiple, self.rates.secondary) if secondary else multiple

    @property
    def deposit(self) -> int:
        """
        The guarantee deposit in tiyn (§28).
        """
        return self.tiyn(self.rates.deposit)

    @property
    def assumed(self) -> bool:
        """
        Tell that the MCI is an assumption of a local seed, not a decreed figure.
        """
        return self.mci.assumed

    def tiyn(self, mcis: int) -> int:
        """
        Turn MCI into tiyn.
        """
        return self.mci.tenge * TIYN_IN_TENGE * mcis


@dataclass(frozen=True, slots=True)
class Fees:
    """
    Every MCI and every schedule of rates known; `warn_days` before the first day without them an alarm rings (D27).
    """

    mci: tuple[Mci, ...]
    rates: tuple[FeeRates, ...]
    warn_days: int

    def on(self, day: date) -> FeeSchedule | None:
        """
        Give what is due on a day of payment; none where the MCI or the rates are unknown (`FEE_UNKNOWN`, D27).
        """
        mci = next((mci for mci in self.mci if mci.since <= day < mci.until), None)
        rates = next((rates for rates in reversed(self.rates) if rates.since <= day), None)
        return FeeSchedule(mci, rates) if mci and rates else None

    @property
    def known_until(self) -> date:
        """
        The first day without a decreed MCI; an assumption of a local seed is none.
        """
        return max(mci.until for mci in self.mci if not mci.assumed)

    def days_known(self, today: date) -> int:
        """
        Count the days on which the fees are still known, today among them.
        """
        return max(0, (self.known_until - today).days)


def load_fees(path: Path, overlay: Path | None) -> Fees:
    """
    Read the fees; an overlay adds periods that nobody has decreed yet, marked `assumed`.
    """
    document = reading.read_json(path)
    periods = [_mci(row, path.name) for row in reading.rows(document, "mci", path.name)]
    if overlay is not None:
        periods += [_mci(row, overlay.name) for row in reading.rows(reading.read_json(overlay), "mci", overlay.name)]
    periods.sort(key=lambda mci: mci.since)
    if any(former.until > later.since for former, later in itertools.pairwise(periods)):
        raise reading.InvalidJurisdictionError(f"{path.name}: MCI periods overlap")
    rates = sorted((_rates(row, path.name) for row in reading.rows(document, "schedules", path.name)), key=lambda rates: rates.since)
    return Fees(tuple(periods), tuple(rates), reading.field(document, "warn_days", int, path.name))


def _mci(row: dict[str, Any], where: str) -> Mci:
    return Mci(
        since=reading.day(row, "from", where),
        until=reading.day(row, "until", where),
        tenge=reading.field(row, "tenge", int, where),
        source=reading.field(row, "source", str, where),
        assumed=reading.field(row, "assumed", bool, where),
    )


def _rates(row: dict[str, Any], where: str) -> FeeRates:
    classes = reading.field(row, "classes", dict, where)
    sources = reading.field(row, "sources", dict, where)
    if set(sources) != {*classes, "secondary", "deposit"}:
        raise reading.InvalidJurisdictionError(f"{where}: every fee names its source")
    return FeeRates(
        since=reading.day(row, "from", where),
        classes=reading.by_id({id_: reading.field(classes, id_, int, where) for id_ in classes}, where),
        secondary=reading.field(row, "secondary", int, where),
        deposit=reading.field(row, "deposit", int, where),
        sources=reading.by_id({id_: reading.field(sources, id_, str, where) for id_ in sources}, where),
    )
