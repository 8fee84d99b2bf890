"""
One suite for the store and its stand-in: what use cases may expect of either.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status, Step
from chalicelib.domain.money import Settlement, Wallet
from chalicelib.domain.plans import DayPlan, Position
from chalicelib.domain.records import Challenge, GatewayState, HoldCount, Load, PaymentAttempt, Quota, Session
from chalicelib.domain.vehicles import MissRecord, VehicleLock
from chalicelib.store.errors import InvalidCursorError
from chalicelib.store.rows import shard_of
from chalicelib.usecases.ports import Committed, Conflict, Remove, Write
from tests.fakes import samples
from tests.fakes.samples import DAY, HERE, NOW, POSITION

COMMITTED = Committed()
OF_TYPE = {type(item): item for item in samples.everything()}


@pytest.fixture(params=["engine", "memory"])
def any_store(request):
    """
    The store on the real engine, and its stand-in.
    """
    return request.getfixturevalue("store" if request.param == "engine" else "memory_store")


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


class TestRequests:
    def test_forgets_an_answer_after_24_hours(self, any_store):
        """
        A record of 24 hours is none, whether or not the engine has deleted it, and its key can be used anew.
        """
        put(any_store, samples.request())
        later = NOW + timedelta(hours=24)

        assert samples.request() == any_store.requests.find(samples.request().key, now=later - timedelta(seconds=1))
        assert any_store.requests.find(samples.request().key, now=later) is None
        assert Conflict(frozenset({"RequestRecord"})) == any_store.commit(Write(samples.request(at=later - timedelta(seconds=1))))
        assert COMMITTED == any_store.commit(Write(samples.request(at=later)))


class TestBookings:
    def test_lists_an_accounts_bookings_newest_first_page_by_page(self, any_store):
        """
        Every booking appears once over the pages, newest first, and nobody else's.
        """
        put(any_store, *(samples.booking(id=f"bk_{n}", created_at=NOW + timedelta(minutes=n)) for n in range(5)))
        put(any_store, samples.booking(id="bk_9", account="acc_2"))
        seen, cursor = [], None
        while True:
            page = any_store.bookings.of_account("acc_1", limit=2, cursor=cursor)
            seen += [booking.id for booking in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break

        assert ["bk_4", "bk_3", "bk_2", "bk_1", "bk_0"] == seen

    @pytest.mark.parametrize("cursor", ["x", "e30", "W10", "eyJpZCI6IHsiUyI6IDF9fQ", "жж"])
    def test_refuses_a_cursor_it_did_not_issue(self, any_store, cursor):
        """
        A broken cursor is an error of its own, not the engine's.
        """
        with pytest.raises(InvalidCursorError):
            any_store.bookings.of_account("acc_1", limit=2, cursor=cursor)

    def test_lists_a_day_in_queue_order(self, any_store):
        """
        A checkpoint's day is listed by position, without other days, checkpoints or bookings without a place.
        """
        for id_, position in (("bk_1", Position(14, 7)), ("bk_2", Position(2, 10)), ("bk_3", Position(2, 9))):
            put(any_store, samples.booking(id=id_, position=position))
        put(any_store, samples.booking(id="bk_4", day=DAY + timedelta(days=1)), samples.booking(id="bk_5", checkpoint="kolzhat"))
        put(any_store, samples.booking(id="bk_6", day=None, position=None))

        assert ["bk_3", "bk_2", "bk_1"] == [booking.id for booking in any_store.bookings.of_day(HERE, DAY)]

    def test_finds_by_plate_vin_and_number(self, any_store):
        """
        Plate key, VIN key and number each lead to the booking; two of them must both fit.
        """
        put(any_store, samples.booking())

        for words in ({"plate": "KZ#123ABC02"}, {"vin": "XTA21099043125678"}, {"number": "NZH-261203-14-07"}):
            assert [samples.booking()] == list(any_store.bookings.find(**words))
        assert [] == list(any_store.bookings.find(plate="KZ#123ABC02", vin="other"))
        assert [] == list(any_store.bookings.find())

    def test_finds_what_is_due(self, any_store):
        """
        A booking is listed for the step it waits for from its moment on, and for no other after it has moved on.
        """
        seen = samples.booking(status=Status.HELD, hold_expires_at=NOW)
        shard = shard_of(seen.id)
        put(any_store, seen)

        assert NOW == any_store.bookings.next_due(Step.TIDY, shard=shard)
        assert [] == list(any_store.bookings.due(Step.TIDY, shard=shard, until=NOW - timedelta(microseconds=1), limit=9))
        assert ["bk_1"] == list(any_store.bookings.due(Step.TIDY, shard=shard, until=NOW, limit=9))

        any_store.commit(Write(replace(seen, status=Status.EXPIRED, version=2), 1))
        assert [] == list(any_store.bookings.due(Step.TIDY, shard=shard, until=NOW, limit=9))
        assert any_store.bookings.next_due(Step.TIDY, shard=shard) is None

    def test_lists_the_longest_due_first_up_to_a_limit(self, any_store):
        """
        Work is handed out in bounded chunks, longest waiting first.
        """
        same_shard = [f"bk_{n}" for n in range(200) if shard_of(f"bk_{n}") == 0][:4]
        for late, id_ in enumerate(reversed(same_shard)):
            put(any_store, samples.booking(id=id_, status=Status.HELD, hold_expires_at=NOW + timedelta(seconds=late)))

        found = any_store.bookings.due(Step.TIDY, shard=0, until=NOW + timedelta(minutes=1), limit=3)

        assert list(reversed(same_shard))[:3] == list(found)


class TestPlaces:
    def test_reads_periods_with_both_ends(self, any_store):
        """
        Plans and loads of a period include its first and last day, in order.
        """
        days = [DAY + timedelta(days=n) for n in range(4)]
        put(any_store, *(DayPlan(HERE, day, 60, 0, ("g",)) for day in days))
        put(any_store, *(Load(HERE, day, 1, {}, NOW, None, 1) for day in days))

        assert days[1:3] == [plan.day for plan in any_store.places.plans(HERE, first=days[1], last=days[2])]
        assert days[1:3] == [load.day for load in any_store.places.loads(HERE, first=days[1], last=days[2])]

    def test_maps_a_days_touched_places(self, any_store):
        """
        Touched places come by position, of that day and checkpoint only, fresh or from a replica.
        """
        put(any_store, samples.place(), samples.place(position=Position(2, 1)), samples.place(day=DAY + timedelta(days=1)))

        for consistent in (True, False):
            assert {POSITION, Position(2, 1)} == set(any_store.places.touched(HERE, DAY, consistent=consistent))


class TestLedger:
    def test_lists_postings_newest_first(self, any_store):
        """
        A wallet's postings come by time, not by id, page by page.
        """
        put(any_store, *(samples.posting(id=f"p{9 - n}", at=NOW + timedelta(minutes=n)) for n in range(3)))

        first = any_store.ledger.postings("acc_1", limit=2, cursor=None)
        second = any_store.ledger.postings("acc_1", limit=2, cursor=first.next_cursor)

        assert ["p7", "p8", "p9"] == [posting.id for page in (first, second) for posting in page.items]

    def test_lists_the_postings_of_a_checkpoints_day(self, any_store):
        """
        A day's postings are those of the checkpoint; those of none lie under `-`.
        """
        put(any_store, samples.posting(), samples.posting(id="b", wallet="acc_2"), samples.posting(id="c", checkpoint=None))
        put(any_store, samples.posting(id="d", day=DAY + timedelta(days=1)), samples.posting(id="e", checkpoint="kolzhat"))

        assert {"bk_1.fee", "b"} == {posting.id for posting in any_store.ledger.of_day(DAY, HERE)}
        assert ["c"] == [posting.id for posting in any_store.ledger.of_day(DAY, "-")]

    @pytest.mark.rule("D30")
    def test_puts_a_posting_once(self, any_store):
        """
        A posting that was made cannot be made again, whatever its content.
        """
        put(any_store, samples.posting())

        assert Conflict(frozenset({"Posting"})) == any_store.commit(Write(samples.posting(kind="other")))

    def test_lists_settlements_latest_first(self, any_store):
        """
        Closed days are listed from the latest back.
        """
        days = [DAY + timedelta(days=n) for n in range(3)]
        put(any_store, *(Settlement(day, NOW, day) for day in days))

        first = any_store.ledger.settlements(limit=2, cursor=None)
        second = any_store.ledger.settlements(limit=2, cursor=first.next_cursor)

        assert days[::-1] == [each.day for page in (first, second) for each in page.items]


class TestHistories:
    def test_lists_an_aggregates_events_in_order(self, any_store):
        """
        Events come by version over days.
        """
        put(any_store, *(samples.event(aggregate_version=n, day=DAY + timedelta(days=n)) for n in (10, 2, 1)))
        put(any_store, samples.event(aggregate="bk_2"))

        assert [1, 2, 10] == [event.aggregate_version for event in any_store.histories.of_aggregate("bk_1")]


class TestOutbox:
    def test_lists_what_is_due_and_not_parked(self, any_store):
        """
        A message is pending from its moment until it is removed or parked; a parked one is listed apart.
        """
        message = samples.message()
        shard = shard_of(message.id)
        put(any_store, message)

        assert NOW == any_store.outbox.next_due(shard=shard)
        assert [] == list(any_store.outbox.pending(shard=shard, until=NOW - timedelta(seconds=1), limit=9))
        assert [message] == list(any_store.outbox.pending(shard=shard, until=NOW, limit=9))

        any_store.commit(Write(replace(message, parked=True, version=2), 1))
        assert [] == list(any_store.outbox.pending(shard=shard, until=NOW, limit=9))
        assert any_store.outbox.next_due(shard=shard) is None
        assert [message.id] == [each.id for each in any_store.outbox.parked(limit=9)]


class TestPassages:
    def test_lists_the_latest_first_whatever_the_journal(self, any_store):
        """
        A replaced journal sorts anywhere; passages still come by time.
        """
        put(any_store, samples.passage(journal="zz", at=NOW), samples.passage(journal="aa", at=NOW + timedelta(minutes=1)))

        assert ["aa", "zz"] == [each.journal for each in any_store.passages.recent(HERE, day=DAY, limit=9)]
        assert ["aa"] == [each.journal for each in any_store.passages.recent(HERE, day=DAY, limit=1)]

    def test_lists_all_gateways(self, any_store):
        """
        Every gateway that was ever written is listed, by checkpoint.
        """
        put(any_store, GatewayState("kolzhat", 1), GatewayState("alakol", 1))

        assert ["alakol", "kolzhat"] == [state.checkpoint for state in any_store.passages.gateways()]


def test_the_samples_are_all_that_is_kept():
    """
    The suite stores one of every kind that the ports name.
    """
    assert {PaymentAttempt, Challenge, Session, Quota} <= set(OF_TYPE)
    assert 21 == len(OF_TYPE)
