"""
What is read of many at once, from the store and its stand-in: the same as one by one.
"""

from datetime import timedelta

from chalicelib.domain.money import Wallet
from chalicelib.domain.plans import Position
from chalicelib.domain.site_notes import SiteNotes
from chalicelib.usecases.ports import Write
from tests.fakes import samples
from tests.fakes.samples import DAY, HERE, POSITION


def put(store, *items):
    """
    Store new items.
    """
    store.commit(*(Write(item) for item in items))


class TestMany:
    def test_touched_places_come_by_their_keys(self, any_store):
        """
        Of several days; whatever is untouched is left out; none are asked for: none.
        """
        next_day = DAY + timedelta(days=1)
        put(any_store, samples.place(), samples.place(day=next_day, booking="bk_2"))
        keys = [(HERE, next_day, POSITION), (HERE, DAY, POSITION), (HERE, DAY, Position(9, 9))]

        assert {key: any_store.places.place(*key) for key in keys[:2]} == any_store.places.places(keys)
        assert {} == any_store.places.places([])

    def test_wallets_come_by_account(self, any_store):
        """
        That of nobody is empty, with version 0.
        """
        put(any_store, Wallet("acc_1", available=5, version=1))

        assert {"acc_1": any_store.ledger.wallet("acc_1"), "acc_9": Wallet("acc_9")} == any_store.ledger.wallets(["acc_1", "acc_9"])
        assert 5 == any_store.ledger.wallets(["acc_1"])["acc_1"].available

    def test_notes_come_by_checkpoint(self, any_store):
        """
        Where nothing was written yet they have version 0.
        """
        put(any_store, samples.notes())

        assert {HERE: samples.notes(), "kolzhat": SiteNotes("kolzhat", version=0)} == any_store.passages.notes_of([HERE, "kolzhat"])
