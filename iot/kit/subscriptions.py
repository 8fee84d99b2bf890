"""
Listening to the cloud from a place that may be cut off just now.
"""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Final

from iot.kit.link import Handler, Link, UnableToSubscribeError

LOGGER = logging.getLogger(__name__)

TRY_AGAIN_SECONDS: Final = 10.0


def subscribe_to_cloud(
    *, link: Link, handlers: Mapping[str, Handler], then: Callable[[], object], pause: Callable[[float], None] = time.sleep
) -> None:
    """
    Listen to each topic; call `then` after the first try of all, and go on trying those refused until none is left.
    """
    missing = _try(link, handlers)
    then()
    while missing:
        pause(TRY_AGAIN_SECONDS)
        missing = _try(link, missing)


def _try(link: Link, handlers: Mapping[str, Handler]) -> Mapping[str, Handler]:
    missing = {}
    for topic, handler in handlers.items():
        try:
            link.subscribe_to_cloud(topic=topic, handler=handler)
        except UnableToSubscribeError as error:
            LOGGER.warning("not listening yet: %s", error)
            missing[topic] = handler
    return missing
