"""
What a fresh state holds before the first request: tables, the open days of 48 checkpoints, and staff who sign in by code.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from chalicelib import wiring
from chalicelib.domain.records import Account
from chalicelib.usecases.ports import PersonRecord, Write

WRITERS = 4


@dataclass(frozen=True, slots=True)
class Staff:
    """
    A seeded sign-in.
    """

    role: str
    phone: str
    checkpoints: tuple[str, ...] = ()
    head: bool = False

    def shown(self) -> dict[str, Any]:
        """
        Say it as `GET /local/info` does.
        """
        shown: dict[str, Any] = {"role": self.role, "phone": self.phone, "checkpoints": list(self.checkpoints)}
        return shown | ({"head": True} if self.head else {})


STAFF = (
    Staff("officer", "+77010000001", ("nur-zholy",)),
    Staff("officer", "+77010000002", ("alakol", "dostyk")),
    Staff("registrar", "+77010000003"),
    Staff("finance", "+77010000004"),
    Staff("admin", "+77010000005"),
    Staff("device_operator", "+77010000006"),
    Staff("registrar", "+77010000007", head=True),
    Staff("officer", "+77010000008", ("nur-zholy",)),
)


def create_tables() -> None:
    """
    Create the tables that are missing.
    """
    wiring.store().create_tables()
    wiring.people().create_tables()


def open_all_days(progress: Callable[[int, int], None]) -> int:
    """
    Write the missing plans of every checkpoint, telling how far it is: how many were written.
    """
    checkpoints = list(wiring.law().checkpoints)
    opened = 0
    with ThreadPoolExecutor(WRITERS) as pool:
        for done, count in enumerate(pool.map(lambda checkpoint: wiring.open_days()(checkpoint=checkpoint), checkpoints), start=1):
            opened += count
            progress(done, len(checkpoints))
    return opened


def appoint(staff: Sequence[Staff] = STAFF) -> None:
    """
    Give each seeded person an account with a role, once.
    """
    known = set(wiring.law().checkpoints)
    for person in staff:
        checkpoints = tuple(checkpoint for checkpoint in person.checkpoints if checkpoint in known)
        hashed = wiring.keyed_hash().of(person.phone)
        id_ = f"per_staff{person.phone[-2:]}"
        record = PersonRecord(id_, "account", {"phone": person.phone})
        owner = wiring.people().claim(kind="phone", keyed_hash=hashed, person=record)
        if wiring.store().accounts.of_person(owner) is None:
            account = f"acc_staff{person.phone[-2:]}"
            made = Account(account, owner, wiring.clock().now(), 1, roles=(person.role,), checkpoints=checkpoints, head=person.head)
            wiring.store().commit(Write(made))
