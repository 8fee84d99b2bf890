"""
The process: `python3 -m iot.plate_reader`, started by the nucleus.
"""

import logging
import signal
import sys
import threading

import numpy as np

from iot.kit.clock import BusinessClock
from iot.kit.link import IpcLink
from iot.plate_reader.component import PlateReader
from iot.plate_reader.reading import read, read_crop
from iot.plate_reader.settings import UnableToConfigureError, parse

LOGGER = logging.getLogger("plate_reader")


def warm_up() -> None:
    """
    Load the networks and run each once, so that the first truck waits no longer than the second.
    """
    blank = np.full((320, 320, 3), 127, np.uint8)
    read(blank)
    read_crop(blank)


def main() -> int:
    """
    Read until SIGTERM; 2 for a configuration that cannot be used.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    warm_up()
    link = IpcLink()
    try:
        settings = parse(link.configuration())
    except UnableToConfigureError as error:
        LOGGER.error("configuration: %s", error)  # noqa: TRY400 - the sentence says it all
        return 2
    reader = PlateReader(settings=settings, link=link, clock=BusinessClock(offset_file=settings.clock_file))
    LOGGER.info("ready: lanes %s", ", ".join(settings.lanes))
    reader.run(stopped)
    link.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
