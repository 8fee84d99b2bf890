"""
A block for false data (§6-2, D22): who set it, when, why, on what evidence, which bookings rest on it, and how it ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class EvidenceKind(StrEnum):
    """
    What a block may rest on.
    """

    BOOKING = "booking"
    CHECK = "check"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    One piece of evidence: a booking, a check of it (`source` of §18), or a document by its hash (`sha256`, hex).
    """

    kind: EvidenceKind
    booking: str | None = None
    source: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """
    One block of an account. `bookings` rest on the false data; `complaint` is the one made against it.

    It stands until `lifted_at`; `upheld_at` says that a complaint against it was dismissed: it is final for the registrar.
    """

    id: str
    since: datetime
    by: str
    reason: str
    evidence: tuple[Evidence, ...]
    bookings: tuple[str, ...] = ()
    complaint: str | None = None
    upheld_at: datetime | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lifted_because: str | None = None

    @property
    def stands(self) -> bool:
        """
        Tell whether it still blocks.
        """
        return self.lifted_at is None


def standing_block(blocks: Sequence[Block]) -> Block | None:
    """
    Give the block that stands, of which an account has one at most.
    """
    return next((block for block in blocks if block.stands), None)


def block_of(blocks: Sequence[Block], *, block: str | None) -> Block | None:
    """
    Find a block by its id.
    """
    return next((each for each in blocks if each.id == block), None)


def with_block(blocks: Sequence[Block], *, changed: Block) -> tuple[Block, ...]:
    """
    Give the list with one block changed, or added at its end.
    """
    if all(each.id != changed.id for each in blocks):
        return (*blocks, changed)
    return tuple(changed if each.id == changed.id else each for each in blocks)


def lifted(block: Block, *, at: datetime, by: str, because: str) -> Block:
    """
    End a block.
    """
    return replace(block, lifted_at=at, lifted_by=by, lifted_because=because)
