"""
A component as a process: where its log goes, and threads whose faults are the whole process's.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable

LOGGER = logging.getLogger(__name__)

FAULT_EXIT_CODE = 70
"""EX_SOFTWARE."""


def log_to_stdout() -> None:
    """
    Log lines go where the nucleus collects them. They name lanes, frames and booking numbers, never people.
    """
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def on_own_thread(name: str, work: Callable[[], None]) -> threading.Thread:
    """
    Start a daemon thread. A fault in it ends the process, which the nucleus starts again: half a component is worse than none.
    """

    def guarded() -> None:
        try:
            work()
        except Exception:
            LOGGER.exception("thread %s failed", name)
            logging.shutdown()
            os._exit(FAULT_EXIT_CODE)

    thread = threading.Thread(target=guarded, name=name, daemon=True)
    thread.start()
    return thread
