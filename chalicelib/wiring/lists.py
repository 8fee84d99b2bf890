"""
The use cases of vehicle lists (§6) with their ports, and the words by which a list may call things here.
"""

from datetime import date, timedelta

from chalicelib.domain.list_rows import Expected, fold
from chalicelib.domain.plans import PlaceClass
from chalicelib.jurisdictions.reading import LANGUAGES
from chalicelib.usecases.decide_list import DecideList, KeepEntries
from chalicelib.usecases.prove_ground import ProveGround
from chalicelib.usecases.receive_list import ReceiveList
from chalicelib.wiring.outside import law, once, parts, store

FARTHEST = timedelta(days=366)
"""How far ahead a list may look: what lies beyond is a slip in the year."""


@once
def prove_ground() -> ProveGround:
    """
    §6, D13.
    """
    return ProveGround(store().vehicle_lists, store().bookings)


@once
def receive_list() -> ReceiveList:
    """
    §6, D2.
    """
    return ReceiveList(**parts("committer", "requests", "clock", "chance", "rules_on"), lists=store().vehicle_lists, expecting=_expecting)


@once
def decide_list() -> DecideList:
    """
    §6.
    """
    return DecideList(**parts("committer", "requests", "clock", "rules_on"), lists=store().vehicle_lists)


@once
def keep_entries() -> KeepEntries:
    """
    What an approved list admits.
    """
    return KeepEntries(**parts("committer"), lists=store().vehicle_lists)


def _expecting(*, checkpoint: str, class_: PlaceClass, first_day: date) -> Expected:
    return Expected(
        first_day=first_day,
        last_day=first_day + FARTHEST,
        columns=law().lists().aliases,
        countries=_countries(),
        checkpoint_words=_words(checkpoint),
        class_words=_words(class_.value),
    )


def _words(id_: str) -> frozenset[str]:
    return frozenset(fold(word) for word in (id_, *(law().names[id_][language] for language in LANGUAGES)))


@once
def _countries() -> dict[str, str]:
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - the ISO 3166 codes that are in use; 35 ms that only uploads need

    found = {fold(code): code for code in SUPPORTED_REGIONS}
    return found | {word: code for code in law().countries for word in _words(code)}
