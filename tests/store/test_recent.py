from datetime import date

import pytest

from chalicelib.domain.places import Place, PlaceState
from chalicelib.domain.plans import PlaceClass, Position, draw_plan
from chalicelib.store.recent import ForgettingCommitter, RecentPlaces
from chalicelib.usecases.ports import Write

DAY = date(2026, 12, 3)
PLAN = draw_plan(checkpoint="nur-zholy", day=DAY, capacity=24, interval_minutes=60, opens=0, closes=1440, ceilings={})
PLACE = Place("nur-zholy", DAY, Position(0, 1), PlaceClass.GENERAL, PlaceState.FREE, secondary=False, sales=0, version=1)


@pytest.fixture
def seconds():
    return [100.0]


@pytest.fixture
def recent(store, seconds):
    return RecentPlaces(store.places, monotonic=lambda: seconds[0])


class TestRecentPlaces:
    def test_keeps_what_was_read_for_a_second(self, store, recent, seconds):
        """
        Another process's change is seen after a second at the latest, consistent reads see it at once.
        """
        assert {} == recent.touched("nur-zholy", DAY, consistent=False)
        store.commit(Write(PLACE))
        assert {} == recent.touched("nur-zholy", DAY, consistent=False)
        assert {PLACE.position: PLACE} == recent.touched("nur-zholy", DAY, consistent=True)
        seconds[0] += 1.0
        assert {PLACE.position: PLACE} == recent.touched("nur-zholy", DAY, consistent=False)

    def test_shows_at_once_what_this_process_wrote(self, store, recent):
        """
        A buyer who took a place sees it gone.
        """
        assert recent.plan("nur-zholy", DAY) is None
        assert {} == recent.touched("nur-zholy", DAY, consistent=False)
        committer = ForgettingCommitter(store, recent=recent)
        committer.commit(Write(PLAN), Write(PLACE))
        assert PLAN == recent.plan("nur-zholy", DAY)
        assert {PLACE.position: PLACE} == recent.touched("nur-zholy", DAY, consistent=False)
