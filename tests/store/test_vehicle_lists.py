"""
The port `VehicleLists`, on the store and its stand-in; and on the engine the races that decide who an entry serves (§6).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.vehicle_lists import ListStatus
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import Committed, Write
from tests import factories
from tests.factories import SLOT
from tests.fakes import samples
from tests.fakes.desk import POST, Desk
from tests.fakes.gathering import at_once
from tests.fakes.office import Office
from tests.fakes.samples import DAY, HERE, NOW


def put(store, *items):
    """
    Store new items.
    """
    assert Committed() == store.commit(*(Write(item) for item in items))


class TestLists:
    def test_come_latest_first_page_by_page_of_one_checkpoint_and_status(self, any_store):
        """
        Each list once, those of another checkpoint never, those of a status alone where asked.
        """
        states = [ListStatus.SUBMITTED, ListStatus.REJECTED, ListStatus.SUBMITTED]
        put(
            any_store,
            *(samples.vehicle_list(id=f"lst_{n}", uploaded_at=NOW + timedelta(minutes=n), status=s) for n, s in enumerate(states)),
        )
        put(any_store, samples.vehicle_list(id="lst_9", checkpoint="dostyk"))
        lists = any_store.vehicle_lists
        first = lists.of_checkpoint(HERE, status=None, limit=2, cursor=None)
        second = lists.of_checkpoint(HERE, status=None, limit=2, cursor=first.next_cursor)

        assert ["lst_2", "lst_1", "lst_0"] == [each.id for page in (first, second) for each in page.items]
        assert ["lst_2", "lst_0"] == [
            each.id for each in lists.of_checkpoint(HERE, status=ListStatus.SUBMITTED, limit=9, cursor=None).items
        ]

    def test_keep_their_parts_in_order(self, any_store):
        """
        Ten parts and more come by number, each also alone; another list's never.
        """
        put(any_store, *(samples.list_part(number=n) for n in (10, 2, 0, 1)), samples.list_part(list="lst_2"))

        assert [0, 1, 2, 10] == [part.number for part in any_store.vehicle_lists.parts("lst_1")]
        assert samples.list_part(number=2) == any_store.vehicle_lists.part("lst_1", 2)
        assert any_store.vehicle_lists.part("lst_1", 3) is None

    def test_lead_from_a_vehicle_to_its_days(self, any_store):
        """
        By key, many at once (more than one batch), and from a day on.
        """
        days = [DAY + timedelta(days=n) for n in range(3)]
        put(any_store, *(samples.list_entry(day=day) for day in days))
        vehicle, lists = samples.list_entry().vehicle, any_store.vehicle_lists
        asked = [(vehicle, DAY + timedelta(days=n)) for n in range(150)]

        assert (samples.list_entry(), None) == (lists.entry(vehicle, DAY), lists.entry(vehicle, DAY - timedelta(days=1)))
        assert set(days) == {entry.day for entry in lists.entries(asked)}
        assert days[1:] == [entry.day for entry in lists.days(vehicle, since=days[1])]


@pytest.mark.rule("6.1")
class TestRaces:
    def test_let_one_booking_have_an_entry_and_one_officer_decide(self, store):
        """
        On the engine: two officers approve at once, then two accounts take the listed vehicle's place at once; one of each succeeds.
        """
        office = Office(store)
        tomorrow, slot = DAY + timedelta(days=1), SLOT + timedelta(days=1)
        office.open(factories.plan(tomorrow, rows=["gpp"] * 24))
        desk = Desk(office)
        list_ = desk.send(("001 ABC 02", tomorrow)).resource
        decided = at_once(*(lambda officer=officer: desk.approve(list_, officer=officer, key=officer) for officer in ("acc_o2", "acc_o3")))
        written = desk.deliver()
        rivals = [office.verified(1, id=f"bk_{name}", account=f"acc_{name}", class_=POST) for name in "ab"]
        taken = at_once(*(lambda id_=id_: office.take_for(id_, slot=slot) for id_ in rivals))
        winners = [answer.resource for answer in taken if isinstance(answer, Done)]

        assert (1, 1, 1) == (sum(isinstance(answer, Done) for answer in decided), written, len(winners))
        assert winners == [desk.lists.entry(f"priority_post#{HERE}#KZ#001ABC02", tomorrow).booking]
