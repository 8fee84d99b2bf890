"""
How far a long walk has come: it goes on where it was, and begins anew for something else.
"""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.progress import Progress, mark_of
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW


class TestProgress:
    def test_counts_every_chunk_and_ends(self):
        """
        Begun, two chunks, done; each is a version.
        """
        begun = Progress("follow").start("ab")
        half = begun.further(cursor="k", looked=10, changed=3, at=NOW)
        done = half.further(cursor=None, looked=5, changed=1, at=NOW + timedelta(minutes=1))

        assert Progress("follow", "ab", "", 0, 0, None, 0) == begun
        assert Progress("follow", "ab", "k", 10, 3, NOW, 1) == half
        assert Progress("follow", "ab", None, 15, 4, NOW + timedelta(minutes=1), 2) == done
        assert [False, False, True] == [each.is_done("ab") for each in (begun, half, done)]

    def test_of_another_thing_begins_anew(self):
        """
        The same goes on as it was; another is counted from nothing and is not done because the last one was.
        """
        done = Progress("follow", "ab", None, 15, 4, NOW, 7)

        assert done is done.start("ab")
        assert not done.is_done("cd")
        assert Progress("follow", "cd", "", 0, 0, NOW, 7) == done.start("cd")


class TestMark:
    def test_is_one_for_equal_figures_and_another_for_others(self):
        """
        However a set was put together; any figure that differs makes another.
        """
        again = replace(RULES, winter_months=frozenset(sorted(RULES.winter_months, reverse=True)))

        assert mark_of(RULES) == mark_of(again)
        assert 16 == len(mark_of(RULES))
        assert mark_of(RULES) not in {
            mark_of(replace(RULES, horizon_days=89)),
            mark_of(replace(RULES, winter_months=frozenset({11, 12, 1, 2}))),
            mark_of(replace(RULES, complaint_term=timedelta(days=91))),
        }
