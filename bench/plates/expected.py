"""
Whom a gate would name from one photograph: 300 expected vehicles, 20 of them sisters of the truck, one character off; listed itself, and not listed.

Many seeded lists for each photograph. What is opened follows the gate's own matching (D23); what is named is its likeliest vehicle from a threshold on.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from bench.plates.figures import Share
from bench.plates.folder import Photo
from bench.plates.reading import Answer, Run
from chalicelib.contracts.admissions import Admission, AdmissionStatus
from iot.gate.likelihood import Plate
from iot.gate.matching import Match, match
from iot.gate.roll import Expected
from iot.plate_reader.countries import ALPHABETS, DIGITS, FORMATS, LATIN, Format
from iot.plate_reader.grammar import places_of

LISTED: Final = 300
SISTERS: Final = 20
COMING: Final = {"KZ": 50, "RU": 16, "UZ": 10, "KG": 8, "CN": 6, "BY": 3, "TJ": 2, "TM": 2, "TR": 2, "PL": 1, "LT": 1}
"""How often a country's trucks come, of a hundred."""
THRESHOLDS: Final = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)
MOMENT: Final = datetime(2026, 12, 3, 7, tzinfo=UTC)
FORM: Final = "{:10} {:6} {:>5} {:>22} {:>12} {:>12} {:>14} {:>16} {:>16}"


@dataclass(slots=True)
class Tally:
    """
    What came of the trials of one photograph; `likely` holds the probability and rightness of each likeliest vehicle.
    """

    photo: Photo
    opened: int = 0
    opened_wrong: int = 0
    named: int = 0
    named_wrong: int = 0
    stranger_opened: int = 0
    stranger_named: int = 0
    likely: list[tuple[float, bool]] = field(default_factory=list)
    stranger_likely: list[float] = field(default_factory=list)


def expectations(run: Run, *, lists: int) -> list[Tally]:
    """
    Try every photograph against so many lists with the truck, and as many without it.
    """
    others = [_strangers(random.Random(seed)) for seed in range(lists)]
    return [_try(answer, others) for answer in run.photos]


def print_expectations(named: Sequence[tuple[str, Sequence[Tally]]]) -> None:
    """
    Shares over all lists, the interval over photographs, and what other thresholds would give.
    """
    print(f"\nthe right one among {LISTED} expected, {SISTERS} of them sister plates (named: told to the officer; opened: by D23)")
    print(
        FORM.format(
            "", "set", "n", "right named [95 %]", "wrong named", "right opened", "wrong opened", "stranger named", "stranger opened"
        )
    )
    for name, tallies in named:
        for group in (*dict.fromkeys(tally.photo.group for tally in tallies), "all"):
            print(_row(name, group, [tally for tally in tallies if group in {tally.photo.group, "all"}]))
    for name, tallies in named:
        print(f"\n{name}: named from a probability of …: right / wrong / a stranger for a listed one")
        print("  " + "   ".join(_at(tallies, threshold) for threshold in THRESHOLDS))


def _try(answer: Answer, others: Sequence[Sequence[Expected]]) -> Tally:
    tally = Tally(answer.photo)
    known = answer.photo.country in COMING  # some sets are labeled EU only: then the reader's country is not asked either
    readings = [reading if known else replace(reading, country="") for reading, _ in answer.readings]
    truck = Plate(answer.photo.country, answer.photo.text)
    for seed, strangers in enumerate(others):
        sisters = [_expected(plate) for plate in sisters_of(truck, chance=random.Random(f"{truck.text} {seed}"))]
        with_it = match(readings, [_expected(truck), *sisters, *strangers[: LISTED - SISTERS - 1]])
        without = match(readings, [*sisters, *strangers[: LISTED - SISTERS]])
        tally.opened += _opened(with_it) == truck
        tally.opened_wrong += _opened(with_it) not in {None, truck}
        tally.stranger_opened += _opened(without) is not None
        tally.named += with_it.named == truck
        tally.named_wrong += with_it.named not in {None, truck}
        tally.stranger_named += without.named is not None
        tally.likely += [(one.probability, one.plate == truck) for one in with_it.likely[:1]] or [(0.0, False)]
        tally.stranger_likely += [one.probability for one in without.likely[:1]] or [0.0]
    return tally


def _opened(found: Match) -> Plate | None:
    return Plate(found.bookings[0].admission.country, found.bookings[0].admission.plate) if found.bookings else None


def _row(name: str, group: str, tallies: Sequence[Tally]) -> str:
    lists = sum(len(tally.likely) for tally in tallies)

    def share(count: Callable[[Tally], int]) -> float:
        return 100 * sum(map(count, tallies)) / lists

    right = share(lambda tally: tally.named)
    over_photos = Share(round(right / 100 * len(tallies)), len(tallies)).interval
    return FORM.format(
        name,
        group,
        len(tallies),
        f"{right:.2f} % [{100 * over_photos[0]:.0f}–{100 * over_photos[1]:.0f}]",
        f"{share(lambda tally: tally.named_wrong):.3f} %",
        f"{share(lambda tally: tally.opened):.2f} %",
        f"{share(lambda tally: tally.opened_wrong):.3f} %",
        f"{share(lambda tally: tally.stranger_named):.3f} %",
        f"{share(lambda tally: tally.stranger_opened):.3f} %",
    )


def _at(tallies: Sequence[Tally], threshold: float) -> str:
    """
    Rightly and wrongly named of the listed ones, and strangers named as listed, were this probability enough.
    """
    lists = sum(len(tally.likely) for tally in tallies)
    said = [right for tally in tallies for probability, right in tally.likely if probability >= threshold]
    strange = sum(probability >= threshold for tally in tallies for probability in tally.stranger_likely)
    return f"{threshold}: {100 * sum(said) / lists:.2f} / {100 * (len(said) - sum(said)) / lists:.3f} / {100 * strange / lists:.3f} %"


def sisters_of(truck: Plate, *, chance: random.Random) -> list[Plate]:
    """
    Different plates one character off: a digit for a digit, a letter of the country's own for a letter.
    """
    letters = ALPHABETS["r"] if truck.country == "RU" else LATIN
    found: dict[str, None] = {}
    while len(found) < SISTERS:
        at = chance.randrange(len(truck.text))
        other = chance.choice(DIGITS if truck.text[at] in DIGITS else letters)
        if other != truck.text[at]:
            found[truck.text[:at] + other + truck.text[at + 1 :]] = None
    return [Plate(truck.country, text) for text in found]


def _strangers(chance: random.Random) -> list[Expected]:
    return [_expected(plate) for plate in strangers(LISTED, chance=chance)]


def strangers(count: int, *, chance: random.Random) -> list[Plate]:
    """
    Plates as they come to a border, of all countries.
    """
    return [next(_plates(country, chance)) for country in chance.choices(list(COMING), weights=list(COMING.values()), k=count)]


def _plates(country: str, chance: random.Random) -> Iterator[Plate]:
    """
    Plates of a country, by its formats.
    """
    while True:
        format_, places = chance.choice(_formats(country))
        text = "".join(chance.choice(places_at) for places_at in places)
        if re.search(format_.check, text):
            yield Plate(country, text)


@lru_cache(maxsize=64)
def _formats(country: str) -> list[tuple[Format, tuple[str, ...]]]:
    return [(one, places_of(one)) for one in FORMATS if one.country == country]


def _expected(plate: Plate) -> Expected:
    return Expected(
        Admission(
            booking=plate.text,
            version=1,
            number=plate.text,
            plate=plate.text,
            country=plate.country,
            status=AdmissionStatus.CALLED,
            class_="general",
            slot_start=MOMENT,
            slot_end=MOMENT + timedelta(hours=1),
            opens_at=MOMENT,
            call_due_at=MOMENT,
            expires_at=MOMENT + timedelta(hours=2),
        )
    )
