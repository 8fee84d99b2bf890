"""
The ground of every class: lists for post and state, declared goods alone, for the expedited their fee (§6, §6-1, D13).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Allowed, Code
from chalicelib.domain.entitlement import Evidence, Listed, customs_answer, entitled, listed
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.vehicles import Cargo
from tests.factories import minutes
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, NOW

GOODS = {"kind": "perishable", "exclusive": True, "declaration_kind": "goods", "declaration_number": "55412/031226/0001"}
PLAIN = Cargo("general")


def judge(class_, cargo=PLAIN, listed_=Listed.ABSENT, customs=None):
    """
    Test a class.
    """
    return entitled(class_=class_, cargo=cargo, evidence=Evidence(listed_, customs), rules=RULES)


def reasons(decision):
    """
    Name codes and what lacks.
    """
    return [(reason.code, reason.parameters.get("lacks")) for reason in decision.reasons]


class TestListedClasses:
    @pytest.mark.rule("6", "6.1")
    def test_of_the_post_needs_a_list(self):
        """
        The operator's vehicle is known by the list alone, whatever it carries; without one the ten days are told.
        """
        refused = judge(PlaceClass.PRIORITY_POST)

        assert Allowed() == judge(PlaceClass.PRIORITY_POST, listed_=Listed.PRESENT)
        assert [(Code.LIST_REQUIRED, None)] == reasons(refused)
        assert (10, "6") == (refused.reasons[0].parameters["days"], refused.reasons[0].rule)

    @pytest.mark.rule("6", "6.3")
    @pytest.mark.parametrize("kind", ["humanitarian", "military", "diplomatic"])
    def test_of_the_state_needs_a_list_and_its_goods(self, kind):
        """
        Humanitarian and military goods and diplomatic requests, on a list.
        """
        assert Allowed() == judge(PlaceClass.PRIORITY_STATE, Cargo(kind), Listed.PRESENT)
        assert [(Code.LIST_REQUIRED, None)] == reasons(judge(PlaceClass.PRIORITY_STATE, Cargo(kind)))
        assert [(Code.CLASS_NOT_ENTITLED, "state_cargo")] == reasons(judge(PlaceClass.PRIORITY_STATE, PLAIN, Listed.PRESENT))

    @pytest.mark.rule("6")
    def test_tells_a_used_entry_and_another_vin_apart(self):
        """
        Who is listed is not told that he is not.
        """
        assert [(Code.LIST_ENTRY_USED, None)] == reasons(judge(PlaceClass.PRIORITY_POST, listed_=Listed.USED))
        assert [(Code.LIST_REQUIRED, "listed_vin_differs")] == reasons(judge(PlaceClass.PRIORITY_POST, listed_=Listed.OTHER_VIN))


@pytest.mark.rule("6", "6.2", "D13")
class TestGoods:
    @pytest.mark.parametrize("kind", ["animals", "perishable", "dangerous", "export"])
    @pytest.mark.parametrize("declaration", ["goods", "transit", "used_as_transit"])
    def test_alone_and_declared_are_entitled(self, kind, declaration):
        """
        Four kinds of goods under three kinds of documents, before the register is asked and once it has found them.
        """
        cargo = Cargo(**{**GOODS, "kind": kind, "declaration_kind": declaration})

        assert Allowed() == judge(PlaceClass.PRIORITY_GOODS, cargo)
        assert Allowed() == judge(PlaceClass.PRIORITY_GOODS, cargo, customs=CheckResult.PASSED)

    @pytest.mark.parametrize(
        ("changes", "lacks"),
        [
            ({"kind": "general"}, "priority_cargo"),
            ({"kind": "humanitarian"}, "priority_cargo"),
            ({"exclusive": False}, "exclusive_cargo"),
            ({"declaration_number": None}, "declaration"),
            ({"declaration_kind": None}, "declaration"),
            ({"kind": "post", "exclusive": False, "declaration_number": None}, "priority_cargo, exclusive_cargo, declaration"),
        ],
    )
    def test_that_lack_something_are_told_what(self, changes, lacks):
        """
        All that lacks at once.
        """
        refused = judge(PlaceClass.PRIORITY_GOODS, Cargo(**{**GOODS, **changes}))

        assert [(Code.CLASS_NOT_ENTITLED, lacks)] == reasons(refused)

    @pytest.mark.parametrize("result", [result for result in CheckResult if result is not CheckResult.PASSED])
    def test_that_the_register_has_not_found_are_not_entitled(self, result):
        """
        Whatever the customs register said but that it found them; a declaration that was never asked for is not found either.
        """
        assert [(Code.CLASS_NOT_ENTITLED, "declaration_found")] == reasons(judge(PlaceClass.PRIORITY_GOODS, Cargo(**GOODS), customs=result))
        assert CheckResult.NOT_APPLICABLE is customs_answer(samples.booking(checks=()))
        assert result is customs_answer(samples.booking(checks=(Answer("16", "vehicle", result),)))


@pytest.mark.rule("6-1")
class TestOthers:
    @pytest.mark.parametrize("class_", [PlaceClass.GENERAL, PlaceClass.EXPEDITED])
    @pytest.mark.parametrize("kind", ["general", "empty", "animals", "humanitarian", "post"])
    def test_need_nothing_but_their_fee(self, class_, kind):
        """
        General and expedited are open to whatever is carried, listed or not.
        """
        assert Allowed() == judge(class_, Cargo(kind))


@pytest.mark.rule("6")
class TestEntry:
    @pytest.mark.parametrize("status", list(Status))
    def test_serves_one_booking_until_that_ended_without_using_it(self, status):
        """
        Expired, refused, cancelled, annulled, withdrawn: free again. Running, crossed or turned back: used. For its own booking: present.
        """
        holder = samples.booking(
            id="bk_9", class_=PlaceClass.PRIORITY_POST, status=status, verified_at=NOW, hold_expires_at=NOW + minutes(1)
        )
        free = status in {Status.EXPIRED, Status.REFUSED, Status.CANCELLED, Status.ANNULLED, Status.WITHDRAWN}
        entry = samples.list_entry(booking="bk_9")
        asking = samples.booking(id="bk_1")

        assert (Listed.PRESENT if free else Listed.USED) is listed(entry, booking=asking, holder=holder, now=NOW, rules=RULES)
        assert Listed.PRESENT is listed(entry, booking=holder, holder=holder, now=NOW, rules=RULES)

    @pytest.mark.rule("D32")
    def test_of_a_lapsed_hold_is_free_by_time_alone(self):
        """
        At its end, not before, whether or not anybody tidied.
        """
        holder = samples.booking(id="bk_9", class_=PlaceClass.PRIORITY_POST, status=Status.HELD, hold_expires_at=NOW)
        entry = samples.list_entry(booking="bk_9")

        found = [listed(entry, booking=samples.booking(), holder=holder, now=now, rules=RULES) for now in (NOW - minutes(1), NOW)]
        assert [Listed.USED, Listed.PRESENT] == found

    @pytest.mark.rule("D14")
    def test_is_free_once_its_booking_was_moved_to_another_day(self):
        """
        A reschedule uses the entry of its new day and leaves the old one.
        """
        holder = samples.booking(id="bk_9", class_=PlaceClass.PRIORITY_POST)
        entry = samples.list_entry(booking="bk_9")
        moved = replace(holder, day=DAY + timedelta(days=1))

        found = [listed(entry, booking=samples.booking(), holder=each, now=NOW, rules=RULES) for each in (holder, moved)]
        assert [Listed.USED, Listed.PRESENT] == found

    def test_is_of_a_vehicle_and_its_vin(self):
        """
        No entry, the listed VIN, another one, none listed.
        """
        booking = samples.booking()
        entries = (None, samples.list_entry(vin=booking.vehicle.vin_key), samples.list_entry(vin="OTHER1"), samples.list_entry())

        assert [Listed.ABSENT, Listed.PRESENT, Listed.OTHER_VIN, Listed.PRESENT] == [
            listed(entry, booking=booking, holder=None, now=NOW, rules=RULES) for entry in entries
        ]
