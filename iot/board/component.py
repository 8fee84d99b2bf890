"""
The board component: hears the cloud and the gate, remembers both, shows them together, and says whether it could.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chalicelib.contracts.boards import BoardView
from chalicelib.contracts.messages import UnableToParseError, from_json, to_json
from chalicelib.contracts.passages import DeviceHealth, GateDecision, LaneKind
from iot.board.display import Display, UnableToDisplayError
from iot.board.view import Passage, compose, passage, recent
from iot.kit.clock import Clock
from iot.kit.files import write_atomically

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remembered:
    """
    What survives a restart: the cloud's last view and the passages since.
    """

    view: BoardView
    passages: tuple[Passage, ...] = ()


class Board:
    """
    One checkpoint's board. Methods may be called from any thread.
    """

    def __init__(self, *, checkpoint: str, lanes: Mapping[str, LaneKind], clock: Clock, display: Display, memory: Path) -> None:
        self._checkpoint, self._lanes, self._clock, self._display, self._memory = checkpoint, lanes, clock, display, memory
        self._lock = threading.Lock()
        self._since = clock.now()
        self._well = True
        self._known = self._recall()

    def on_view(self, payload: bytes) -> None:
        """
        The cloud's view; an older one than known, another checkpoint's and what is none are dropped.
        """
        try:
            view = from_json(BoardView, payload)
        except UnableToParseError as error:
            LOGGER.warning("view dropped: %s", error)
            return
        with self._lock:
            if view.checkpoint == self._checkpoint and view.version > self._known.view.version:
                self._remember(Remembered(view=view, passages=recent(self._known.passages, now=self._clock.now())))
        self.refresh()

    def on_decision(self, payload: bytes) -> None:
        """
        The gate's word on a frame: who was let through is shown at once.
        """
        try:
            told = from_json(GateDecision, payload)
        except UnableToParseError as error:
            LOGGER.warning("decision dropped: %s", error)
            return
        lane_kind = self._lanes.get(told.lane)
        with self._lock:
            let_through = passage(told, lane_kind=lane_kind, view=self._known.view) if lane_kind else None
            if let_through is not None:
                passages = (*recent(self._known.passages, now=self._clock.now()), let_through)
                self._remember(Remembered(view=self._known.view, passages=passages))
        self.refresh()

    def refresh(self) -> None:
        """
        Show what is known now; lines age away without any message.
        """
        with self._lock:
            now = self._clock.now()
            try:
                self._display.show(compose(view=self._known.view, passages=self._known.passages, now=now))
                well = True
            except UnableToDisplayError as error:
                LOGGER.error("display: %s", error)  # noqa: TRY400 - the display's own word is enough
                well = False
            if well is not self._well:
                self._well, self._since = well, now

    def health(self) -> DeviceHealth:
        """
        Whether the last view was shown. Its lane is an empty one: JSON leaves out what is none, and the contract asks for a lane.
        """
        state = "showing" if self._well else "dark"
        return DeviceHealth(device="board", kind="board", lane="", ok=self._well, state=state, since=self._since)

    def _remember(self, known: Remembered) -> None:
        self._known = known
        try:
            write_atomically(self._memory, to_json(known))
        except OSError as error:
            LOGGER.warning("board not remembered: %s", type(error).__name__)

    def _recall(self) -> Remembered:
        """
        A missing or damaged memory is an empty board: the cloud's next view fills it.
        """
        try:
            known = from_json(Remembered, self._memory.read_text(encoding="utf-8"))
        except (OSError, UnableToParseError, UnicodeDecodeError):
            return Remembered(view=BoardView(checkpoint=self._checkpoint, version=0, at=self._clock.now()))
        return known
