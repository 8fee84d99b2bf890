"""
The officers' desk at which lists of vehicles are handed in and decided on.
"""

from datetime import timedelta

from chalicelib.domain.list_rows import Cell, Expected, Table
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.vehicle_lists import Column
from chalicelib.usecases.decide_list import DecideList, KeepEntries
from chalicelib.usecases.receive_list import ReceiveList, Sent
from tests import factories
from tests.fakes.samples import DAY, HERE

OWN = frozenset({HERE})
COLUMNS = (Column.PLATE, Column.COUNTRY, Column.DATE)
POST = PlaceClass.PRIORITY_POST


class Desk:
    """
    The officers' desk of an office.
    """

    def __init__(self, office):
        self.office = office
        parts = office._parts("committer", "requests", "clock", "rules_on")
        self.lists = office.store.vehicle_lists
        self.receive = ReceiveList(**parts, chance=office.chance, lists=self.lists, expecting=self._expecting)
        self.decide = DecideList(**parts, lists=self.lists)
        self.keep = KeepEntries(office.store, self.lists)

    @staticmethod
    def _expecting(*, checkpoint, class_, first_day):
        columns = {column.value: column for column in Column}
        return Expected(first_day, first_day + timedelta(days=366), columns, {"kz": "KZ"}, frozenset(), frozenset())

    def send(self, *rows, key="send", class_=POST, received_on=DAY - timedelta(days=10)):
        """
        Hand in rows of plate and day.
        """
        heading = [Cell(column.value) for column in COLUMNS]
        table = Table([(1, heading), *((number, [Cell(plate), Cell("KZ"), Cell(day)]) for number, (plate, day) in enumerate(rows, 2))])
        sent = Sent(HERE, class_, "Қазпошта", None, received_on, table, "ab")
        return self.receive(officer="acc_o1", sent=sent, request=factories.request(key))

    def approve(self, list_, *, officer="acc_o2", key="approve", checkpoints=OWN, reason=None):
        """
        Decide as another officer.
        """
        return self.decide(officer=officer, checkpoints=checkpoints, list_=list_, reason=reason, request=factories.request(key))

    def deliver(self):
        """
        Write the entries that were asked for: how many.
        """
        store, until = self.office.store, self.office.clock.now()
        rows = [row for shard in range(8) for row in store.outbox.pending(shard=shard, until=until, limit=99)]
        return sum(self.keep(row) for row in rows if row.task == "list_part")

    def listed(self, *rows, class_=POST):
        """
        Have rows listed and approved: the list's id.
        """
        list_ = self.send(*rows, class_=class_, key=f"send-{rows}").resource
        self.approve(list_, key=f"approve-{list_}")
        self.deliver()
        return list_
