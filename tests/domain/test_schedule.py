"""
When a vehicle is called and when it is a no-show, through every season, year's end and change of clocks, delay and extension (§28, §34, §35).
"""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.schedule import call_at, effective_end, effective_leave_by, effective_start, leave_by, no_show_at
from tests.factories import minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import ALMATY

SLOT = samples.booking().slot_start
END = samples.booking().slot_end
CALL = SLOT - minutes(150)
HOUR = timedelta(hours=1)


def called(**changes):
    """
    A vehicle called at its lead.
    """
    return samples.booking(**{"status": Status.CALLED, "called_at": CALL, **changes})


def slot(*moment):
    """
    A booking of the hour that starts at a local time of Almaty, whatever its offset that day.
    """
    start = datetime(*moment, tzinfo=RULES.zone)
    return samples.booking(slot_start=start, slot_end=start + HOUR, day=start.date())


@pytest.mark.rule("34", "D16")
class TestCallAt:
    @pytest.mark.parametrize(
        ("start", "lead"),
        [
            ((2026, 10, 31, 23), 90),
            ((2026, 11, 1, 0), 150),
            ((2026, 3, 31, 23), 150),
            ((2026, 4, 1, 0), 90),
            ((2026, 12, 31, 23), 150),
            ((2027, 1, 1, 0), 150),
            ((2028, 2, 29, 12), 150),
            ((2028, 3, 1, 0), 150),
            ((2026, 7, 15, 14), 90),
        ],
    )
    def test_goes_by_the_season_of_the_booked_date(self, start, lead):
        """
        The first hour of 1 November is winter though its call falls into October; leap day, year's end: by the date on the booking.
        """
        booking = slot(*start)

        assert minutes(lead) == booking.slot_start - call_at(booking, RULES)
        legal = RULES.legal_call_lead(booking.slot_start.date())
        assert minutes({90: 60, 150: 120}[lead]) == legal
        assert call_at(booking, RULES) <= booking.slot_start - legal

    @pytest.mark.rule("D32")
    def test_counts_real_minutes_over_the_change_of_clocks(self):
        """
        1 March 2024, 00:30 at +05 comes an hour after 00:30 at +06 would: the call is 150 real minutes before, not 90.
        """
        booking = slot(2024, 3, 1, 0, 30)

        wanted = datetime.fromisoformat("2024-02-29T22:00:00+05:00")
        assert wanted == call_at(booking, RULES)

    @pytest.mark.rule("D21")
    def test_is_not_moved_by_a_delay(self):
        """
        The booked time stays on the booking, so the duty to call before it stays too.
        """
        assert call_at(called(), RULES) == call_at(called(shift_minutes=600), RULES)


@pytest.mark.rule("28", "35", "D18")
class TestNoShowAt:
    @pytest.mark.parametrize(
        ("changes", "after"),
        [
            ({}, 120),
            ({"called_at": CALL - minutes(200)}, 120),
            ({"called_at": SLOT}, 210),
            ({"called_at": SLOT - minutes(91)}, 120),
            ({"called_at": SLOT - minutes(89)}, 121),
            ({"arrived_at": SLOT, "leave_by": END}, 60),
            ({"arrived_at": SLOT, "leave_by": SLOT + minutes(95)}, 95),
            ({"arrived_at": SLOT, "leave_by": END, "left_area_at": CALL}, 60),
            ({"arrived_at": SLOT, "leave_by": END, "left_area_at": SLOT + minutes(50)}, 110),
        ],
    )
    def test_follows_where_the_vehicle_is_and_when_it_was_called(self, changes, after):
        """
        Road: end + 60, a late call moves it; waiting area: `leave_by`; on the way from there: 60 minutes, never before the interval's end.
        """
        assert minutes(after) == no_show_at(called(**changes), RULES) - SLOT

    @pytest.mark.rule("D21")
    @pytest.mark.parametrize(
        ("changes", "after"),
        [
            ({"shift_minutes": 90}, 210),
            ({"valid_until": SLOT + timedelta(hours=72)}, 72 * 60),
            ({"valid_until": SLOT}, 120),
            ({"shift_minutes": 90, "arrived_at": SLOT, "leave_by": END}, 150),
            ({"valid_until": SLOT + HOUR * 5, "arrived_at": SLOT, "leave_by": END}, 300),
            ({"shift_minutes": 90, "arrived_at": SLOT, "leave_by": END, "left_area_at": SLOT}, 150),
        ],
    )
    def test_moves_with_a_delay_and_waits_for_an_extensions_end(self, changes, after):
        """
        A delay moves the interval and all that hangs on it; an extension never shortens anything.
        """
        assert minutes(after) == no_show_at(called(**changes), RULES) - SLOT


@pytest.mark.rule("D21")
class TestEffectiveTimes:
    def test_shift_start_and_end_alike(self):
        """
        Ninety minutes late: the whole interval is.
        """
        late = called(shift_minutes=90)

        assert (SLOT + minutes(90), END + minutes(90)) == (effective_start(late), effective_end(late))

    def test_never_tell_a_vehicle_to_leave_earlier(self):
        """
        What was told stays unless the delay or the extension gives more; who was told nothing has no such moment.
        """
        told = called(arrived_at=SLOT, leave_by=SLOT + minutes(100))

        assert SLOT + minutes(100) == effective_leave_by(told)
        assert END + minutes(90) == effective_leave_by(called(arrived_at=SLOT, leave_by=SLOT + minutes(100), shift_minutes=90))
        assert effective_leave_by(called()) is None
        assert datetime(2026, 12, 3, 15, 0, tzinfo=ALMATY) == leave_by(told_at=CALL, slot_end=END, rules=RULES)
