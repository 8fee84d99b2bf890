"""
When a figure changes, what is planned follows: bookings made under another lead are called, reminded and judged under the one in force (§29, §34, D16).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of, gate_changes
from chalicelib.domain.progress import mark_of
from chalicelib.domain.rules import Rules
from chalicelib.domain.schedule import Step, next_step
from chalicelib.usecases.ports import Bookings, Clock, Committed, Committer, Walks, Write
from chalicelib.usecases.run_step import SHARDS, Ran

NAME: Final = "follow_figures"
CHUNK: Final = 100
"""Bookings of one page."""
PAGES: Final = 10
"""Pages of one run."""
ROOMS: Final = [f"{step}#{shard}" for step in Step for shard in range(SHARDS)]
"""The partitions of the `due` index in the order of the walk: whatever waits for anything is in one of them."""


@dataclass(frozen=True, slots=True)
class FollowFigures:
    """
    The step: nothing to do while the figures are those that were followed last; else every waiting booking is looked at once.
    """

    committer: Committer
    bookings: Bookings
    walks: Walks
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def __call__(self) -> Ran:
        """
        Go on with the walk for a bounded number of pages: how many bookings were seen, how many retimed, whether more wait.

        Figures that change meanwhile begin it anew. What a crash lost is walked again; two walks at once do the same work twice at worst.
        """
        now = self.clock.now()
        rules = self.rules_on(now)
        walk = self.walks.progress(NAME).start(mark_of(rules))
        looked = changed = 0
        for _ in range(PAGES):
            if walk.cursor is None:
                break
            found, cursor = self._page(walk.cursor)
            moved = self._retime(found, now, rules)
            later = walk.further(cursor=cursor, looked=len(found), changed=moved, at=now)
            looked, changed = looked + len(found), changed + moved
            if not isinstance(self.committer.commit(Write(later, walk.version)), Committed):
                break  # another run walks, too: the next one goes on from where he is
            walk = later
        return Ran(looked, changed, more=walk.cursor is not None)

    def _page(self, cursor: str) -> tuple[Sequence[str], str | None]:
        room, _, after = (cursor or f"{ROOMS[0]} ").partition(" ")
        step, _, shard = room.partition("#")
        page = self.bookings.waiting(Step(step), shard=int(shard), limit=CHUNK, cursor=after or None)
        if page.next_cursor is not None:
            return page.items, f"{room} {page.next_cursor}"
        following = ROOMS.index(room) + 1
        return page.items, f"{ROOMS[following]} " if following < len(ROOMS) else None

    def _retime(self, found: Sequence[str], now: datetime, rules: Rules) -> int:
        kept = self.bookings.planned(found)
        return sum(
            self._change(booking, now, rules)
            for booking in self.bookings.get_many(found)
            if booking.id in kept and kept[booking.id] != next_step(booking, rules) and booking.may(Happening.RETIMED)
        )

    def _change(self, seen: Booking, now: datetime, rules: Rules) -> bool:
        """
        Write a booking anew: its due moment is derived under the figures in force. Whoever was faster has done so himself.
        """
        later = seen.after(Happening.RETIMED)
        event = event_of(booking=later, happening=Happening.RETIMED, at=now, by="system", rules=rules, ground="D16")
        messages = gate_changes(later, now) if seen.slot_start is not None else ()
        done = self.committer.commit(Write(later, seen.version), Write(event), *(Write(message) for message in messages))
        return isinstance(done, Committed)
