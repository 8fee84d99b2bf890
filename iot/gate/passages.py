"""
One frame, one decision, one transaction: dedupe, decide, mark, order the barrier, journal. Nothing moves before it is committed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.contracts.messages import from_json, to_json
from chalicelib.contracts.passages import Action, EntryKind, GateDecision, JournalEntry, LaneKind, ReaderReport
from iot.gate.decide import Situation, Verdict, decide
from iot.gate.marks import Opening
from iot.gate.records import Records
from iot.gate.roll import Roll
from iot.gate.voting import Ballots

FRAMES_KEPT = 5_000
MOST_READINGS = 5
"""Alternatives journaled with a passage: a batch must fit into one message."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What was decided; `opening` is the order now due to the barrier, none when there is none or the frame was decided before.
    """

    told: GateDecision
    opening: Opening | None = None


class UnknownLaneError(Exception):
    """
    A report names a lane that this gateway does not have.
    """


class PassageDesk:
    """
    Decides frames of all lanes from the list in force and the gate's own marks.
    """

    def __init__(self, *, records: Records, wall: Callable[[], float] = time.time) -> None:
        self._records = records
        self._settings = records.settings
        self._database = records.database
        self._clock = records.clock
        self._journal = records.journal
        self._marks = records.marks
        self._wall = wall
        self._ballots = Ballots()
        self.refresh()

    def refresh(self) -> None:
        """
        Read the roll anew: after a new list, a mark or an opened barrier.
        """
        self._roll: Roll = self._marks.roll(self._records.store.current)

    def verdict(self, report: ReaderReport, *, connected: bool, barrier_works: bool) -> Verdict:
        """
        What would be decided now from this frame and those of the same truck before it; writes nothing.
        """
        situation = Situation(
            lane_kind=self._lane_kind(report.lane),
            now=self._clock.now(),
            connected=connected,
            has_waiting_area=self._settings.has_waiting_area,
            barrier_works=barrier_works,
        )
        return decide(readings=self._ballots.readings(report), error=report.error, roll=self._roll, situation=situation)

    def pass_frame(self, report: ReaderReport, *, connected: bool, barrier_works: bool) -> Outcome:
        """
        Decide a frame for good. The same frame again gives the same decision and orders nothing. `UnknownLaneError`.
        """
        with self._database.transaction():
            known = self._decided(report.frame)
            if known is not None:
                return Outcome(told=known)
            verdict = self.verdict(report, connected=connected, barrier_works=barrier_works)
            told = GateDecision(
                frame=report.frame,
                lane=report.lane,
                at=self._clock.now(),
                readings=report.readings[:MOST_READINGS],
                decision=verdict.decision,
            )
            opening = self._remember(told, verdict)
            kept = report.photo if report.photo is not None and self._records.photos.add(report.photo) else None
            self._journal.append(self._entry(told, photo=kept))
        self._ballots.cast(report)
        if verdict.fact is not None:
            self._ballots.close(report.lane)
            self.refresh()
        return Outcome(told=told, opening=opening)

    def decided_since(self, wall: float) -> list[GateDecision]:
        """
        What was decided since a moment (wall seconds): after a crash nobody knows whether the site was told.
        """
        with self._database.reading() as connection:
            rows = connection.execute("SELECT decision FROM frames WHERE decided >= ? ORDER BY number", (wall,)).fetchall()
        return [from_json(GateDecision, row["decision"]) for row in rows]

    def _remember(self, told: GateDecision, verdict: Verdict) -> Opening | None:
        with self._database.transaction() as connection:
            connection.execute("INSERT INTO frames (frame, decision, decided) VALUES (?, ?, ?)", (told.frame, to_json(told), self._wall()))
            connection.execute("DELETE FROM frames WHERE number <= (SELECT MAX(number) FROM frames) - ?", (FRAMES_KEPT,))
        if verdict.booking is None or verdict.fact is None:
            return None
        self._marks.put(booking=verdict.booking, fact=verdict.fact, at=told.at)
        if verdict.decision.action is not Action.OPEN:
            return None
        opening = Opening(cause=told.frame, lane=told.lane, ordered=self._wall())
        self._marks.order(opening, booking=verdict.booking, fact=verdict.fact)
        return opening

    def _decided(self, frame: str) -> GateDecision | None:
        with self._database.reading() as connection:
            row = connection.execute("SELECT decision FROM frames WHERE frame = ?", (frame,)).fetchone()
        return from_json(GateDecision, row["decision"]) if row else None

    def _entry(self, told: GateDecision, *, photo: str | None) -> JournalEntry:
        return JournalEntry(
            sequence=0,
            at=told.at,
            kind=EntryKind.PASSAGE,
            lane=told.lane,
            lane_kind=self._lane_kind(told.lane),
            frame=told.frame,
            readings=told.readings,
            decision=told.decision,
            photo=photo,
            admissions_version=self._roll.version or None,
        )

    def _lane_kind(self, lane: str) -> LaneKind:
        kind = self._settings.lanes.get(lane)
        if kind is None:
            raise UnknownLaneError(lane)
        return kind
