"""
Every condition under which a called vehicle is a no-show, one by one and in their order (§28, §35, D18, D24).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.contracts.passages import DecisionReason, DeviceHealth, LaneKind
from chalicelib.domain.bookings import Status
from chalicelib.domain.no_shows import Evidence, Judgment, Why, blind_lanes, closed_until, judge_no_show
from chalicelib.domain.site_notes import Doubt, SiteNotes
from tests import factories
from tests.factories import LANES, SLOT, minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE

CALL = SLOT - minutes(150)
MISSED = SLOT + minutes(120)
DAY = timedelta(hours=24)
UNREADABLE = Doubt("jr_1.1", "entry-1", LaneKind.ENTRY, SLOT, SLOT, DecisionReason.UNREADABLE)
KEPT_OUT = replace(UNREADABLE, booking="bk_1", reason=DecisionReason.OFFICER_ONLY)


def called(**changes):
    """
    A vehicle called in time.
    """
    return samples.booking(**{"status": Status.CALLED, "called_at": CALL, **changes})


def judged(booking=None, *, reported=MISSED, doubts=(), late=0, blind=(), now=MISSED):
    """
    Judge it: what is to be done, why, and in how many minutes it is looked at again.
    """
    evidence = Evidence(reported, SiteNotes(HERE, version=1, doubts=tuple(doubts)), minutes(late), blind=frozenset(blind))
    ruling = judge_no_show(booking or called(), evidence, now=now, rules=RULES)
    return ruling.judgment, ruling.why, None if ruling.look_at is None else (ruling.look_at - now) // minutes(1)


@pytest.mark.rule("28", "35", "D18")
class TestNoShow:
    def test_is_one_when_nothing_speaks_against_it(self):
        """
        Reported past the moment, nothing unreadable, the gate in time.
        """
        assert (Judgment.ANNUL, None, None) == judged()

    @pytest.mark.rule("D24")
    @pytest.mark.parametrize(
        ("reported", "now", "expected"),
        [
            (MISSED - minutes(1), MISSED, (Judgment.WAIT, Why.NOT_REPORTED, 1)),
            (SLOT, MISSED + minutes(30), (Judgment.WAIT, Why.NOT_REPORTED, 30)),
            (None, MISSED + minutes(600), (Judgment.WAIT, Why.NOT_REPORTED, 360)),
            (SLOT, SLOT + DAY - minutes(5), (Judgment.WAIT, Why.NOT_REPORTED, 5)),
            (SLOT, SLOT + DAY, (Judgment.ASK, Why.NOT_REPORTED, None)),
            (None, CALL + DAY, (Judgment.ASK, Why.NOT_REPORTED, None)),
            (CALL - DAY, CALL + DAY - minutes(1), (Judgment.WAIT, Why.NOT_REPORTED, 1)),
        ],
    )
    def test_waits_for_the_gateways_report_a_day_at_most(self, reported, now, expected):
        """
        Ever later; a day of silence since the gateway was heard or the vehicle called, whichever is later, and others are asked.
        """
        assert expected == judged(reported=reported, now=now)

    @pytest.mark.parametrize(
        ("doubt", "now", "expected"),
        [
            (UNREADABLE, MISSED, (Judgment.WAIT, Why.UNREADABLE, 1)),
            (replace(UNREADABLE, until=CALL - minutes(1)), MISSED, (Judgment.ANNUL, None, None)),
            (replace(UNREADABLE, lane_kind=LaneKind.EXIT), MISSED, (Judgment.ANNUL, None, None)),
            (UNREADABLE, MISSED + DAY, (Judgment.ASK, Why.UNREADABLE, None)),
            (KEPT_OUT, MISSED, (Judgment.WAIT, Why.SEEN_AT_GATE, 1)),
            (KEPT_OUT, MISSED + 5 * DAY, (Judgment.WAIT, Why.SEEN_AT_GATE, 360)),
            (replace(KEPT_OUT, booking="bk_2"), MISSED, (Judgment.ANNUL, None, None)),
        ],
    )
    def test_waits_for_who_could_not_be_told(self, doubt, now, expected):
        """
        A passage nobody could read holds it for a day; a vehicle that stood at the gate itself for as long as no officer has decided.
        """
        assert expected == judged(reported=now, doubts=[doubt], now=now)

    @pytest.mark.rule("D23")
    @pytest.mark.parametrize(
        ("changes", "blind", "now", "expected"),
        [
            ({}, LaneKind.ENTRY, MISSED, (Judgment.WAIT, Why.BLIND, 1)),
            ({}, LaneKind.WAITING_AREA_ENTRY, MISSED, (Judgment.WAIT, Why.BLIND, 1)),
            ({}, LaneKind.EXIT, MISSED, (Judgment.ANNUL, None, None)),
            (
                {"arrived_at": SLOT, "left_area_at": SLOT, "leave_by": SLOT},
                LaneKind.WAITING_AREA_EXIT,
                MISSED,
                (Judgment.ANNUL, None, None),
            ),
            ({"arrived_at": SLOT, "left_area_at": SLOT, "leave_by": SLOT}, LaneKind.ENTRY, MISSED, (Judgment.WAIT, Why.BLIND, 60)),
            ({}, LaneKind.ENTRY, MISSED + DAY, (Judgment.ASK, Why.BLIND, None)),
        ],
    )
    def test_waits_for_who_may_stand_before_a_blind_camera(self, changes, blind, now, expected):
        """
        A lone truck that no camera shows leaves no passage to doubt: the lane it had to take, and no other, holds its annulment for a day.
        """
        assert expected == judged(called(**changes), reported=now, blind=[blind], now=now)

    @pytest.mark.rule("D16")
    @pytest.mark.parametrize(
        ("changes", "late", "expected"),
        [
            ({}, 45, (Judgment.ANNUL, None, None)),
            ({"arrived_at": SLOT, "leave_by": MISSED}, 45, (Judgment.WAIT, Why.GATE_LATE, 45)),
            ({"arrived_at": SLOT, "left_area_at": SLOT + minutes(60), "leave_by": SLOT}, 45, (Judgment.WAIT, Why.GATE_LATE, 45)),
            ({"arrived_at": SLOT, "leave_by": MISSED}, 0, (Judgment.ANNUL, None, None)),
            ({"arrived_at": SLOT, "leave_by": MISSED}, 5000, (Judgment.WAIT, Why.GATE_LATE, 24 * 60)),
        ],
    )
    def test_is_no_ones_fault_who_waits_behind_a_slow_gate(self, changes, late, expected):
        """
        As long as the gate itself keeps it, a day at most; on the road no queue keeps anybody.
        """
        assert expected == judged(called(**changes), late=late)


@pytest.mark.rule("7", "13", "D18")
class TestBlindLanes:
    @pytest.mark.parametrize(
        ("devices", "expected"),
        [
            ([], set()),
            ([("camera", "entry-1", True), ("barrier", "entry-1", False)], set()),
            ([("camera", "entry-1", False), ("camera", "exit-1", True)], {LaneKind.ENTRY}),
            ([("camera", "elsewhere", False)], set()),
            ([("plate_reader", "", True)], set()),
            ([("plate_reader", "", False)], set(LaneKind)),
        ],
    )
    def test_are_those_whose_camera_is_not_well(self, devices, expected):
        """
        By camera and lane; without the reader no lane is read.
        """
        told = [DeviceHealth(f"{kind}-{lane}", kind, lane, ok=ok, state="", since=SLOT) for kind, lane, ok in devices]

        assert expected == blind_lanes(told, kind_of=lambda lane: LANES[lane][0] if lane in LANES else None)


@pytest.mark.rule("28", "35", "D18", "D21")
class TestClosed:
    PLAN = replace(factories.plan(rows=["gg"] * 24), closed=(16, 17))
    """Closed from 16:00 to 18:00, an hour after the booked interval."""

    def closed(self, *, since, now, plan=PLAN):
        """
        Say until when it was closed, in minutes after the booked time.
        """
        until = closed_until([plan], since=SLOT + minutes(since), now=SLOT + minutes(now), rules=RULES)
        return None if until is None else (until - SLOT) // minutes(1)

    def test_is_what_has_begun_and_lasted_past_its_interval(self):
        """
        Not a closure to come, not one that was over before; a day that was open has none.
        """
        assert [240, 240, 240] == [self.closed(since=60, now=now) for now in (120, 200, 900)]
        assert [None, None] == [self.closed(since=60, now=119), self.closed(since=240, now=300)]
        assert self.closed(since=60, now=200, plan=replace(self.PLAN, closed=())) is None

    def test_keeps_nobody_out_and_annuls_him_for_it(self):
        """
        His hour to reach the gate begins when it opens, whether he stands before it, waits, or is on the road; after that he is late.
        """
        opens = SLOT + minutes(240)
        for where in (
            {},
            {"arrived_at": SLOT, "leave_by": MISSED},
            {"arrived_at": SLOT, "left_area_at": SLOT + minutes(60), "leave_by": SLOT},
        ):
            found = [
                judge_no_show(called(**where), Evidence(now, SiteNotes(HERE, version=1), closed_until=opens), now=now, rules=RULES)
                for now in (MISSED, opens + minutes(59), opens + minutes(60))
            ]
            assert [Why.CLOSED, Why.CLOSED, None] == [ruling.why for ruling in found]
            assert [Judgment.WAIT, Judgment.WAIT, Judgment.ANNUL] == [ruling.judgment for ruling in found]
            assert opens + minutes(60) == found[0].look_at
