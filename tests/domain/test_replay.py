"""
A booking's events rebuild it.
"""

import pytest

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of
from chalicelib.domain.replay import BrokenHistoryError, rebuilt, whole
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

FIRST = samples.booking(version=1)
CALLED = FIRST.after(Happening.CALLED, called_at=NOW)


def told(booking):
    """
    The event of a booking's last change.
    """
    return event_of(booking=booking, happening=Happening.CALLED, at=NOW, by="system", rules=RULES)


class TestReplay:
    def test_begins_with_the_whole_booking(self):
        """
        The first event holds every field that is not as all bookings begin; alone it is the booking.
        """
        assert FIRST == rebuilt([told(FIRST)])
        assert FIRST == Booking(**whole(FIRST))
        assert "suspended" not in whole(FIRST)

    def test_goes_on_with_what_changed_alone(self):
        """
        A later event holds status, version and what its happening changed, and no more.
        """
        assert {"status": CALLED.status, "version": 2, "called_at": NOW} == dict(told(CALLED).change)
        assert CALLED == rebuilt([told(FIRST), told(CALLED)])

    @pytest.mark.parametrize("events", [(), (CALLED,), (CALLED, FIRST), (FIRST, CALLED.after(Happening.ARRIVED), CALLED)])
    def test_refuses_a_broken_history(self, events):
        """
        None, one without a beginning, or one out of order is no history.
        """
        with pytest.raises(BrokenHistoryError):
            rebuilt([told(booking) for booking in events])
