"""
How many places a checkpoint can sell so that its gate neither stands nor falls behind (§6, §22, D1): advice, which the officer follows or not.
"""

from datetime import timedelta
from math import sqrt
from typing import Final

from chalicelib.domain.experience import Experience

LEAST_SERVED: Final = 60
"""Fewer vehicles say nothing of a pace."""
UNEVEN: Final = 0.3
"""What is advised is less by what a pace measured on so few is unsure: this ÷ √ of those measured."""
RUNS_LATE: Final = timedelta(minutes=5)
"""How late a gate in full use runs: less, and it stands now and then; more, and everybody waits."""
MAKES_GOOD: Final = timedelta(hours=36)
"""What it is behind with beyond that is made good over so long."""
LEAST_USE: Final = 0.8


def places_an_hour(experience: Experience, *, behind: timedelta) -> float | None:
    """
    Give the places an open hour: the gate's own pace over the share of sold places whose vehicle comes, less what it is `behind` with.

    None while too little was seen. Both are learned from what the gateway reported (D1: what really crossed, so that the figure stays actual).
    """
    served, busy = experience.week
    if served < LEAST_SERVED or not busy:
        return None
    use = 1 - UNEVEN / sqrt(served) - (behind - RUNS_LATE) / MAKES_GOOD
    return served / busy / experience.show_share * max(LEAST_USE, use)
