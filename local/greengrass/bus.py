"""
The topics of one site: components publish and listen here, through IPC; the host itself listens too.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

MAXIMUM_SUBSCRIPTIONS: Final = 1000

Document = Mapping[str, Any]
"""An IPC message: `{"jsonMessage": {"message": …}}` or `{"binaryMessage": {"message": <base64>}}`."""


class TooManySubscriptionsError(RuntimeError):
    """
    Somebody subscribes in a loop.
    """


@dataclass(frozen=True, slots=True, eq=False)
class Subscription:
    """
    Who wants what. `owner` is the component's name; `deaf_to_itself` leaves out what the owner publishes.
    """

    filter: str
    owner: str
    deliver: Callable[[str, Document], None]
    deaf_to_itself: bool = False


class Bus:
    """
    Publish and subscribe within one event loop; delivery is in order and at once, nothing is kept.
    """

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []
        self._arrival = asyncio.Event()
        self._watchers: list[Callable[[Subscription], None]] = []

    def subscribe(self, subscription: Subscription) -> None:
        """
        Add a listener; `TooManySubscriptionsError` beyond 1,000.
        """
        if len(self._subscriptions) >= MAXIMUM_SUBSCRIPTIONS:
            raise TooManySubscriptionsError(f"more than {MAXIMUM_SUBSCRIPTIONS} subscriptions")
        self._subscriptions.append(subscription)
        self._arrival.set()
        for watcher in self._watchers:
            watcher(subscription)

    def unsubscribe(self, subscription: Subscription) -> None:
        """
        Remove a listener; an absent one is no error.
        """
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

    def publish(self, topic: str, document: Document, *, by: str) -> int:
        """
        Hand a message to everyone who listens; returns how many did.
        """
        listeners = [item for item in self._subscriptions if matches(item.filter, topic) and not (item.deaf_to_itself and item.owner == by)]
        for listener in listeners:
            listener.deliver(topic, document)
        return len(listeners)

    def watch(self, watcher: Callable[[Subscription], None]) -> None:
        """
        Be told of every listener that comes.
        """
        self._watchers.append(watcher)

    def is_heard(self, topic: str, *, besides: str = "") -> bool:
        """
        Tell whether anyone listens to a topic now, leaving out the owner `besides`.
        """
        return any(matches(item.filter, topic) and item.owner != besides for item in self._subscriptions)

    async def until_heard(self, topic: str, *, besides: str = "") -> None:
        """
        Return once somebody listens: a component that is being restarted misses nothing that waits for it.
        """
        while not self.is_heard(topic, besides=besides):
            self._arrival.clear()
            await self._arrival.wait()


def matches(pattern: str, topic: str) -> bool:
    """
    Tell whether an MQTT filter covers a topic (MQTT 3.1.1, 4.7); wildcards do not reach into `$` topics.
    """
    if topic.startswith("$") and pattern[:1] in ("+", "#"):
        return False
    wanted, given = pattern.split("/"), topic.split("/")
    for index, part in enumerate(wanted):
        if part == "#":
            return True
        if index >= len(given) or part not in ("+", given[index]):
            return False
    return len(wanted) == len(given)
