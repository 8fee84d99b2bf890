"""
The board tells a checkpoint who is called, entering and leaving (§12).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.contracts import messages
from chalicelib.contracts.boards import BoardRow, BoardView
from chalicelib.domain.bookings import EXPECTED, Booking, Status
from chalicelib.domain.calling import in_queue_order
from chalicelib.domain.records import BoardState
from chalicelib.domain.schedule import effective_leave_by
from chalicelib.usecases.measure_line import MeasureLine
from chalicelib.usecases.ports import Clock, Committed, Committer, DeviceLink, Passages, StoreBusyError, Write

SHOWN_FOR = timedelta(minutes=15)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class ShowBoard:
    """
    Compute a checkpoint's board and the line behind it from its bookings, keep both, and send the board to the site.
    """

    committer: Committer
    passages: Passages
    link: Callable[[], DeviceLink]
    clock: Clock
    measure: MeasureLine

    def publish(self, *, checkpoint: str) -> None:
        """
        Recompute, store and send the board; after a conflict anew, so that each version is one view. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            seen = self.passages.board(checkpoint)
            version = seen.version if seen else 0
            measured = self.measure(checkpoint=checkpoint)
            view = replace(self._view(checkpoint, measured.bookings), version=version + 1)
            after = BoardState(checkpoint, messages.to_json(view), version + 1, messages.to_json(measured.line))
            if isinstance(self.committer.commit(Write(after, version)), Committed):
                self.link().publish_board(view)
                return
        raise StoreBusyError("board")

    def read(self, *, checkpoint: str) -> BoardView:
        """
        Give the stored board as time has made it: rows leave after a quarter of an hour.
        """
        seen = self.passages.board(checkpoint)
        now = self.clock.now()
        if seen is None:
            return BoardView(checkpoint, 0, now)
        view = messages.from_json(BoardView, seen.view)
        return replace(view, at=now, entering=_fresh(view.entering, now), leaving=_fresh(view.leaving, now))

    def _view(self, checkpoint: str, found: Sequence[Booking]) -> BoardView:
        now = self.clock.now()
        called = [booking for booking in found if booking.status in EXPECTED and booking.called_at is not None and not booking.suspended]
        entered = [booking for booking in found if booking.status is Status.ADMITTED]
        left = [booking for booking in found if booking.status is Status.CROSSED]
        return BoardView(
            checkpoint=checkpoint,
            version=0,
            at=now,
            called=tuple(_row(booking, booking.called_at, now) for booking in in_queue_order(called)),
            entering=_fresh(tuple(_row(booking, booking.admitted_at, now) for booking in entered), now),
            leaving=_fresh(tuple(_row(booking, booking.crossed_at, now) for booking in left), now),
        )


def _fresh(rows: tuple[BoardRow, ...], now: datetime) -> tuple[BoardRow, ...]:
    return tuple(sorted((row for row in rows if now - row.since < SHOWN_FOR), key=lambda row: row.since, reverse=True))


def _row(booking: Booking, since: datetime | None, now: datetime) -> BoardRow:
    until = effective_leave_by(booking) if booking.status in EXPECTED else None
    return BoardRow(booking.vehicle.plate, booking.vehicle.country, booking.number, since or now, until=until)
