"""
The room of personal data knows who is to be looked at, and forgets only those who are due still (D31).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.store.rows import shard_of
from chalicelib.usecases.ports import PersonRecord
from tests.fakes import faults
from tests.fakes.samples import NOW

LATER = NOW + timedelta(days=2)
ANNA = PersonRecord("per_1", "account", {"phone": "+77010000001"}, NOW)
BORIS = PersonRecord("per_2", "driver", {"name": "Борис"}, LATER)
CLARA = PersonRecord("per_3", "driver", {"name": "Клара"})


@pytest.fixture(params=["engine", "memory"])
def room(request):
    """
    The room on the real engine, and its stand-in, with three people.
    """
    made = request.getfixturevalue("people" if request.param == "engine" else "memory_people")
    made.claim(kind="phone", keyed_hash="ab", person=ANNA)
    made.put([BORIS, CLARA])
    return made


def due(room, until):
    """
    Name everybody who is due by a moment.
    """
    return sorted(id_ for shard in range(8) for id_ in room.due(shard=shard, until=until, limit=9))


@pytest.mark.rule("D31")
class TestRetentionRoom:
    def test_finds_who_is_due(self, room):
        """
        By now one, two days later two; who was put without a moment never is; a shard gives as many as asked for.
        """
        assert (["per_1"], ["per_1", "per_2"]) == (due(room, NOW), due(room, LATER))
        assert [] == room.due(shard=shard_of("per_1"), until=NOW - timedelta(seconds=1), limit=9)

    def test_keeps_the_moment_when_fields_are_written_anew(self, room):
        """
        A change of somebody's name leaves open whether he is needed.
        """
        room.put([replace(ANNA, fields={"phone": "+77010000001", "name": "Анна"}, look_at=None)])

        assert ["per_1"] == due(room, NOW)

    def test_postpones_or_never_asks_again(self, room):
        """
        Later means later, none means never; who is gone stays gone.
        """
        room.postpone("per_1", at=LATER)
        room.postpone("per_2", at=None)
        room.postpone("per_9", at=NOW)

        assert ([], ["per_1"]) == (due(room, NOW), due(room, LATER))
        assert set() == {"per_9"} & set(room.get_many(["per_9"], purpose="test"))

    def test_asks_later_of_who_is_claimed_again(self, room):
        """
        A second code for a phone keeps its person as long as the first one did; who is kept for good stays so.
        """
        assert "per_1" == room.claim(kind="phone", keyed_hash="ab", person=replace(ANNA, id="per_8", look_at=LATER))
        assert ([], ["per_1", "per_2"]) == (due(room, NOW), due(room, LATER))
        room.postpone("per_1", at=None)
        room.claim(kind="phone", keyed_hash="ab", person=replace(ANNA, id="per_8", look_at=LATER))
        assert ["per_2"] == due(room, LATER)

    def test_forgets_those_who_are_due_with_what_leads_to_them(self, room):
        """
        Who was postponed meanwhile, was never due, or is gone already is not counted; a forgotten phone can be claimed anew.
        """
        assert 1 == room.forget_due(["per_1", "per_2", "per_3", "per_9"], until=NOW)
        assert ({"per_2", "per_3"}, None) == (
            set(room.get_many(["per_1", "per_2", "per_3"], purpose="test")),
            room.find(kind="phone", keyed_hash="ab"),
        )
        assert "per_4" == room.claim(kind="phone", keyed_hash="ab", person=replace(ANNA, id="per_4"))

    @pytest.mark.parametrize("kind", ["throttle", "timeout_before", "timeout_after"])
    def test_forgets_whatever_one_call_comes_to(self, people, kind):
        """
        A try without an answer is tried again, and what it did is found done.
        """
        people.claim(kind="phone", keyed_hash="ab", person=ANNA)
        for call in (1, 2):
            with faults.at(people, call=call, kind=kind):
                people.forget_due(["per_1"], until=NOW)

        assert {} == people.get_many(["per_1"], purpose="test")
        assert people.find(kind="phone", keyed_hash="ab") is None
