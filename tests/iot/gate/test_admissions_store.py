import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iot.gate import admissions_store
from iot.gate.admissions_store import AdmissionsStore, UnableToAcceptListError
from iot.kit.database import Database
from iot.kit.signatures import Verifier
from tests.iot.gate.lists import CHECKPOINT, NOON, Signer, admission

SIGNER = Signer()
LIST = [admission(f"{number}ABC02") for number in range(100, 110)]


def open_store(path):
    database = Database(path=path, schema=admissions_store.SCHEMA)
    return AdmissionsStore(database=database, verifier=Verifier(keys=SIGNER.keys), checkpoint=CHECKPOINT)


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path / "gate.db")


def take_all(store, parts):
    return [store.take(part) for part in parts]


def held(store):
    return store.current.version, [one.plate for one in store.current.admissions]


PLATES = [one.plate for one in LIST]


class TestTake:
    def test_switches_when_the_last_part_is_there(self, store):
        """
        Not before, and then to just what was signed.
        """
        assert [False, False, True] == take_all(store, SIGNER.parts(LIST, version=3, parts=3))
        assert (3, tuple(LIST), NOON + timedelta(hours=72)) == (store.current.version, store.current.admissions, store.current.valid_until)

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(seed=st.integers(0, 10**6), parts=st.integers(1, 6))
    def test_takes_parts_in_any_order_and_any_number_of_times(self, tmp_path, seed, parts):
        """
        MQTT repeats and reorders, and two versions may be under way at once: the newer list is in force at the end.
        """
        chance = random.Random(seed)
        store = open_store(tmp_path / f"{seed}-{parts}.db")
        under_way = SIGNER.parts(LIST[:5], version=3, parts=parts) * 2 + SIGNER.parts(LIST, version=4, parts=parts) * 2
        chance.shuffle(under_way)
        assert 1 <= sum(take_all(store, under_way)) <= 2
        assert (4, PLATES) == held(store)

    def test_keeps_list_and_parts_over_a_restart(self, store, tmp_path):
        """
        Half a list before the crash and half after it are a list.
        """
        take_all(store, SIGNER.parts(LIST[:2], version=1))
        first, second = SIGNER.parts(LIST, version=2, parts=2)
        store.take(first)
        again = open_store(tmp_path / "gate.db")
        assert (1, PLATES[:2]) == held(again)
        assert again.take(second)
        assert (2, PLATES) == held(open_store(tmp_path / "gate.db"))

    def test_never_goes_back(self, store):
        """
        An older list, or the same version with other words, changes nothing.
        """
        take_all(store, SIGNER.parts(LIST, version=5))
        assert [False] == take_all(store, SIGNER.parts(LIST[:1], version=4))
        assert [False] == take_all(store, SIGNER.parts(LIST[:1], version=5))
        assert (5, PLATES) == held(store)

    def test_takes_an_empty_list(self, store):
        """
        Nobody expected is a list too.
        """
        assert [True] == take_all(store, SIGNER.parts([], version=1))
        assert (1, []) == held(store)


class TestRefusal:
    @pytest.mark.parametrize(
        "wrong",
        [
            lambda part: replace(part, text=part.text.replace("100ABC02", "666ABC02")),
            lambda part: replace(part, token=Signer().parts(LIST, version=2)[0].token),
            lambda part: replace(part, token=SIGNER.parts(LIST, version=2, checkpoint="korday")[0].token),
            lambda part: replace(part, token=SIGNER.parts(LIST, version=2, sha256="0" * 64)[0].token),
            lambda part: replace(part, token=SIGNER.token({"version": 2})),
            lambda part: replace(part, token="nonsense"),
            lambda part: replace(part, version=3),
            lambda part: replace(part, index=1),
            lambda part: replace(part, index=-1),
            lambda part: replace(part, parts=2),
            lambda part: replace(part, text="x" * 90_001),
        ],
        ids=["text", "signature", "checkpoint", "hash", "manifest", "token", "version", "index", "negative", "parts", "length"],
    )
    def test_of_anything_that_does_not_hold_keeps_the_list_in_force(self, store, wrong):
        """
        Signature, hash, checkpoint, version and shape, each alone; the true part is still welcome afterwards.
        """
        take_all(store, SIGNER.parts(LIST[:1], version=1))
        part = SIGNER.parts(LIST, version=2)[0]
        with pytest.raises(UnableToAcceptListError):
            store.take(wrong(part))
        assert (1, PLATES[:1]) == held(store)
        assert store.take(part)

    def test_of_a_signed_list_that_is_no_list(self, store):
        """
        A signature does not make an admission of anything.
        """
        with pytest.raises(UnableToAcceptListError, match="unreadable"):
            take_all(store, SIGNER.parts([{"plate": "123ABC02"}], version=1))
        assert (0, []) == held(store)


class TestHearOf:
    def test_knows_that_it_is_behind_a_newer_manifest(self, store):
        """
        The shadow names a version; a forged one does not count.
        """
        take_all(store, SIGNER.parts(LIST, version=2))
        assert not store.behind
        store.hear_of(SIGNER.parts(LIST, version=2)[0].token)
        assert not store.behind
        with pytest.raises(UnableToAcceptListError):
            store.hear_of(Signer().parts(LIST, version=9)[0].token)
        assert not store.behind
        store.hear_of(SIGNER.parts(LIST, version=3)[0].token)
        assert store.behind
