"""
A booking that was read is written as what differs: the row is the same as if it were put whole, and only over the very row that was read.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Happening, Status, Suspension
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.store.patches import MOST, SeenRows
from chalicelib.usecases.ports import Committed, Conflict, Write
from tests.fakes import faults, samples
from tests.fakes.samples import NOW

LATER = NOW + timedelta(hours=1)
CHANGES = {
    "an instant": {"reminded_at": LATER},
    "what was none": {"officer_only": "5:EXPIRED", "arrived_at": LATER},
    "what is none now": {"slot_start": None, "slot_end": None, "day": None, "position": None, "number": None},
    "a nested value": {"checks": (Answer("5", "user", CheckResult.PASSED, asked_ms=7),), "suspended": Suspension("debt", "c", "28", NOW)},
    "what an index goes by": {"account": "acc_9", "status": Status.CANCELLED},
    "nothing": {},
}


def raw(store, booking="bk_1"):
    """
    Read a booking's row as the engine has it, without the commit's id.
    """
    row = store.rows[0]
    asked = {"TableName": row.Meta.table_name, "Key": row.spell_key(booking), "ConsistentRead": True}
    return {name: value for name, value in store.database.ask("GetItem", asked)["Item"].items() if name != "commit"}


def next_of(booking, **changes):
    """
    Give the next version.
    """
    return replace(booking, version=booking.version + 1, **changes)


@pytest.fixture
def kept(store):
    """
    A store with one booking.
    """
    assert Committed() == store.commit(Write(samples.booking()))
    return store


class TestPatch:
    @pytest.mark.parametrize("name", CHANGES)
    def test_makes_the_row_that_a_whole_put_makes(self, kept, name):
        """
        Set, taken away, nested, indexed: attribute by attribute the same.
        """
        seen = samples.booking()
        with faults.counting(kept) as whole:
            assert Committed() == kept.commit(Write(next_of(seen, **CHANGES[name]), seen.version))
        put = raw(kept)
        back = next_of(kept.bookings.get("bk_1"), **{field: getattr(seen, field) for field in CHANGES[name]})
        kept.commit(Write(back, back.version - 1))
        read = kept.bookings.get("bk_1")

        with faults.counting(kept) as patched:
            assert Committed() == kept.commit(Write(next_of(read, **CHANGES[name]), read.version))

        assert (["PutItem"], ["UpdateItem"]) == (whole.operations, patched.operations)
        assert {**put, "version": {"N": str(read.version + 1)}} == raw(kept)

    def test_is_of_few_attributes_beside_others_in_a_transaction(self, kept):
        """
        With its event in one transaction; read back it is the next version.
        """
        seen = kept.bookings.get_many(["bk_1"])[0]
        after = seen.after(Happening.REMINDED, reminded_at=LATER)
        said = []
        kept.database.connection.client.meta.events.register("provide-client-params.dynamodb", lambda params, **_: said.append(params))

        assert Committed() == kept.commit(Write(after, seen.version), Write(samples.event()))

        (asked,) = (part["Update"] for part in said[0]["TransactItems"] if "Update" in part)
        assert {"version", "commit", "reminded_at"} <= set(asked["ExpressionAttributeNames"].values())
        assert len(asked["ExpressionAttributeValues"]) < 10
        assert after == kept.bookings.get("bk_1")

    @pytest.mark.parametrize("beside", [(), (samples.event(),)], ids=["single", "transaction"])
    def test_is_refused_over_any_other_row(self, kept, beside):
        """
        Changed meanwhile, or another row of the same version: a conflict, and nothing is written.
        """
        for rival in (1, 2):
            seen = kept.bookings.get("bk_1")
            row = raw(kept)
            other = {**row, "commit": {"S": "another"}, "version": {"N": str(seen.version + rival - 1)}}
            kept.database.connection.client.call("PutItem", {"TableName": kept.rows[0].Meta.table_name, "Item": other})

            assert Conflict(frozenset({"Booking"})) == kept.commit(Write(next_of(seen), seen.version), *map(Write, beside))
            assert raw(kept) == {name: value for name, value in other.items() if name != "commit"}

    @pytest.mark.parametrize("kind", ["unreachable", "conflict", "throttle", "timeout_before", "timeout_after"])
    @pytest.mark.parametrize("beside", [(), (samples.event(),)], ids=["single", "transaction"])
    def test_gets_over_a_passing_fault(self, kept, kind, beside):
        """
        Whatever befalls one try, the change is there once.
        """
        seen = kept.bookings.get("bk_1")
        with faults.at(kept, call=1, kind=kind) as fault:
            assert Committed() == kept.commit(Write(next_of(seen, reminded_at=LATER), seen.version), *map(Write, beside))

        assert fault.hit
        assert next_of(seen, reminded_at=LATER) == kept.bookings.get("bk_1")

    def test_is_whole_where_another_version_was_read_last(self, kept):
        """
        Read, and written from an older reading: the whole row, under the older reading's condition.
        """
        old = kept.bookings.get("bk_1")
        kept.commit(Write(next_of(old), old.version))
        kept.bookings.get("bk_1")

        assert Conflict(frozenset({"Booking"})) == kept.commit(Write(next_of(old, reminded_at=LATER), old.version))

    def test_keeps_what_a_younger_version_of_us_wrote_beside(self, kept):
        """
        An attribute that this version does not know stays.
        """
        table = kept.rows[0].Meta.table_name
        client = kept.database.connection.client
        client.call("PutItem", {"TableName": table, "Item": {**raw(kept), "commit": {"S": "c"}, "younger": {"S": "x"}}})
        seen = kept.bookings.get("bk_1")

        kept.commit(Write(next_of(seen), seen.version))

        assert {"S": "x"} == raw(kept)["younger"]


class TestSeenRows:
    def test_forget_the_oldest(self, kept):
        """
        No more than a thousand are kept; what was taken is kept no longer.
        """
        rows, bound = SeenRows(), kept.rows[0]
        made = [kept.kinds[0].to_row(bound, replace(samples.booking(), id=f"bk_{number}"), commit="c") for number in range(MOST + 1)]
        for row in made:
            rows.remember(row, row.as_raw())

        assert rows.take(made[0], version=1) is None
        assert rows.take(made[1], version=2) is None
        assert rows.take(made[2], version=samples.booking().version) is not None
        assert rows.take(made[2], version=samples.booking().version) is None
