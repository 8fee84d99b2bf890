"""
A day that is disputed, and the photographs of it.
"""

from dataclasses import replace
from datetime import timedelta

from chalicelib.contracts.passages import Action, DecisionReason, Reading
from chalicelib.contracts.plates import normalize
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.usecases.ports import Shot
from tests.factories import SLOT, batch, minutes, seen
from tests.fakes.samples import HERE


def sha(number):
    """
    Name a photograph.
    """
    return f"{number:064x}"


def shots(*numbers):
    """
    Name photographs of this checkpoint.
    """
    return {Shot(HERE, sha(number)) for number in numbers}


def passes(office, *entries):
    """
    Let cameras report, and their photographs come up: the numbers are the entries' sequences.
    """
    office.journal.batch(checkpoint=HERE, batch=batch(*(replace(entry, photo=sha(entry.sequence)) for entry in entries)))
    office.shelf.kept |= {sha(entry.sequence) for entry in entries}


def unknown(sequence, *plates, at=SLOT, reason=DecisionReason.UNREADABLE):
    """
    A passage in which nobody was known: what was read of it.
    """
    entry = seen(sequence, "entry-1", None, at=at, action=Action.STAY, reason=reason)
    return replace(entry, readings=tuple(Reading(plate, "KZ", 0.6) for plate in plates))


def a_disputed_no_show(office):
    """
    Prepare a booking that was seen at the waiting area, and a day on which somebody stood unread before the gate.
    """
    office.people_of(1, 2)
    office.confirmed(1)
    office.confirmed(2)
    office.clock.move_to(SLOT)
    mine = normalize(office.booking("bk_1").vehicle.plate)
    passes(
        office,
        seen(1, "wa-in", "bk_1", at=SLOT - minutes(60)),
        seen(2, "wa-in", "bk_2", at=SLOT - minutes(50)),
        unknown(3),
        unknown(4, mine[:-1] + "X", reason=DecisionReason.UNKNOWN_VEHICLE),
        unknown(5, "777ZZZ16", reason=DecisionReason.UNKNOWN_VEHICLE),
        unknown(6, at=SLOT - timedelta(days=9)),
    )


MINE = (1, 3, 4)
"""Itself, somebody unread, and somebody read almost as it: neither another's vehicle, nor another plate, nor another day."""


def pending(office):
    """
    List what follows complaints.
    """
    found = [each for shard in range(8) for each in office.store.outbox.pending(shard=shard, until=office.clock.now(), limit=999)]
    return [each for each in found if each.task is Task.PHOTOGRAPHS]


def message_of(office, complaint) -> OutboxMessage:
    """
    Find what follows a complaint's registration.
    """
    (found,) = [each for each in pending(office) if each.payload["complaint"] == complaint and each.aggregate_version == 1]
    return found
