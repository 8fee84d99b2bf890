"""
Commits, on the store and its stand-in alike: all or nothing, only over what was seen.
"""

from typing import get_args

from chalicelib.domain.money import Wallet
from chalicelib.domain.records import GatewayState, HoldCount
from chalicelib.domain.vehicles import MissRecord, VehicleLock
from chalicelib.usecases.ports import Committed, Conflict, Item, Remove, Write
from tests.fakes import samples
from tests.fakes.samples import DAY, HERE, NOW, POSITION

COMMITTED = Committed()
OF_TYPE = {type(item): item for item in samples.everything()}


def put(store, *items):
    """
    Store new items.
    """
    assert COMMITTED == store.commit(*(Write(item) for item in items))


class TestCommit:
    def test_keeps_one_of_everything_in_one_transaction(self, any_store):
        """
        Every kind of item is written together and read back as it was, by every read by key.
        """
        put(any_store, *samples.everything())

        keeps = OF_TYPE
        read = [
            any_store.bookings.get("bk_1"),
            any_store.places.place(HERE, DAY, POSITION),
            any_store.places.plan(HERE, DAY),
            any_store.places.load(HERE, DAY),
            any_store.locks.locks([keeps[VehicleLock].key])[keeps[VehicleLock].key],
            any_store.locks.misses([keeps[MissRecord].key])[keeps[MissRecord].key],
            any_store.locks.holds([keeps[HoldCount].key])[keeps[HoldCount].key],
            any_store.requests.find(samples.request().key, now=NOW),
            any_store.histories.event(samples.event().id),
            any_store.ledger.wallet("acc_1"),
            any_store.ledger.settlement(DAY),
            any_store.ledger.attempt("pay_1"),
            any_store.accounts.account("acc_1"),
            any_store.accounts.challenge("ch_1"),
            any_store.accounts.session("se_1"),
            any_store.accounts.quota("otp#ab"),
            any_store.passages.gateway(HERE),
            any_store.passages.board(HERE),
        ]
        expected = [item for item in samples.everything() if type(item) in {type(each) for each in read}]
        assert {type(item): item for item in expected} == {type(item): item for item in read}
        assert any_store.ledger.has_posting(wallet="acc_1", posting="bk_1.fee")
        assert any_store.passages.has(checkpoint=HERE, journal="jr_1", sequence=7, day=DAY)

    def test_answers_nothing_where_nothing_is(self, any_store):
        """
        Reads of unknown keys give none, an empty wallet, or a gateway never heard of.
        """
        assert any_store.bookings.get("bk_0") is None
        assert [] == list(any_store.bookings.get_many(["bk_0"]))
        assert {} == any_store.locks.locks(["x"])
        assert Wallet("acc_0") == any_store.ledger.wallet("acc_0")
        assert GatewayState("kolzhat", version=0) == any_store.passages.gateway("kolzhat")
        assert any_store.histories.event("no id") is None
        assert any_store.accounts.of_person("per_0") is None

    def test_refuses_what_exists(self, any_store):
        """
        A first version is written only where there is none.
        """
        put(any_store, samples.place())

        assert Conflict(frozenset({"Place"})) == any_store.commit(Write(samples.place()))

    def test_refuses_what_is_not_as_seen(self, any_store):
        """
        A next version is written only over the one that was read, and an absent row was never read.
        """
        put(any_store, Wallet("acc_1", version=1))

        assert COMMITTED == any_store.commit(Write(Wallet("acc_1", 5, version=2), 1))
        assert Conflict(frozenset({"Wallet"})) == any_store.commit(Write(Wallet("acc_1", 9, version=2), 1))
        assert Conflict(frozenset({"Wallet"})) == any_store.commit(Write(Wallet("acc_2", 9, version=2), 1))
        assert 5 == any_store.ledger.wallet("acc_1").available

    def test_writes_all_or_nothing_and_names_the_losers(self, any_store):
        """
        One item not as seen keeps all others out; the conflict names the kinds that were not as seen, and only these.
        """
        put(any_store, samples.place())

        answer = any_store.commit(Write(samples.booking()), Write(samples.place()), Write(samples.event()))

        assert Conflict(frozenset({"Place"})) == answer
        assert any_store.bookings.get("bk_1") is None
        assert any_store.histories.event(samples.event().id) is None

    def test_removes_what_is_as_seen(self, any_store):
        """
        A removal needs the version that was read, alone and within a transaction.
        """
        put(any_store, samples.message(), samples.message(id="m2"))

        assert Conflict(frozenset({"OutboxMessage"})) == any_store.commit(Remove(samples.message(), 2))
        assert COMMITTED == any_store.commit(Remove(samples.message(), 1))
        assert Conflict(frozenset({"OutboxMessage"})) == any_store.commit(Remove(samples.message(), 1))
        assert COMMITTED == any_store.commit(Remove(samples.message(id="m2"), 1), Write(samples.booking()))
        assert not [each for shard in range(8) for each in any_store.outbox.pending(shard=shard, until=NOW, limit=9)]

    def test_gives_a_person_one_account(self, any_store):
        """
        A second account of the same person is refused, by a lookup row and not by an index.
        """
        put(any_store, samples.account())

        assert Conflict(frozenset({"Account"})) == any_store.commit(Write(samples.account(id="acc_2")))
        assert any_store.accounts.account("acc_2") is None
        assert samples.account() == any_store.accounts.of_person("per_1")
        assert COMMITTED == any_store.commit(Write(samples.account(language="kk", version=2), 1))
        assert "kk" == any_store.accounts.of_person("per_1").language


def test_the_samples_are_all_that_is_kept():
    """
    The suite stores one of every kind that the ports name.
    """
    assert set(get_args(Item)) == set(OF_TYPE)
