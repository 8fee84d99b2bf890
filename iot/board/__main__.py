"""
The board component's process.
"""

import logging
import time
from functools import partial

from chalicelib.contracts import topics
from chalicelib.contracts.passages import LaneKind
from iot.board.component import Board
from iot.board.display import FileDisplay
from iot.board.settings import BoardSettings, parse
from iot.kit.clock import BusinessClock
from iot.kit.link import IpcLink, Link, UnableToPublishError
from iot.kit.process import log_to_stdout, on_own_thread
from iot.kit.subscriptions import subscribe_to_cloud

LOGGER = logging.getLogger(__name__)

HEALTH_TOPIC = "board/health"
REFRESH_SECONDS = 5.0


def main() -> None:
    """
    Run the board.
    """
    log_to_stdout()
    link = IpcLink()
    settings = parse(link.configuration())
    run(link=link, settings=settings)


def run(*, link: Link, settings: BoardSettings) -> None:
    """
    Listen, show, and report health every few seconds.
    """
    board = Board(
        checkpoint=settings.checkpoint,
        lanes=settings.lanes,
        clock=BusinessClock(offset_file=settings.clock_file),
        display=FileDisplay(file=settings.data_dir / "board.json"),
        memory=settings.data_dir / "memory.json",
    )
    board.refresh()
    for lane, kind in settings.lanes.items():
        if kind in {LaneKind.ENTRY, LaneKind.EXIT}:
            link.subscribe(topic=topics.local_decision(lane), handler=lambda _topic, payload: board.on_decision(payload))
    link.ready()
    views = {topics.board(settings.thing): lambda _topic, payload: board.on_view(payload)}
    on_own_thread("subscriptions", partial(subscribe_to_cloud, link=link, handlers=views, then=lambda: None))
    while True:
        board.refresh()
        try:
            link.publish(topic=HEALTH_TOPIC, message=board.health())
        except UnableToPublishError as error:
            LOGGER.warning("health not told: %s", error)
        time.sleep(REFRESH_SECONDS)


if __name__ == "__main__":
    main()
