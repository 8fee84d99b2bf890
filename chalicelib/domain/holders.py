"""
As whom an account's holder applies: only the owner, one of a company's own people, or a driver named in the application, may book (§3, D10).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

NUMBERS: Final = ("iin", "bin")
MEMBER: Final = "member"
"""A person who applies for a company: source 1 is asked about both numbers together (§18.1)."""
Fields = Mapping[str, Any]


def acts_as(*, proven: Fields, phone: str | None, owner: Fields, drivers: Sequence[Fields]) -> str | None:
    """
    Name the holder's part in an application, `owner`, `driver:<n>` or `member`; none where he has none.

    `proven` holds what source 1 has proved about the holder: IIN or BIN decide. Whoever has proved neither is the driver who has the account's
    phone, else the owner: source 1 is asked about that person, and what it confirms is the account's from then on.
    """
    if any(proven.get(name) for name in NUMBERS):
        part = next((part for part, person in _people(owner, drivers) if _same(proven, person)), None)
        return part or (MEMBER if proven.get("iin") and owner.get("bin") else None)
    return next((part for part, person in _people({}, drivers) if phone and person.get("phone") == phone), "owner")


def _people(owner: Fields, drivers: Sequence[Fields]) -> Iterator[tuple[str, Fields]]:
    yield "owner", owner
    for index, driver in enumerate(drivers):
        yield f"driver:{index}", driver


def _same(proven: Fields, person: Fields) -> bool:
    return any(proven.get(name) and proven[name] == person.get(name) for name in NUMBERS)


def counts_as_resident(*, account: bool, proven: bool, person: bool) -> bool:
    """
    Tell the user's residency (§19): the account's; until it is proven, he says of himself what the application says of him.
    """
    return account and (proven or person)
