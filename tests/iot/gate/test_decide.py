import itertools
import string
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.contracts.admissions import AdmissionStatus
from chalicelib.contracts.passages import Action, DecisionReason, LaneKind, Reading
from chalicelib.contracts.plates import look_alike
from iot.gate.decide import Situation, decide
from iot.gate.roll import Expected, Fact, Mark, Roll
from tests.iot.gate.lists import NOON, admission, confirmed

OPENING = {DecisionReason.MATCH, DecisionReason.MATCH_REPAIRED}
HOUR = timedelta(hours=1)
CHARACTERS = string.ascii_uppercase + string.digits
KINDS = tuple(LaneKind)


def read(text="123ABC02", *, country="KZ", confidence=0.97, characters=()):
    return Reading(text=text, country=country, confidence=confidence, char_confidences=tuple(characters))


def roll(*expected, valid_until=NOON + 72 * HOUR):
    listed = tuple(one if isinstance(one, Expected) else Expected(one) for one in expected)
    return Roll(version=1, valid_until=valid_until, expected=listed)


def marked(word, *facts, spent=True):
    return Expected(word, tuple(Mark(fact=fact, at=NOON, spent=spent) for fact in facts))


def judged(kind, word, *, readings=None, error=None, now=NOON, connected=True, area=True, works=True, valid_until=NOON + 72 * HOUR):
    situation = Situation(lane_kind=kind, now=now, connected=connected, has_waiting_area=area, barrier_works=works)
    words = word if isinstance(word, tuple) else (word,)
    verdict = decide(
        readings=(read(),) if readings is None else readings, error=error, roll=roll(*words, valid_until=valid_until), situation=situation
    )
    return verdict.decision.action.value, verdict.decision.reason.value, verdict.fact


CALLED = admission()
NOT_CALLED = confirmed(arrived_at=NOON - HOUR, starts_in=2 * HOUR, opens_at=NOON - HOUR, call_due_at=NOON + HOUR)


class TestEntry:
    @pytest.mark.rule("31", "34", "D17")
    @pytest.mark.parametrize(
        ("word", "how", "expected"),
        [
            (CALLED, {}, ("open", "MATCH", Fact.ADMITTED)),
            (admission(starts_in=2 * HOUR), {}, ("stay", "TOO_EARLY", None)),
            (admission(starts_in=timedelta(minutes=30)), {}, ("open", "MATCH", Fact.ADMITTED)),
            (admission(starts_in=timedelta(minutes=30, seconds=1)), {}, ("stay", "TOO_EARLY", None)),
            (admission(expires_at=NOON), {}, ("stay", "EXPIRED", None)),
            (NOT_CALLED, {}, ("stay", "NOT_CALLED", None)),
            (admission(arrived_at=None), {}, ("stay", "NOT_FROM_WAITING_AREA", None)),
            (admission(arrived_at=None), {"area": False}, ("open", "MATCH", Fact.ADMITTED)),
            (admission(arrived_at=None, left_area_at=NOON), {}, ("open", "MATCH", Fact.ADMITTED)),
            (marked(admission(arrived_at=None), Fact.ARRIVED), {}, ("open", "MATCH", Fact.ADMITTED)),
            (marked(admission(arrived_at=None), Fact.LEFT_AREA), {}, ("open", "MATCH", Fact.ADMITTED)),
            (admission(status=AdmissionStatus.ADMITTED), {}, ("stay", "ALREADY_ADMITTED", None)),
            (marked(CALLED, Fact.ADMITTED), {}, ("stay", "ALREADY_ADMITTED", None)),
            (marked(CALLED, Fact.ADMITTED, Fact.CROSSED), {}, ("stay", "ALREADY_ADMITTED", None)),
            (admission(officer_only="insurance ended"), {}, ("stay", "OFFICER_ONLY", None)),
            (admission(status=AdmissionStatus.SUSPENDED), {}, ("stay", "OFFICER_ONLY", None)),
            (CALLED, {"works": False}, ("stay", "BARRIER_FAULTED", None)),
            (CALLED, {"now": NOON + 72 * HOUR}, ("stay", "NO_LIST", None)),
            (CALLED, {"valid_until": None}, ("stay", "NO_LIST", None)),
            (CALLED, {"readings": (), "error": "NOT_A_PICTURE"}, ("stay", "NOT_A_PICTURE", None)),
            (CALLED, {"readings": ()}, ("stay", "UNREADABLE", None)),
            (CALLED, {"readings": (read(confidence=0.2),)}, ("stay", "UNREADABLE", None)),
            (CALLED, {"readings": (read("999ZZZ01"),)}, ("stay", "UNKNOWN_VEHICLE", None)),
        ],
    )
    def test_the_first_rule_that_speaks_against_it_keeps_the_barrier_shut(self, word, how, expected):
        """
        One line a rule: what is on the list, how things stand, what the gate does, why, and what it makes a fact.
        """
        assert expected == judged(LaneKind.ENTRY, word, **how)

    def test_an_admission_that_never_got_the_barrier_open_is_not_spent(self):
        """
        The truck still stands before the boom: its next frame opens, though the cloud's new list says admitted already.
        """
        assert ("open", "MATCH", Fact.ADMITTED) == judged(LaneKind.ENTRY, marked(CALLED, Fact.ADMITTED, spent=False))
        echoed = marked(admission(status=AdmissionStatus.ADMITTED), Fact.ADMITTED, spent=False)
        assert ("open", "MATCH", Fact.ADMITTED) == judged(LaneKind.ENTRY, echoed)

    def test_a_truck_that_crossed_may_come_again_on_its_next_booking(self):
        """
        Of two bookings of one vehicle the one that can still be used counts.
        """
        gone = marked(admission(number="NZH-1"), Fact.ADMITTED, Fact.CROSSED)
        assert ("open", "MATCH", Fact.ADMITTED) == judged(LaneKind.ENTRY, (gone, Expected(admission(number="NZH-2"))))


@pytest.mark.rule("D24")
class TestCutOff:
    DUE = confirmed(arrived_at=NOON - HOUR)

    def test_every_vehicle_whose_lead_has_begun_counts_as_called(self):
        """
        Connected the call is the cloud's to make; cut off the timetable makes it, to the second.
        """
        assert ("stay", "NOT_CALLED", None) == judged(LaneKind.ENTRY, self.DUE)
        assert ("open", "MATCH", Fact.ADMITTED) == judged(LaneKind.ENTRY, self.DUE, connected=False)
        due = replace(self.DUE, call_due_at=NOON + timedelta(seconds=1))
        assert ("stay", "NOT_CALLED", None) == judged(LaneKind.ENTRY, due, connected=False)
        assert ("open", "MATCH", Fact.ADMITTED) == judged(LaneKind.ENTRY, replace(due, call_due_at=NOON), connected=False)

    def test_a_list_counts_until_its_term_and_not_after(self):
        """
        Half-open: at `valid_until` it is over.
        """
        last = NOON + timedelta(microseconds=-1)
        assert ("stay", "NO_LIST", None) == judged(LaneKind.ENTRY, CALLED, valid_until=NOON)
        assert ("open", "MATCH", Fact.ADMITTED) == judged(LaneKind.ENTRY, CALLED, now=last, valid_until=NOON)

    def test_whom_this_gate_let_in_may_leave_without_a_list(self):
        """
        Its own mark does not expire; the list's word does.
        """
        own = marked(CALLED, Fact.ADMITTED)
        assert ("open", "MATCH", Fact.CROSSED) == judged(LaneKind.EXIT, own, valid_until=NOON)
        assert ("stay", "NO_LIST", None) == judged(LaneKind.EXIT, admission(status=AdmissionStatus.ADMITTED), valid_until=NOON)


class TestExit:
    @pytest.mark.rule("D19")
    @pytest.mark.parametrize(
        ("word", "how", "expected"),
        [
            (admission(status=AdmissionStatus.ADMITTED), {}, ("open", "MATCH", Fact.CROSSED)),
            (marked(CALLED, Fact.ADMITTED), {}, ("open", "MATCH", Fact.CROSSED)),
            (marked(CALLED, Fact.ADMITTED), {"now": NOON + 24 * HOUR}, ("open", "MATCH", Fact.CROSSED)),
            (CALLED, {}, ("stay", "NOT_ADMITTED", None)),
            (confirmed(), {}, ("stay", "NOT_ADMITTED", None)),
            (marked(CALLED, Fact.ADMITTED, Fact.CROSSED), {}, ("stay", "NOT_ADMITTED", None)),
            (marked(CALLED, Fact.ADMITTED, Fact.CROSSED, spent=False), {}, ("open", "MATCH", Fact.CROSSED)),
            (marked(CALLED, Fact.ADMITTED), {"works": False}, ("stay", "BARRIER_FAULTED", None)),
            (CALLED, {"readings": (read("999ZZZ01"),)}, ("stay", "UNKNOWN_VEHICLE", None)),
        ],
    )
    def test_opens_once_for_whoever_was_admitted(self, word, how, expected):
        """
        The way out asks only whether the vehicle came in, and has not left.
        """
        assert expected == judged(LaneKind.EXIT, word, **how)


@pytest.mark.rule("31", "D17")
class TestWaitingArea:
    @pytest.mark.parametrize(
        ("word", "how", "expected"),
        [
            (confirmed(), {}, ("arrived", "MATCH", Fact.ARRIVED)),
            (confirmed(starts_in=70 * HOUR), {}, ("arrived", "MATCH", Fact.ARRIVED)),
            (admission(arrived_at=None), {}, ("arrived", "MATCH", Fact.ARRIVED)),
            (marked(confirmed(), Fact.ARRIVED), {}, ("arrived", "MATCH", Fact.ARRIVED)),
            (admission(status=AdmissionStatus.SUSPENDED), {}, ("arrived", "MATCH", Fact.ARRIVED)),
            (confirmed(expires_at=NOON), {}, ("none", "EXPIRED", None)),
            (marked(CALLED, Fact.ADMITTED), {}, ("none", "ALREADY_ADMITTED", None)),
            (confirmed(), {"valid_until": NOON}, ("none", "NO_LIST", None)),
            (confirmed(), {"readings": (read("124ABC02"),)}, ("none", "SIMILAR_PLATE", None)),
            (confirmed(), {"readings": (read("999ZZZ01"),)}, ("none", "UNKNOWN_VEHICLE", None)),
            (confirmed(), {"readings": ()}, ("none", "UNREADABLE", None)),
        ],
    )
    def test_a_listed_vehicle_arrives_any_time(self, word, how, expected):
        """
        There is no barrier: what does not arrive is `none` with its reason.
        """
        assert expected == judged(LaneKind.WAITING_AREA_ENTRY, word, **how)

    @pytest.mark.parametrize(
        ("word", "how", "expected"),
        [
            (CALLED, {}, ("departed", "MATCH", Fact.LEFT_AREA)),
            (marked(CALLED, Fact.LEFT_AREA), {}, ("departed", "MATCH", Fact.LEFT_AREA)),
            (admission(arrived_at=None), {}, ("departed", "MATCH", Fact.LEFT_AREA)),
            (NOT_CALLED, {}, ("none", "NOT_CALLED", None)),
            (NOT_CALLED, {"connected": False, "now": NOON + HOUR}, ("departed", "MATCH", Fact.LEFT_AREA)),
            (marked(CALLED, Fact.ADMITTED), {}, ("none", "ALREADY_ADMITTED", None)),
        ],
    )
    def test_only_a_called_vehicle_departs_toward_the_gate(self, word, how, expected):
        """
        One that drives off uncalled has not departed.
        """
        assert expected == judged(LaneKind.WAITING_AREA_EXIT, word, **how)


@pytest.mark.rule("D23")
class TestNeverForAStranger:
    @settings(max_examples=300, deadline=None)
    @given(
        text=st.text(CHARACTERS, min_size=1, max_size=10),
        confidence=st.floats(0, 1),
        kind=st.sampled_from(KINDS),
        connected=st.booleans(),
        works=st.booleans(),
    )
    def test_a_text_that_is_nowhere_near_an_expected_plate_opens_nothing(self, text, confidence, kind, connected, works):
        """
        Whatever is read, however sure: two characters away from every expected plate, nothing opens and nothing becomes a fact.
        """
        plates = ("123ABC02", "777KLM05")
        if any(len(text) == len(plate) and sum(a != b for a, b in zip(text, plate, strict=True)) < 2 for plate in plates):
            return
        action, reason, fact = judged(
            kind,
            tuple(admission(plate, status=AdmissionStatus.CALLED) for plate in plates),
            readings=(read(text, confidence=confidence),),
            connected=connected,
            works=works,
        )
        assert (None, False) == (fact, action in {"open", "arrived", "departed"})
        assert DecisionReason(reason) not in OPENING

    @settings(max_examples=300, deadline=None)
    @given(
        at=st.integers(0, 7),
        other=st.sampled_from(CHARACTERS),
        sure=st.floats(0.8, 1),
        kind=st.sampled_from(KINDS),
        facts=st.sets(st.sampled_from(list(Fact))),
    )
    def test_a_confidently_different_character_never_opens(self, at, other, sure, kind, facts):
        """
        Fleets own sister plates: one character that the reader is sure of, and that is no look-alike, is another truck.
        """
        plate = "123ABC02"
        if other == plate[at] or look_alike(other, plate[at]):
            return
        sister = plate[:at] + other + plate[at + 1 :]
        readings = (read(sister, confidence=0.5, characters=[sure if index == at else 0.3 for index in range(8)]),)
        action, _, fact = judged(kind, marked(admission(plate), *facts), readings=readings)
        assert (None, False) == (fact, action in {"open", "arrived", "departed"})

    @settings(max_examples=200, deadline=None)
    @given(
        kind=st.sampled_from(KINDS),
        readings=st.lists(
            st.builds(
                Reading,
                text=st.sampled_from(["123ABC02", "123A8C02", "I23ABC02", "123ABD02", "777KLM05", ""]),
                country=st.sampled_from(["KZ", "AM", "", "XX"]),
                confidence=st.floats(0, 1),
                char_confidences=st.lists(st.floats(0, 1), max_size=9).map(tuple),
            ),
            max_size=4,
        ).map(tuple),
        status=st.sampled_from(list(AdmissionStatus)),
        facts=st.sets(st.sampled_from(list(Fact))),
        minutes=st.integers(-300, 300),
    )
    def test_every_frame_gets_one_whole_decision(self, kind, readings, status, facts, minutes):
        """
        Nothing raises; `OPEN` only at barriers, only for a match, always naming a booking of the list.
        """
        situation = Situation(lane_kind=kind, now=NOON + timedelta(minutes=minutes), connected=True, has_waiting_area=True)
        decision = decide(readings=readings, error=None, roll=roll(marked(admission(status=status), *facts)), situation=situation).decision
        assert (decision.action is Action.OPEN) <= (kind in {LaneKind.ENTRY, LaneKind.EXIT})
        acts = decision.action in {Action.OPEN, Action.ARRIVED, Action.DEPARTED}
        assert acts == (decision.reason in OPENING)
        assert acts <= (decision.booking == "b-123ABC02")


class TestFacts:
    @pytest.mark.parametrize("order", list(itertools.permutations([Fact.ARRIVED, Fact.LEFT_AREA, Fact.ADMITTED])))
    def test_marks_mean_the_same_in_any_order(self, order):
        """
        Cameras may report out of order; a fact is a fact.
        """
        assert ("open", "MATCH", Fact.CROSSED) == judged(LaneKind.EXIT, marked(confirmed(), *order))
