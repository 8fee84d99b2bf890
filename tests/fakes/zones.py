"""
Time zones that may come: tz data with a change that nobody has decided yet.
"""

import io
import struct
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

HOUR_S = 3600


def zone(name, first, *changes):
    """
    Make a zone that is `first` hours ahead of UTC, and from each change's instant on so many: [(instant, hours), …]. In the form that every
    system's tz data have (RFC 9636).
    """
    hours = [first, *(ahead for _, ahead in changes)]
    labels = b"".join(f"+{ahead:02d}".encode() + b"\0" for ahead in hours)
    types = b"".join(struct.pack(">lBB", ahead * HOUR_S, 0, 4 * number) for number, ahead in enumerate(hours))
    moments = b"".join(struct.pack(">l", int(at.astimezone(UTC).timestamp())) for at, _ in changes)
    header = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, len(changes), len(hours), len(labels))
    return ZoneInfo.from_file(io.BytesIO(header + moments + bytes(range(1, len(hours))) + types + labels), key=name)


BACK_TO_SIX = zone("Test/Six", 5, (datetime(2028, 2, 29, 19, tzinfo=UTC), 6))
"""On 1 March 2028, after the leap day, clocks go from 00:00 to 01:00: a day of 23 hours whose first interval is none."""
ON_TO_FOUR = zone("Test/Four", 5, (datetime(2028, 2, 29, 19, tzinfo=UTC), 4))
"""On the leap day's midnight clocks go back to 23:00: a day of 25 hours."""
BY_NIGHT = zone("Test/Night", 5, (datetime(2028, 2, 29, 21, tzinfo=UTC), 6))
"""On 1 March 2028 clocks go from 02:00 to 03:00, in the middle of the night."""
