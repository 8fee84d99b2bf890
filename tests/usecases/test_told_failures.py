"""
A life that fails is told as a story that an officer could follow: what was done, in the Order's words, and what came of it.
"""

import re

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from chalicelib.domain.bookings import Booking, Status
from tests.usecases.test_whole_order import Country

LINE = re.compile(r"^ {0,2}\d+\. \d\d Dec \d\d:\d\d  .+\((§|D)[\d, §D-]+\)$")
"""A step: its number, when, what was done, by which paragraph."""


class Spoiled(Country):
    """
    A country whose law is broken once somebody has cancelled.
    """

    @invariant()
    def nobody_cancels(self):
        """
        What does not hold.
        """
        assert not any(booking.status is Status.CANCELLED for booking in self.all(Booking)), "somebody cancelled"


def failure():
    """
    Let it fail: the story.
    """
    with pytest.raises(AssertionError, match="somebody cancelled") as failed:
        run_state_machine_as_test(
            Spoiled,
            settings=settings(
                max_examples=200,
                stateful_step_count=30,
                deadline=None,
                database=None,
                derandomize=True,
                print_blob=False,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
    notes = "\n".join(failed.value.__notes__)
    return notes[notes.index("What happened:") :].splitlines()[1:]


class TestFailure:
    def test_is_told_as_the_shortest_story_in_the_orders_words(self):
        """
        The people who were there, the one deed that mattered, and below each what followed, every line with its paragraph.
        """
        lines = failure()
        deeds = [line for line in lines if not line.startswith("       ")]
        followed = [line.strip() for line in lines if line.startswith("       ")]

        assert [] == [line for line in deeds if not LINE.match(line)]
        assert "cancels bk_" in deeds[-1]
        assert "(§28)" in deeds[-1]
        assert re.fullmatch(r"bk_\d: cancelled by user \(§28\)", followed[-1])
        assert any(re.fullmatch(r"bk_\d: confirmed NZH-\d{6}-14-01 by (user|provider) \(§20\)", line) for line in followed)
        assert ["cancels"] == [word for line in deeds for word in ("cancels", "is moved", "complains", "blocks") if word in line]
        assert len(deeds) <= 8
