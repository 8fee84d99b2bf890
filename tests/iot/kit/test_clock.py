import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from iot.kit.clock import BusinessClock

NOON = datetime(2026, 12, 3, 7, tzinfo=UTC)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "clock.json"


def clock_on(file):
    return BusinessClock(offset_file=file, wall=lambda: NOON)


class TestBusinessClock:
    def test_is_the_wall_clock_where_no_file_is_named_or_there(self, file):
        """
        A deployed gateway names none; one machine's file may not exist yet.
        """
        assert NOON == clock_on(None).now()
        assert NOON == clock_on(file).now()

    def test_follows_the_file_whenever_it_changes(self, file):
        """
        Written, replaced, and removed again.
        """
        clock = clock_on(file)
        for seconds in (90.5, -7200, 86400):
            beside = file.with_suffix(".new")
            beside.write_text(json.dumps({"offset_seconds": seconds}))
            beside.replace(file)
            assert NOON + timedelta(seconds=seconds) == clock.now()
        file.unlink()
        assert NOON == clock.now()

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"offset_seconds": "soon"}', "{}"])
    def test_keeps_what_it_knew_when_the_file_is_unreadable(self, file, text):
        """
        Half-written now, whole a moment later.
        """
        clock = clock_on(file)
        file.write_text('{"offset_seconds": 60}')
        assert NOON + timedelta(minutes=1) == clock.now()
        file.write_text(text)
        os.utime(file, ns=(1, 1))
        assert NOON + timedelta(minutes=1) == clock.now()
        file.write_text('{"offset_seconds": 120}')
        assert NOON + timedelta(minutes=2) == clock.now()
