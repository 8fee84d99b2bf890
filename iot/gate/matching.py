"""
Which expected vehicle a frame shows (D23): exact, or one character forgiven where the reader itself doubted it. A confident difference never fits.

The rules say who may be let in; the likelihood of every expected vehicle has the last word: what may as well be another, or a stranger, is the officer's.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from chalicelib.contracts.passages import Reading
from chalicelib.contracts.plates import look_alike, normalize
from iot.gate.likelihood import Likely, Plate, by_plate, confidence_at, likeliest
from iot.gate.roll import Expected

MOST_TOLD: Final = 5
"""Plates that an officer is told as likely."""


class Fit(StrEnum):
    """
    How well the readings name one vehicle. Only `EXACT` and `REPAIRED` name one.
    """

    EXACT = "exact"
    REPAIRED = "repaired"
    SIMILAR = "similar"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Doubt:
    """
    When the reader doubts (confidences 0–1). Below `readable` nothing is read; a character below `character` is doubted, one below `rival` so
    much that an expected sister may stand there instead; from `country` upward the reader is sure of the country its plate grammar gave.

    A vehicle that is less likely than `exact` where it was read to the letter, than `sure` where a doubt is forgiven, is not let in.
    One that reaches `exact` or `named` likewise is told to the officer as the one, though nothing opens.
    """

    readable: float = 0.4
    character: float = 0.8
    rival: float = 0.5
    country: float = 0.9
    exact: float = 0.5
    sure: float = 0.95
    named: float = 0.98


@dataclass(frozen=True, slots=True)
class Match:
    """
    The fit, the bookings of the one vehicle it names (none otherwise), a word for the officer, the likeliest vehicles, and the one if it is
    likely enough to be named to the officer; the latter two whatever the fit.
    """

    fit: Fit
    bookings: tuple[Expected, ...] = ()
    detail: str | None = None
    likely: tuple[Likely, ...] = ()
    named: Plate | None = None


USUAL_DOUBT = Doubt()


def match(readings: Sequence[Reading], expected: Sequence[Expected], *, doubt: Doubt = USUAL_DOUBT) -> Match:
    """
    Name the one expected vehicle that the best reading, or an alternative it leaves open, shows.

    A plate's text is not unique between countries (plates.md, design note d): a country the reader is sure of must agree; one it is not
    sure of may differ, but then that is the one doubt that is forgiven.
    """
    readings = tuple(replace(reading, text=normalize(reading.text)) for reading in readings)
    if not readings or not readings[0].text:
        return Match(Fit.UNREADABLE)
    likely, named = _told_of(readings, list(dict.fromkeys(map(_plate, expected))), doubt=doubt)
    readable = readings[0].confidence >= doubt.readable
    found = replace(_by_rule(readings, expected, doubt=doubt) if readable else Match(Fit.UNREADABLE), likely=likely, named=named)
    if found.bookings and not _likely_enough(found, doubt=doubt):
        return replace(found, fit=Fit.AMBIGUOUS, bookings=(), detail=_told(likely))
    return replace(found, detail=named.text) if named and found.fit in {Fit.UNKNOWN, Fit.UNREADABLE} else found


def _told_of(readings: Sequence[Reading], expected: Sequence[Plate], *, doubt: Doubt) -> tuple[tuple[Likely, ...], Plate | None]:
    """
    The likeliest vehicles by the picture's best plate, and the one an officer may be told of. Where the best plate names none, another one in the
    picture may: the truck beside or behind is expected as well.
    """
    best, *others = by_plate(readings)
    likely = tuple(likeliest(best, expected)[:MOST_TOLD])
    named = _named(likely, best=best[0], doubt=doubt)
    if named or any(one.probability >= doubt.exact for one in likely):
        return likely, named
    found = [(plate[0], tuple(likeliest(plate, expected)[:MOST_TOLD])) for plate in others]
    sure = [each for reading, each in found if _surely_named(each, best=reading, doubt=doubt)]
    return (sure[0], sure[0][0].plate) if len(sure) == 1 else (likely, None)


def _surely_named(likely: Sequence[Likely], *, best: Reading, doubt: Doubt) -> bool:
    """
    Read to the letter, surely, and hardly another's.
    """
    return bool(likely) and likely[0].plate.text == best.text and likely[0].probability >= doubt.named and best.confidence >= doubt.country


def _named(likely: Sequence[Likely], *, best: Reading, doubt: Doubt) -> Plate | None:
    """
    The likeliest vehicle, if an officer may be told that it is the one.
    """
    enough = likely and likely[0].probability >= (doubt.exact if likely[0].plate.text == best.text else doubt.named)
    return likely[0].plate if enough else None


def _likely_enough(found: Match, *, doubt: Doubt) -> bool:
    """
    The vehicle that the rules let in is the likeliest one, and so likely that the barrier may open.
    """
    least = doubt.exact if found.fit is Fit.EXACT else doubt.sure
    return any(one.plate == _plate(found.bookings[0]) and one.probability >= least for one in found.likely)


def _by_rule(readings: Sequence[Reading], expected: Sequence[Expected], *, doubt: Doubt) -> Match:
    """
    D23 to the letter.
    """
    best = readings[0]
    near = _near(readings, expected)
    exact = _vehicles(near, lambda booking: _same(best, booking) and _country(readings, booking, doubt=doubt) is not False)
    repaired = _vehicles(near, lambda booking: _repaired(readings, booking, doubt=doubt))
    if exact:
        return _exact(readings, exact, rivals=_doubted_rivals(best, near, doubt=doubt), doubt=doubt)
    if len(repaired) == 1:
        return Match(Fit.REPAIRED, repaired[0], f"read {best.text}")
    if repaired:
        return Match(Fit.AMBIGUOUS, detail=_plates(repaired))
    return _not_matched(readings, expected)


def _near(readings: Sequence[Reading], expected: Sequence[Expected]) -> list[Expected]:
    """
    The few bookings that can fit at all: named by a hypothesis, or one changed character away from the best one.
    """
    texts, best = {reading.text for reading in readings}, readings[0].text
    size = len(best)

    def may_fit(plate: str) -> bool:
        return plate in texts or (len(plate) == size and sum(map(operator.ne, plate, best)) == 1)

    return [booking for booking in expected if may_fit(booking.admission.plate)]


def _exact(
    readings: Sequence[Reading], vehicles: Sequence[tuple[Expected, ...]], *, rivals: Sequence[tuple[Expected, ...]], doubt: Doubt
) -> Match:
    """
    The text as read is expected. It must be one vehicle's, and no doubted character may make it another's.
    """
    agreeing = [vehicle for vehicle in vehicles if _country(readings, vehicle[0], doubt=doubt)]
    chosen = agreeing or list(vehicles)
    if len(chosen) > 1 or rivals:
        return Match(Fit.AMBIGUOUS, detail=_plates([*chosen, *rivals]))
    if not agreeing:
        return Match(Fit.REPAIRED, chosen[0], f"country read {readings[0].country}")
    return Match(Fit.EXACT, chosen[0])


def _doubted_rivals(best: Reading, expected: Sequence[Expected], *, doubt: Doubt) -> list[tuple[Expected, ...]]:
    """
    Vehicles that the text would name if its one character of low confidence were another.
    """

    def fits(booking: Expected) -> bool:
        different = _differences(best, booking)
        return different is not None and len(different) == 1 and confidence_at(best, different[0]) < doubt.rival

    return _vehicles(expected, fits)


def _repaired(readings: Sequence[Reading], booking: Expected, *, doubt: Doubt) -> bool:
    """
    One doubted character away from the best reading; or just what another hypothesis says, where the best one doubts every difference.
    """
    best = readings[0]
    different = _differences(best, booking)
    if (
        not different
        or _country(readings, booking, doubt=doubt) is not True
        or not all(_doubted(best, booking, at, doubt=doubt) for at in different)
    ):
        return False
    return len(different) == 1 or any(_same(other, booking) for other in readings[1:])


def _not_matched(readings: Sequence[Reading], expected: Sequence[Expected]) -> Match:
    """
    Say why the barrier stays shut: nearly an expected plate, several plates in the picture, or nobody we know.
    """
    near = _vehicles(expected, lambda booking: _distance_at_most_one(readings[0].text, booking.admission.plate))
    if near:
        return Match(Fit.SIMILAR, detail=_plates(near))
    others = _vehicles(expected, lambda booking: any(_same(other, booking) for other in readings[1:]))
    return Match(Fit.AMBIGUOUS, detail=_plates(others)) if others else Match(Fit.UNKNOWN)


def _vehicles(expected: Sequence[Expected], fits: Callable[[Expected], bool]) -> list[tuple[Expected, ...]]:
    """
    Group the bookings that fit by vehicle: one truck may hold an admitted booking and a later one.
    """
    found: dict[tuple[str, str], list[Expected]] = {}
    for booking in expected:
        if fits(booking):
            found.setdefault((booking.admission.country, booking.admission.plate), []).append(booking)
    return [tuple(bookings) for bookings in found.values()]


def _same(reading: Reading, booking: Expected) -> bool:
    return reading.text == booking.admission.plate


def _differences(reading: Reading, booking: Expected) -> list[int] | None:
    """
    Positions at which a text of the same length differs; none for another length: a lost character is not a doubted one.
    """
    text, plate = reading.text, booking.admission.plate
    if len(text) != len(plate):
        return None
    return [index for index, (one, other) in enumerate(zip(text, plate, strict=True)) if one != other]


def _doubted(reading: Reading, booking: Expected, at: int, *, doubt: Doubt) -> bool:
    return confidence_at(reading, at) < doubt.character or look_alike(reading.text[at], booking.admission.plate[at])


def _country(readings: Sequence[Reading], booking: Expected, *, doubt: Doubt) -> bool | None:
    """
    Whether the countries agree: yes (also where the reader gave none), no (it is sure), or none (it differs, unsure).

    One text may fit several countries' grammars; then the reader lists it once for each, and any of them agrees.
    """
    texts = {readings[0].text, booking.admission.plate}
    countries = {reading.country.upper() for reading in readings if reading.text in texts}
    if booking.admission.country in countries or not all(_names_a_country(country) for country in countries):
        return True
    return False if readings[0].confidence >= doubt.country else None


def _names_a_country(code: str) -> bool:
    """
    An ISO 3166 alpha-2 code that is not one of the user-assigned "unknown" ones.
    """
    return len(code) == len("KZ") and code.isalpha() and code not in {"XX", "ZZ"}


def _distance_at_most_one(text: str, plate: str) -> bool:
    """
    At most one character changed, missing or added: near enough for an officer to look twice.
    """
    if len(text) == len(plate):
        return sum(one != other for one, other in zip(text, plate, strict=True)) <= 1
    short, long = sorted((text, plate), key=len)
    return len(long) - len(short) == 1 and any(long[:index] + long[index + 1 :] == short for index in range(len(long)))


def _plates(vehicles: Sequence[tuple[Expected, ...]]) -> str:
    return " ".join(sorted({vehicle[0].admission.plate for vehicle in vehicles}))


def _plate(booking: Expected) -> Plate:
    return Plate(booking.admission.country, booking.admission.plate)


def _told(likely: Sequence[Likely]) -> str:
    return " ".join(dict.fromkeys(one.plate.text for one in likely))
