"""
The postman: carries signed events to the webhook and comes back until somebody took them.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import random
from collections.abc import Callable

import httpx

from local.payments.deliveries import Deliveries, Delivery
from local.payments.knobs import KnobBoard
from local.payments.objects import Objects

LOGGER = logging.getLogger("local.payments")
AT_ONCE = 8
ANSWER_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 4.0
IDLE_SECONDS = 0.5


def signature(*, payload: bytes, secret: str, moment: int) -> str:
    """
    The `Stripe-Signature` of a payload (Stripe documentation, "Verify webhook signatures manually").
    """
    digest = hmac.new(secret.encode(), b"%d." % moment + payload, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class Postman:
    """
    Delivers what is due, a few at once. `tries_max` of None never gives up. Run `work()` as a task and cancel it to stop.
    """

    def __init__(
        self,
        *,
        deliveries: Deliveries,
        objects: Objects,
        knobs: KnobBoard,
        url: str,
        secret: str,
        clock: Callable[[], float],
        tries_max: int | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._objects = objects
        self._knobs = knobs
        self._url = url
        self._secret = secret
        self._clock = clock
        self._tries_max = tries_max
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """
        Say that there may be something to deliver, or that the knobs were turned.
        """
        self._bell.set()

    async def work(self) -> None:
        """
        Deliver until canceled. What is under way then stays queued, and comes again.
        """
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False) as client:
            try:
                while True:
                    self._bell.clear()
                    self._send_out(client)
                    await self._rest()
            finally:
                for task in self._under_way.values():
                    task.cancel()
                await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _send_out(self, client: httpx.AsyncClient) -> None:
        knobs = self._knobs.webhooks
        if knobs.paused:
            return
        free = AT_ONCE - len(self._under_way)
        ready = self._deliveries.ready(now=self._clock(), limit=free, under_way=self._under_way.keys(), shuffled=knobs.shuffle)
        for delivery in ready:
            task = asyncio.create_task(self._deliver(client, delivery))
            self._under_way[delivery.number] = task

    async def _rest(self) -> None:
        due = self._deliveries.next_due()
        pause = IDLE_SECONDS if due is None or self._knobs.webhooks.paused else min(max(due - self._clock(), 0.05), IDLE_SECONDS)
        try:
            await asyncio.wait_for(self._bell.wait(), timeout=pause)
        except TimeoutError:
            return

    async def _deliver(self, client: httpx.AsyncClient, delivery: Delivery) -> None:
        try:
            outcome = "lost" if self._knobs.count_down("lose") else await self._post(client, delivery)
            if outcome is None:
                self._deliveries.took(delivery.number)
            else:
                self._put_off(delivery, outcome=outcome)
        finally:
            del self._under_way[delivery.number]
            self.ring()

    async def _post(self, client: httpx.AsyncClient, delivery: Delivery) -> str | None:
        """
        Send one copy; None when it was taken, else why not.
        """
        event = self._objects.get(kind="event", reference=delivery.event)
        payload = json.dumps(event, ensure_ascii=False, indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload=payload, secret=self._secret, moment=int(self._clock())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            response = await client.post(self._url, content=payload, headers=headers)
        except httpx.HTTPError as error:
            return type(error).__name__
        return None if response.is_success else f"status {response.status_code}"

    def _put_off(self, delivery: Delivery, *, outcome: str) -> None:
        tries = delivery.tries + 1
        pause = min(FIRST_PAUSE_SECONDS * 2 ** min(delivery.tries, 10), LONGEST_PAUSE_SECONDS)
        due = self._clock() + pause * random.uniform(0.75, 1.0)
        over = self._tries_max is not None and tries >= self._tries_max
        self._deliveries.failed(delivery.number, outcome=outcome, due=due, over=over)
        LOGGER.info("webhook %s not taken (try %d): %s", delivery.event, tries, outcome)
