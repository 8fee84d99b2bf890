"""
Other intervals for a day on sale: only where nobody has taken a place, and first everything is withheld (D1, D3).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.capacity import DayBook
from chalicelib.domain.places import PlaceState
from chalicelib.domain.plans import DayPlan, Position
from chalicelib.domain.policies import CapacityRule
from chalicelib.domain.reshaping import Reshaping, Stage, fits, is_fixed, reshaping
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

PLAN = DayPlan(HERE, DAY, 60, 480, ("gg", "gg"))
AS_DRAWN = CapacityRule(4, 60, 480, 600)
HALVES = CapacityRule(4, 30, 480, 600)
EVERY = [Position(interval, index) for interval in (0, 1) for index in (1, 2)]


def book(states=None, *, plan=PLAN, now=NOW, **changes):
    """
    The day with places in some states, by position.
    """
    touched = {
        position: samples.place(day=plan.day, position=position, state=state, **changes) for position, state in (states or {}).items()
    }
    return DayBook(plan, touched, now, RULES)


@pytest.mark.rule("D1")
class TestFits:
    @pytest.mark.parametrize(
        ("rule", "fit"),
        [
            (AS_DRAWN, True),
            (HALVES, False),
            (replace(AS_DRAWN, opens=540, closes=660), False),
            (replace(AS_DRAWN, closes=660), False),
            (replace(HALVES, per_day=0), True),
            (replace(HALVES, days_off=("thu",)), True),
            (replace(AS_DRAWN, per_day=9), True),
        ],
    )
    def test_are_length_opening_and_number_of_intervals(self, rule, fit):
        """
        How many places there are is another matter; a day off has any intervals.
        """
        assert fit == fits(PLAN, rule)


@pytest.mark.rule("D3")
class TestFixed:
    @pytest.mark.parametrize(
        ("state", "fixed"), [(PlaceState.FREE, False), (PlaceState.SOLD, True), (PlaceState.HELD, True), (PlaceState.WITHHELD, False)]
    )
    def test_is_a_day_of_which_somebody_has_a_place(self, state, fixed):
        """
        Bought, or held while the hold runs.
        """
        assert fixed == is_fixed(book({EVERY[0]: PlaceState.FREE, EVERY[1]: state}))

    def test_is_a_day_that_has_begun(self):
        """
        Before its midnight it is not; a hold that ran out holds nothing.
        """
        midnight = RULES.midnight(DAY)

        assert [False, True, True] == [is_fixed(book(now=midnight + timedelta(minutes=each))) for each in (-1, 0, 1440)]
        assert not is_fixed(book({EVERY[0]: PlaceState.HELD}, hold_expires_at=NOW))


@pytest.mark.rule("D1", "D3")
class TestReshaping:
    def test_fences_first_then_draws_then_tidies(self):
        """
        Every place that is still on sale is withheld; once all are, the day is drawn; rows that the new day does not have go last.
        """
        some = dict.fromkeys(EVERY[1:], PlaceState.WITHHELD)
        free = {**some, EVERY[2]: PlaceState.FREE}
        gone = {Position(2, 1): PlaceState.WITHHELD, Position(0, 3): PlaceState.WITHHELD, Position(3, 1): PlaceState.FREE, **some}

        assert Reshaping(Stage.FENCE, EVERY) == reshaping(book(), HALVES)
        assert Reshaping(Stage.FENCE, EVERY[:1]) == reshaping(book(some), HALVES)
        assert Reshaping(Stage.FENCE, [EVERY[0], EVERY[2]]) == reshaping(book(free), HALVES)
        assert Reshaping(Stage.DRAW) == reshaping(book(dict.fromkeys(EVERY, PlaceState.WITHHELD)), HALVES)
        assert Reshaping(Stage.TIDY, [Position(2, 1), Position(0, 3)]) == reshaping(book(gone), AS_DRAWN)

    def test_leaves_alone_what_fits_or_stays(self):
        """
        Nothing to do; or somebody has a place.
        """
        assert reshaping(book({EVERY[0]: PlaceState.WITHHELD}), AS_DRAWN) is None
        assert reshaping(book({EVERY[0]: PlaceState.SOLD}), HALVES) is None
