"""
Lists of §6 from the clerk's file to the booked place: received, approved by a second officer, each entry serving one booking (§6, D2, D14).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.places import PlaceState, Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.vehicle_lists import PART_ROWS, FaultCode, ListStatus
from chalicelib.domain.vehicles import Cargo
from chalicelib.usecases.outcomes import Done, Missing
from chalicelib.usecases.ports import Write
from chalicelib.usecases.take_place import Choice
from tests import factories
from tests.factories import SLOT
from tests.fakes import samples
from tests.fakes.desk import POST, Desk
from tests.fakes.gathering import at_once
from tests.fakes.office import AGREEMENT
from tests.fakes.samples import DAY, HERE, NOW


@pytest.fixture
def desk(quick_office):
    quick_office.open(*(factories.plan(DAY + timedelta(days=days), rows=["gpppppp"] * 24) for days in (1, 2)))
    return Desk(quick_office)


TOMORROW = DAY + timedelta(days=1)
AT = SLOT + timedelta(days=1)


def codes(outcome):
    """
    Name the reasons of a refusal.
    """
    return [reason.code for reason in outcome.reasons]


@pytest.mark.rule("6.1", "6.3")
class TestReceiving:
    def test_of_a_clean_list_waits_for_approval_and_admits_nobody(self, desk):
        """
        201 once a key, submitted, every row kept in parts of two hundred; no entry yet.
        """
        rows = [(f"{number:03d} ABC 02", DAY) for number in range(PART_ROWS + 1)]
        done = desk.send(*rows)
        list_ = desk.lists.get(done.resource)

        assert (Done(201, done.resource), ListStatus.SUBMITTED) == (desk.send(*rows), list_.status)
        assert (201, 0, 2) == (list_.rows, list_.faults, list_.parts)
        assert [200, 1] == [len(part.rows) for part in desk.lists.parts(list_.id)]
        assert (0, None) == (desk.deliver(), desk.lists.entry(f"priority_post#{HERE}#KZ#001ABC02", DAY))

    @pytest.mark.rule("D2")
    def test_of_a_list_with_faults_rejects_it_with_them(self, desk):
        """
        One date too near and one vehicle twice: rejected, both told with their rows; it cannot be approved.
        """
        rows = [("001 ABC 02", DAY - timedelta(days=1)), ("002 ABC 02", DAY), ("002 abc 02", DAY)]
        list_ = desk.send(*rows).resource
        faults = [fault for part in desk.lists.parts(list_) for fault in part.faults]

        assert ListStatus.REJECTED is desk.lists.get(list_).status
        assert [(2, FaultCode.DATE_TOO_SOON), (4, FaultCode.DUPLICATE)] == [(fault.row, fault.code) for fault in faults]
        assert [Code.LIST_NOT_SUBMITTED] == codes(desk.approve(list_))

    def test_names_a_vehicle_that_another_list_admits_already(self, desk):
        """
        The approved list and its row are named; another day or class is free.
        """
        first = desk.listed(("001 ABC 02", DAY))
        again = desk.send(("001ABC02", DAY), key="again").resource
        faults = [fault for part in desk.lists.parts(again) for fault in part.faults]

        assert [(FaultCode.ALREADY_LISTED, first, 2)] == [
            (item.code, item.parameters["list"], item.parameters["list_row"]) for item in faults
        ]
        assert ListStatus.SUBMITTED is desk.lists.get(desk.send(("001ABC02", TOMORROW), key="other day").resource).status
        state = desk.send(("001ABC02", DAY), key="other class", class_=PlaceClass.PRIORITY_STATE).resource
        assert ListStatus.SUBMITTED is desk.lists.get(state).status


@pytest.mark.rule("6.1", "6.3")
class TestDeciding:
    def test_needs_another_officer_of_the_checkpoint(self, desk):
        """
        Not the uploader, nobody of another checkpoint, no list that is not there; the uploader may take it back himself.
        """
        list_ = desk.send(("001 ABC 02", DAY)).resource

        assert [Code.ANOTHER_OFFICER_REQUIRED] == codes(desk.approve(list_, officer="acc_o1"))
        assert Missing() == desk.approve(list_, checkpoints=frozenset({"dostyk"}))
        assert Missing() == desk.approve("lst_none")
        assert 200 == desk.approve(list_, officer="acc_o1", reason="ошибочный файл").status
        assert (ListStatus.REJECTED, "ошибочный файл", 0) == (desk.lists.get(list_).status, desk.lists.get(list_).reason, desk.deliver())

    def test_happens_once_of_two_at_once(self, desk):
        """
        Two officers approve, one rejects, all at once: one decision stands and its event is one; who lost is told so.
        """
        list_ = desk.send(("001 ABC 02", DAY)).resource
        acts = [
            lambda: desk.approve(list_, officer="acc_o2", key="a"),
            lambda: desk.approve(list_, officer="acc_o3", key="b"),
            lambda: desk.approve(list_, officer="acc_o4", key="c", reason="нет"),
        ]
        answers = at_once(*acts)

        assert [200] == [answer.status for answer in answers if isinstance(answer, Done)]
        assert [[Code.LIST_NOT_SUBMITTED]] * 2 == [codes(answer) for answer in answers if not isinstance(answer, Done)]
        assert 2 == len(desk.office.store.histories.of_aggregate(list_)) == desk.lists.get(list_).version

    def test_again_under_the_same_key_is_the_same_answer(self, desk):
        """
        A repeated approval is answered as the first; entries are written once however often their message comes.
        """
        list_ = desk.send(("001 ABC 02", DAY), ("002 ABC 02", DAY)).resource

        assert desk.approve(list_) == desk.approve(list_)
        assert [2, 0] == [desk.deliver(), desk.deliver()]


class TestEntitledPlace:
    def take(self, desk, number, *, slot=AT, class_=POST, key=None, **changes):
        """
        Take a place for a listed vehicle: the outcome.
        """
        booking = desk.office.verified(number, class_=class_, **changes)
        return desk.office.take_for(booking, slot=slot, key=key or f"take-{booking}")

    @pytest.mark.rule("6.1")
    def test_is_taken_by_the_listed_vehicle_on_its_day(self, desk):
        """
        The booking and the entry name each other; another vehicle, and the same on another day, are refused with the ten days.
        """
        list_ = desk.listed(("001 ABC 02", TOMORROW))
        stranger = self.take(desk, 2)
        another_day = self.take(desk, 1, slot=AT + timedelta(days=1), id="bk_7")
        taken = self.take(desk, 1)

        assert (Done(200, "bk_1"), list_) == (taken, desk.office.booking("bk_1").listed)
        assert "bk_1" == desk.lists.entry(f"priority_post#{HERE}#KZ#001ABC02", TOMORROW).booking
        assert [Code.LIST_REQUIRED] == codes(stranger)
        assert 10 == stranger.reasons[0].parameters["days"]
        assert [Code.LIST_REQUIRED] == codes(another_day)

    @pytest.mark.rule("6.1", "16")
    def test_is_the_first_free_one_of_a_listed_day(self, desk):
        """
        First free skips days that are not listed, although they have places.
        """
        later = DAY + timedelta(days=2)
        desk.listed(("001 ABC 02", later))
        booking = desk.office.verified(1, class_=POST)
        choice = Choice(None, None, Pool.PRIMARY)

        assert Done(200, booking) == desk.office.take(account="acc_1", booking=booking, choice=choice, request=factories.request("x"))
        assert later == desk.office.booking(booking).day

    @pytest.mark.rule("6")
    def test_of_an_entry_serves_one_booking_at_a_time(self, desk):
        """
        A second booking of the vehicle (its locks let go as after a crossing) is refused while the first holds or has crossed; it may
        follow one that was cancelled.
        """
        desk.listed(("001 ABC 02", TOMORROW))
        self.take(desk, 1)
        first = desk.office.booking("bk_1")
        second = {"id": "bk_2", "account": "acc_2", "vehicle": replace(first.vehicle, vin="WDB9634031L000099", plate="001 ABC 02")}
        free_locks(desk.office, first)
        assert [Code.LIST_ENTRY_USED] == codes(self.take(desk, 2, **second))

        seen = desk.office.booking("bk_1")
        desk.office.store.commit(Write(replace(seen, status=Status.CANCELLED, version=seen.version + 1), seen.version))
        assert Done(200, "bk_2") == desk.office.take_for("bk_2", slot=AT)

    @pytest.mark.rule("6")
    def test_is_won_by_one_of_two_bookings_of_an_entry(self, desk):
        """
        Two accounts book the listed vehicle at once, a hundred times: one holds, the other is told why; the entry names the winner.
        """
        for number in range(100, 200):
            desk.office.store.commit(Write(entry_for(number)))
            rivals = [f"bk_{number}a", f"bk_{number}b"]
            for id_ in rivals:
                desk.office.verified(number, id=id_, account=f"acc_{id_}", class_=POST)
            slot = AT.replace(hour=number % 20 + 4)
            answers = at_once(*(lambda id_=id_, slot=slot: desk.office.take_for(id_, slot=slot) for id_ in rivals))
            winners = [answer.resource for answer in answers if isinstance(answer, Done)]
            lost = {code for answer in answers if not isinstance(answer, Done) for code in codes(answer)}
            assert winners == [desk.lists.entry(entry_for(number).vehicle, TOMORROW).booking]
            assert lost <= {Code.ACTIVE_BOOKING_EXISTS, Code.LIST_ENTRY_USED, Code.HOLD_LIMIT}
        held = [
            place for place in desk.office.store.places.touched(HERE, TOMORROW, consistent=True).values() if place.state is PlaceState.HELD
        ]
        assert 100 == len(held) == len({place.booking for place in held})

    @pytest.mark.rule("6.1", "D14")
    def test_is_proved_anew_for_the_day_of_a_reschedule(self, desk):
        """
        To a day that is not listed: refused, nothing moved. To a listed one: moved, and that day's entry serves the booking.
        """
        later, last = TOMORROW + timedelta(days=1), AT + timedelta(days=1)
        desk.listed(("001 ABC 02", TOMORROW))
        booking = desk.office.confirmed(1, class_=POST, slot=AT)
        refused = desk.office.reschedule_for(booking, last)
        list_ = desk.listed(("001 ABC 02", later))

        assert [Code.LIST_REQUIRED] == codes(refused)
        assert 200 == desk.office.reschedule_for(booking, last).status
        assert (later, list_, POST) == tuple(getattr(desk.office.booking(booking), name) for name in ("day", "listed", "class_"))
        assert booking == desk.lists.entry(f"priority_post#{HERE}#KZ#001ABC02", later).booking

    @pytest.mark.rule("6.2", "D13", "18.16")
    def test_of_priority_goods_needs_the_declaration_found(self, desk):
        """
        Verified without the customs register's word: refused by what lacks; with it: held.
        """
        desk.office.open(factories.plan(DAY + timedelta(days=3), rows=["go"] * 24))
        slot, cargo = SLOT + timedelta(days=3), Cargo("animals", exclusive=True, declaration_kind="goods", declaration_number="X1")
        unfound = self.take(desk, 1, slot=slot, class_=PlaceClass.PRIORITY_GOODS, cargo=cargo, checks=())
        found = (Answer("16", "vehicle", CheckResult.PASSED),)

        assert [("CLASS_NOT_ENTITLED", "declaration_found")] == [(item.code, item.parameters["lacks"]) for item in unfound.reasons]
        assert Done(200, "bk_2") == self.take(desk, 2, slot=slot, class_=PlaceClass.PRIORITY_GOODS, cargo=cargo, checks=found)


@pytest.mark.rule("6.1", "6.3")
class TestApplication:
    def test_is_accepted_for_a_vehicle_listed_for_some_day_to_come(self, desk):
        """
        Listed: 202; not listed, or listed for days gone by: refused before any register is asked.
        """
        desk.office.store.commit(Write(samples.account(agreement_version=AGREEMENT)))
        desk.listed(("001 ABC 02", TOMORROW))

        def apply(key):
            form = factories.application(class_=POST)
            return desk.office.request(account="acc_1", application=form, request=factories.request(key))

        assert 202 == apply("now").status
        desk.office.clock.move_to(NOW + timedelta(days=4))
        assert [Code.LIST_REQUIRED] == codes(apply("later"))


def entry_for(number):
    """
    An approved entry of a vehicle.
    """
    return samples.list_entry(vehicle=f"priority_post#{HERE}#{factories.vehicle(number).plate_key}", day=TOMORROW)


def free_locks(office, booking):
    """
    Let a booking's locks go.
    """
    plate, vin = f"CN#plate#{booking.vehicle.plate_key}", f"CN#vin#{booking.vehicle.vin_key}"
    for lock in office.store.locks.locks((plate, vin)).values():
        office.store.commit(Write(replace(lock, booking=None, until=None, version=lock.version + 1), lock.version))
    hold = office.store.locks.holds((f"plate#{booking.vehicle.plate_key}",))
    for count in hold.values():
        office.store.commit(Write(replace(count, booking=None, until=None, version=count.version + 1), count.version))
