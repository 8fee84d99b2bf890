"""
The watch over the fees (§25, D27).
"""

from dataclasses import dataclass

from chalicelib import observability
from chalicelib.wiring.outside import clock, law, rules_on


@dataclass(frozen=True, slots=True)
class Watched:
    """
    For how many days the fees are known, and whether that is too few.
    """

    days: int
    ringing: bool


def watch_fees() -> Watched:
    """
    Ring while the first day without decreed fees is nearer than the law's data allow: on it nobody could pay.
    """
    now = clock().now()
    days = law().fees.days_known(rules_on(now).today(now))
    ringing = days <= law().fees.warn_days
    observability.figures({"FeesKnownDays": (days, "Count"), "FeesUnknownSoon": (int(ringing), "Count")})
    if ringing:
        observability.warn("fees unknown soon", step="watch_fees", count=days)
    return Watched(days, ringing)
