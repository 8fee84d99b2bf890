"""
How often one caller may: token buckets by rate class, as the cloud's gateway would keep them. Loosened by a factor for load tests.
"""

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.api.operation import Rate

REMEMBERED: Final = 50_000
"""Buckets kept; the least recently used one goes first."""
ADDRESS_SHARE: Final = 10
"""How many signed-in callers one address stands for (a carrier's office, one machine)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """
    `per_second` in the long run, `burst` at once.
    """

    per_second: float
    burst: int


LIMITS: Final[Mapping[Rate, Limit]] = {
    Rate.READ: Limit(200, 1000),
    Rate.WRITE: Limit(30, 200),
    Rate.OTP: Limit(1, 60),
    Rate.PAYMENT: Limit(10, 100),
    Rate.WEBHOOK: Limit(200, 1000),
    Rate.LINK: Limit(5, 100),
}


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class Limits:
    """
    All buckets of the front; used from its event loop alone. `factor` multiplies every limit.
    """

    def __init__(self, *, factor: float = 1.0, now: Callable[[], float] = time.monotonic) -> None:
        self.factor = factor
        self._now = now
        self._buckets: OrderedDict[tuple[Rate, str], _Bucket] = OrderedDict()

    def loosen(self, factor: float) -> None:
        """
        Change the factor; everyone starts anew.
        """
        self.factor = factor
        self._buckets.clear()

    def wait(self, rate: Rate, *, address: str, credential: str | None) -> int:
        """
        Take one token from each of the caller's buckets; 0: go on, otherwise the seconds after which to come again.
        """
        limit = LIMITS[rate]
        if credential is None:
            return self._take(rate, f"a {address}", limit)
        shared = Limit(limit.per_second * ADDRESS_SHARE, limit.burst * ADDRESS_SHARE)
        own = f"c {hashlib.sha256(credential.encode()).hexdigest()[:32]}"
        return self._take(rate, f"s {address}", shared) or self._take(rate, own, limit)

    def _take(self, rate: Rate, key: str, limit: Limit) -> int:
        now, burst, pace = self._now(), limit.burst * self.factor, limit.per_second * self.factor
        bucket = self._buckets.setdefault((rate, key), _Bucket(burst, now))
        self._buckets.move_to_end((rate, key))
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        bucket.level = min(burst, bucket.level + (now - bucket.at) * pace)
        bucket.at = now
        if bucket.level < 1:
            return max(1, math.ceil((1 - bucket.level) / pace))
        bucket.level -= 1
        return 0
