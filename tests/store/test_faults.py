"""
The store under faults at each of its calls, and its indexes a write behind (T13).
"""

import itertools
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.bookings import Status
from chalicelib.domain.money import Wallet
from chalicelib.domain.schedule import Step
from chalicelib.store.rows import shard_of
from chalicelib.usecases.ports import Committed, Conflict, Remove, StoreBusyError, Write
from tests.fakes import faults, samples, stale_reads
from tests.fakes.samples import DAY, HERE, NOW

PASSING = ("unreachable", "conflict", "throttle", "timeout_before", "timeout_after")
BATCH = (samples.booking(), samples.place(), samples.event(), samples.request())


def stored(store):
    """
    Read what the batch left.
    """
    return (
        store.bookings.get("bk_1"),
        store.places.place(HERE, DAY, samples.POSITION),
        store.histories.event(samples.event().id),
        store.requests.find(samples.request().key, now=NOW),
    )


class TestCommitUnderFaults:
    @pytest.mark.parametrize("kind", PASSING)
    @pytest.mark.parametrize("writes", [BATCH, BATCH[:1]], ids=["transaction", "single"])
    def test_gets_over_a_passing_fault(self, store, kind, writes):
        """
        Whatever befalls one try, the next one commits, once, or sees that the first one did.
        """
        with faults.at(store, call=1, kind=kind) as fault:
            assert Committed() == store.commit(*map(Write, writes))

        assert fault.hit
        assert fault.calls >= 2
        assert stored(store)[: len(writes)] == writes

    @pytest.mark.parametrize("writes", [BATCH, BATCH[:1]], ids=["transaction", "single"])
    def test_knows_its_own_rows_when_the_engine_forgot_the_token(self, store, writes):
        """
        An answer is lost and the engine, restarted, takes the next try for a new one: the rows themselves say whose they are.
        """
        forget = itertools.count()

        def another_token(params, model, **_):
            if model.name == "TransactWriteItems":
                params["ClientRequestToken"] = f"forgotten-{next(forget)}"

        events = store.database.connection.client.meta.events
        events.register("provide-client-params.dynamodb", another_token)
        with faults.at(store, call=1, kind="timeout_after"):
            assert Committed() == store.commit(*map(Write, writes))

        assert Conflict(frozenset(type(each).__name__ for each in writes)) == store.commit(*map(Write, writes))

    def test_knows_its_commit_though_a_rival_has_written_over_all_of_it(self, store):
        """
        An answer is lost and everything committed is overwritten before the next try: the token, the same in all tries, says it was done.
        """
        ours = Wallet("a", 1, version=1), Wallet("b", 1, version=1)
        turns = iter([False, True])

        def overwrite(model, **_):
            if next(turns, False):
                store.commit(*(Write(replace(wallet, available=9, version=2), 1) for wallet in ours))

        store.database.connection.client.meta.events.register("before-call.dynamodb.TransactWriteItems", overwrite)
        with faults.at(store, call=1, kind="timeout_after") as fault:
            assert Committed() == store.commit(*map(Write, ours))

        assert 3 == fault.calls
        assert [9, 9] == [store.ledger.wallet(account).available for account in ("a", "b")]

    def test_sees_a_rival_behind_a_lost_answer(self, store):
        """
        A try that never arrived is not mistaken for a commit when a rival has come first.
        """
        rival = iter([True])

        def overtake(model, **_):
            if next(rival, False):
                store.commit(Write(samples.place(booking="bk_rival")))

        events = store.database.connection.client.meta.events
        events.register("before-call.dynamodb.TransactWriteItems", overtake)
        with faults.at(store, call=1, kind="timeout_before", lasting=1):
            answer = store.commit(Write(samples.booking()), Write(samples.place()))

        assert Conflict(frozenset({"Place"})) == answer
        assert store.bookings.get("bk_1") is None

    @pytest.mark.parametrize("kind", PASSING)
    def test_gives_up_after_five_tries(self, store, kind):
        """
        A fault that stays is `StoreBusyError` after exactly five calls; a commit whose answers were all lost stands.
        """
        with faults.at(store, call=1, kind=kind, lasting=99) as fault, pytest.raises(StoreBusyError):
            store.commit(*map(Write, BATCH))

        assert 5 == fault.calls
        assert stored(store) == (BATCH if kind == "timeout_after" else (None,) * 4)

    def test_a_refusal_is_no_reason_to_try_again(self, store):
        """
        A condition that does not hold is an answer: one call, named kinds.
        """
        with faults.at(store, call=1, kind="refuse") as fault:
            assert Conflict(frozenset({"Wallet", "Booking"})) == store.commit(Write(Wallet("acc_1", version=1)), Write(samples.booking()))

        assert 1 == fault.calls

    def test_a_mistake_of_ours_is_not_hidden(self, store):
        """
        What no repetition cures is raised at once.
        """
        booking = samples.booking(account="")  # an index key may not be empty
        with faults.counting(store) as count, pytest.raises(ClientError):
            store.commit(Write(booking))

        assert 1 == count.calls

    @pytest.mark.parametrize("kind", PASSING)
    def test_removes_once(self, store, kind):
        """
        A lone removal gets over a fault: afterwards the row is gone and that is success.
        """
        store.commit(Write(samples.message()))
        with faults.at(store, call=1, kind=kind):
            assert Committed() == store.commit(Remove(samples.message(), 1))

        assert not store.outbox.pending(shard=shard_of(samples.message().id), until=NOW, limit=1)

    def test_a_crash_reaches_the_top(self, store):
        """
        The process's end is not an error that the store gets over.
        """
        with faults.at(store, call=1, kind="crash_after"), pytest.raises(faults.ProcessDiedError):
            store.commit(*map(Write, BATCH))

        assert stored(store) == BATCH


class TestReadsUnderFaults:
    @pytest.mark.parametrize("kind", ["unreachable", "throttle", "timeout_before", "timeout_after", "refuse", "conflict"])
    def test_gets_over_a_fault_at_each_call(self, store, kind):
        """
        Reads by key, of many, by index and by page are repeated at whichever call the fault strikes.
        """
        store.commit(*map(Write, BATCH))
        for call in itertools.count(1):
            with faults.at(store, call=call, kind=kind) as fault:
                assert samples.booking() == store.bookings.get("bk_1")
                assert [samples.booking()] == list(store.bookings.find(number=samples.booking().number))
                assert [samples.booking()] == store.bookings.of_account("acc_1", limit=1, cursor=None).items
            if not fault.hit:
                break

        assert call > 5

    def test_gives_up_after_five_tries(self, store):
        """
        A read that is never answered is `StoreBusyError`.
        """
        with faults.at(store, call=1, kind="timeout_before", lasting=99) as fault, pytest.raises(StoreBusyError):
            store.bookings.get("bk_1")

        assert 5 == fault.calls


class TestStaleReads:
    def test_an_index_is_a_write_behind(self, store):
        """
        The injected index does not know the last write, and knows it after the next.
        """
        store.commit(Write(samples.booking()))
        with stale_reads.behind(store, writes=1) as stale:
            store.commit(Write(samples.booking(id="bk_2", number="N2")))
            assert [] == list(store.bookings.find(number="N2"))
            assert 1 == len(store.bookings.find(number=samples.booking().number))
            store.commit(Write(Wallet("acc_1", version=1)))
            assert 1 == len(store.bookings.find(number="N2"))
            assert samples.booking() == store.bookings.get("bk_1")
        assert 3 == stale.answered

    def test_a_lagging_index_comes_after(self, store):
        """
        With a lag in seconds the index knows everything once it has passed, or when told to catch up.
        """
        with stale_reads.behind(store, lag_s=60) as stale:
            store.commit(Write(samples.booking()))
            assert [] == list(store.bookings.of_day(HERE, DAY))
            stale.catch_up()
            assert 1 == len(store.bookings.of_day(HERE, DAY))

    def test_what_an_index_names_is_read_again(self, store):
        """
        Stale names never become stale answers: moved bookings and delivered messages are left out.
        """
        held = samples.booking(status=Status.HELD, hold_expires_at=NOW)
        message = samples.message()
        store.commit(Write(held), Write(message))
        with stale_reads.behind(store, lag_s=60):
            store.commit(Write(replace(held, day=None, position=None, number=None, version=2), 1), Remove(message, 1))

            assert [] == list(store.bookings.of_day(HERE, DAY))
            assert [] == list(store.bookings.find(number=held.number))
            assert [] == list(store.outbox.pending(shard=shard_of(message.id), until=NOW, limit=9))
            assert ["bk_1"] == list(store.bookings.due(Step.TIDY, shard=shard_of("bk_1"), until=NOW, limit=9))
