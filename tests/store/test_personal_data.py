"""
The room for personal data: people under pseudonymous ids, one per keyed hash.
"""

import itertools
import threading

import pytest

from chalicelib.usecases.ports import PersonalDataUnavailableError, PersonRecord
from tests.fakes import faults

ANNA = PersonRecord("per_1", "account", {"name": "Анна", "phone": "+77010000001", "document": {"type": "passport", "n": 1}})
BORIS = PersonRecord("per_2", "driver", {"name": "Борис"})


@pytest.fixture(params=["engine", "memory"])
def room(request):
    """
    The room on the real engine, and its stand-in.
    """
    return request.getfixturevalue("people" if request.param == "engine" else "memory_people")


class TestPersonalData:
    def test_gives_back_what_was_put(self, room):
        """
        People come back by id, nested fields and all; unknown ids are left out.
        """
        room.put([ANNA, BORIS])

        assert {"per_1": ANNA, "per_2": BORIS} == room.get_many(["per_1", "per_2", "per_0"], purpose="test")
        assert {} == room.get_many([], purpose="test")

    def test_takes_more_people_than_one_transaction(self, room):
        """
        A long list is stored and erased in chunks.
        """
        crowd = [PersonRecord(f"per_{n}", "driver", {"n": n}) for n in range(120)]
        room.put(crowd)

        assert 120 == len(room.get_many([person.id for person in crowd], purpose="test"))
        room.erase([person.id for person in crowd])
        assert {} == room.get_many([person.id for person in crowd], purpose="test")

    def test_asks_for_a_purpose(self, room):
        """
        Nobody reads personal data without saying why.
        """
        with pytest.raises(ValueError, match="purpose"):
            room.get_many(["per_1"], purpose="")

    def test_gives_a_hash_to_the_first_who_claims_it(self, room):
        """
        The id already there wins, and the later person is not stored.
        """
        assert "per_1" == room.claim(kind="phone", keyed_hash="ab", person=ANNA)
        assert "per_1" == room.claim(kind="phone", keyed_hash="ab", person=BORIS)
        assert "per_1" == room.find(kind="phone", keyed_hash="ab")
        assert room.find(kind="iin", keyed_hash="ab") is None
        assert {} == room.get_many(["per_2"], purpose="test")

    def test_gives_a_hash_to_one_of_many_at_once(self, room):
        """
        Sixteen claims of one hash at the same moment agree on one person.
        """
        gate, won = threading.Barrier(16), []

        def claim(number):
            gate.wait()
            won.append(room.claim(kind="phone", keyed_hash="ab", person=PersonRecord(f"per_{number}", "account", {})))

        crew = [threading.Thread(target=claim, args=(number,)) for number in range(16)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()

        assert 16 == len(won)
        assert 1 == len(set(won))
        assert 1 == len(room.get_many([f"per_{number}" for number in range(16)], purpose="test"))

    def test_stays_claimed_when_its_fields_change(self, room):
        """
        A put over a claimed person changes the fields; erasing still takes the lookup along.
        """
        room.claim(kind="phone", keyed_hash="ab", person=ANNA)
        room.put([PersonRecord("per_1", "account", {"name": "Аня"})])

        assert {"name": "Аня"} == room.get_many(["per_1"], purpose="test")["per_1"].fields
        room.erase(["per_1", "per_9"])
        assert room.find(kind="phone", keyed_hash="ab") is None
        assert {} == room.get_many(["per_1"], purpose="test")


class TestPersonalDataUnderFaults:
    @pytest.mark.parametrize("kind", ["unreachable", "throttle", "conflict", "timeout_before", "timeout_after"])
    def test_gets_over_a_fault_at_each_call(self, people, kind):
        """
        Claim, put, read and erase end the same with a passing fault at any of their calls.
        """
        for call in itertools.count(1):
            with faults.at(people, call=call, kind=kind) as fault:
                assert "per_1" == people.claim(kind="phone", keyed_hash="ab", person=ANNA)
                people.put([BORIS])
                assert {"per_1": ANNA, "per_2": BORIS} == people.get_many(["per_1", "per_2"], purpose="test")
                people.erase(["per_1", "per_2"])
                assert people.find(kind="phone", keyed_hash="ab") is None
            if not fault.hit:
                break

        assert call > 6

    def test_says_when_it_is_unavailable(self, people):
        """
        A room that does not answer is an error of its own, so that the queue goes on without it.
        """
        for act in (lambda: people.put([ANNA]), lambda: people.get_many(["per_1"], purpose="test")):
            with faults.at(people, call=1, kind="unreachable", lasting=99), pytest.raises(PersonalDataUnavailableError):
                act()
