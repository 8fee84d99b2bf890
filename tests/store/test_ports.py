"""
One suite for the store and its stand-in: what use cases may expect of either.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Happening, Status, Suspension
from chalicelib.domain.happenings import event_of
from chalicelib.domain.money import DepositState
from chalicelib.domain.plans import DayPlan, Position
from chalicelib.domain.records import GatewayState, Load
from chalicelib.domain.replay import rebuilt
from chalicelib.domain.schedule import Step
from chalicelib.store.errors import InvalidCursorError
from chalicelib.store.rows import shard_of
from chalicelib.usecases.ports import Committed, Conflict, Write
from tests.fakes import samples, settlements
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW, POSITION

COMMITTED = Committed()


def put(store, *items):
    """
    Store new items.
    """
    assert COMMITTED == store.commit(*(Write(item) for item in items))


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
        put(any_store, *(settlements.settlement(day=day) for day in days))

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

    def test_rebuild_a_booking_from_what_was_kept(self, any_store):
        """
        The whole booking at first, then changes of every type of field: read back, they are the booking.
        """
        first = samples.booking(version=1)
        called = first.after(Happening.CALLED, called_at=NOW, leave_by=None, deposit=DepositState.HELD)
        suspended = called.after(Happening.SUSPENDED, suspended=Suspension("6-2", "false_data", "blk_1", NOW), pool=None)
        for booking in (first, called, suspended):
            put(any_store, event_of(booking=booking, happening=Happening.CALLED, at=NOW, by="system", rules=RULES))

        assert suspended == rebuilt(any_store.histories.of_aggregate(first.id))

    def test_lists_a_checkpoints_day(self, any_store):
        """
        Every event of the day and checkpoint, each aggregate's in order; none of another day or checkpoint.
        """
        put(any_store, *(samples.event(aggregate=id_, aggregate_version=n) for id_ in ("bk_1", "bk_2") for n in (2, 1)))
        put(any_store, samples.event(aggregate="bk_3", day=DAY + timedelta(days=1)), samples.event(aggregate="bk_4", checkpoint="kolzhat"))

        found = [(event.aggregate, event.aggregate_version) for event in any_store.histories.of_day(HERE, DAY)]
        assert [("bk_1", 1), ("bk_1", 2), ("bk_2", 1), ("bk_2", 2)] == found


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

    def test_follow_a_journal_from_a_sequence_on(self, any_store):
        """
        In order, of that day and journal only, however many digits the sequence has.
        """
        put(any_store, *(samples.passage(sequence=each) for each in (9, 10, 11, 100)))
        put(any_store, samples.passage(journal="jr_10", sequence=12), samples.passage(day=DAY + timedelta(days=1), sequence=13))

        assert [10, 11, 100] == [each.sequence for each in any_store.passages.after(HERE, day=DAY, journal="jr_1", sequence=9)]
        assert [] == list(any_store.passages.after(HERE, day=DAY, journal="jr_1", sequence=100))

    def test_keep_what_was_counted_of_a_checkpoints_flow(self, any_store):
        """
        One row each, with all that it remembers; none where nothing was counted.
        """
        put(any_store, samples.flow())

        assert samples.flow() == any_store.passages.flow(HERE)
        assert any_store.passages.flow("kolzhat") is None

    def test_lists_all_gateways(self, any_store):
        """
        Every gateway that was ever written is listed, by checkpoint.
        """
        put(any_store, GatewayState("kolzhat", 1), GatewayState("alakol", 1))

        assert ["alakol", "kolzhat"] == [state.checkpoint for state in any_store.passages.gateways()]


class TestPostingsInOrder:
    def test_are_all_of_a_wallet_oldest_first(self, any_store):
        """
        More than one page of them, nobody else's.
        """
        made = [samples.posting(id=f"p:{number:04}", at=samples.NOW + timedelta(seconds=number)) for number in range(510)]
        for start in range(0, len(made), 50):
            any_store.commit(*map(Write, reversed(made[start : start + 50])))
        any_store.commit(Write(samples.posting(id="other", wallet="acc_2")))

        assert [posting.id for posting in made] == [posting.id for posting in any_store.ledger.in_order("acc_1")]
