from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from chalicelib.api.recent import Recent

NOW = datetime(2026, 12, 3, 14, tzinfo=UTC)


class TestRecent:
    def test_keeps_for_its_span_and_not_over_a_moved_clock(self):
        """
        A value is made again when it is old, or when the clock has been moved either way.
        """
        made = []
        recent = Recent(span=timedelta(seconds=2))

        def make():
            made.append(1)
            return len(made)

        moments = [timedelta(), timedelta(seconds=1), timedelta(seconds=2), timedelta(days=1), timedelta(seconds=-5)]
        assert [1, 1, 2, 3, 4] == [recent.get("a", now=NOW + moment, make=make)[0] for moment in moments]
        assert (5, NOW) == recent.get("b", now=NOW, make=make)

    def test_is_made_once_for_many_who_wait(self):
        """
        Threads that ask at once get what the first of them makes.
        """
        made = []
        recent = Recent(span=timedelta(seconds=2))
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: recent.get("a", now=NOW, make=lambda: made.append(1) or "x"), range(32)))

        assert ([1], {("x", NOW)}) == (made, set(found))

    def test_forgets_the_least_used(self):
        """
        It never keeps more than it may.
        """
        recent = Recent(span=timedelta(seconds=2), most=2)
        for key in ("a", "b", "c"):
            recent.get(key, now=NOW, make=lambda: "old")

        assert "new" == recent.get("a", now=NOW, make=lambda: "new")[0]
        assert "old" == recent.get("c", now=NOW, make=lambda: "new")[0]
