"""
Whom the gate expects: the signed list joined with what the gate itself has seen since. What was seen never un-happens (D24).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.contracts.admissions import Admission, AdmissionStatus


class Fact(StrEnum):
    """
    What a gate can witness about a vehicle.
    """

    ARRIVED = "arrived"
    LEFT_AREA = "left_area"
    ADMITTED = "admitted"
    CROSSED = "crossed"


@dataclass(frozen=True, slots=True)
class Mark:
    """
    One fact seen here. `spent`: the barrier has really been open for it; until then the vehicle still stands before it.
    """

    fact: Fact
    at: datetime
    spent: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """
    One booking of the list (or of an admitted vehicle that the list no longer names) with the gate's own marks.
    """

    admission: Admission
    marks: tuple[Mark, ...] = ()

    def mark(self, fact: Fact) -> Mark | None:
        """
        The gate's own mark of this fact, if any.
        """
        return next((mark for mark in self.marks if mark.fact is fact), None)

    @property
    def seen_in_area(self) -> bool:
        """
        Seen at the waiting area, coming or going, by the cloud's word or ours (D17).
        """
        word = self.admission
        by_cloud = word.status is AdmissionStatus.ARRIVED or word.arrived_at is not None or word.left_area_at is not None
        return by_cloud or self.mark(Fact.ARRIVED) is not None or self.mark(Fact.LEFT_AREA) is not None

    @property
    def inside(self) -> bool:
        """
        Admitted, by the cloud's word or ours.
        """
        return self.admission.status is AdmissionStatus.ADMITTED or self.mark(Fact.ADMITTED) is not None

    @property
    def admission_spent(self) -> bool:
        """
        The barrier has let it in. Our own mark is nearer to the boom than the cloud's word.
        """
        own = self.mark(Fact.ADMITTED)
        return own.spent if own is not None else self.admission.status is AdmissionStatus.ADMITTED

    @property
    def crossed(self) -> bool:
        """
        The barrier has let it out.
        """
        own = self.mark(Fact.CROSSED)
        return own is not None and own.spent

    def over(self, *, now: datetime) -> bool:
        """
        Its time is over: by the cloud's word, or later where the gate itself has seen it come or go since (D18, D24).
        """
        return now >= max((self.admission.expires_at, *self._seen_until()))

    def _seen_until(self) -> tuple[datetime, ...]:
        """
        From the waiting area: an hour from being told to go; having left it: an hour to reach the gate. Never before the interval's end.
        """
        word = self.admission
        ends = word.ends_at or word.slot_end
        arrived, left = self.mark(Fact.ARRIVED), self.mark(Fact.LEFT_AREA)
        moments = [ends] if arrived is not None or left is not None else []
        if arrived is not None:
            moments.append(max(arrived.at, word.called_at or word.call_due_at) + timedelta(minutes=word.leave_minutes))
        if left is not None:
            moments.append(left.at + timedelta(minutes=word.reach_minutes))
        return tuple(moments)

    def called(self, *, now: datetime, connected: bool) -> bool:
        """
        Called by the cloud, or its lead has begun while the cloud is away (D24).
        """
        word = self.admission
        if word.called_at is not None or word.status in {AdmissionStatus.CALLED, AdmissionStatus.ADMITTED}:
            return True
        return not connected and word.status is not AdmissionStatus.SUSPENDED and now >= word.call_due_at


@dataclass(frozen=True, slots=True)
class Roll:
    """
    Everybody expected, under list `version` (0: none yet), which counts until `valid_until`.

    A start of validity is not looked at: a gateway's clock may lag the signer's by seconds.
    """

    version: int = 0
    valid_until: datetime | None = None
    expected: Sequence[Expected] = ()

    def valid(self, *, now: datetime) -> bool:
        """
        Tell whether the list still counts (D24).
        """
        return self.valid_until is not None and now < self.valid_until
