"""
`python -m local.story`: zero only when every chapter was seen.
"""

import os
import re
import subprocess
import sys
from datetime import timedelta

import httpx
import pytest

from local.supervisor.layout import ROOT
from tests.journey.checkpoint import Checkpoint

CHAPTERS = 17

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


def tell(state):
    """
    Tell the story on a state folder: exit status and what was printed.
    """
    environment = {**os.environ, "STATE": str(state), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "local.story"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    return done.returncode, done.stdout + done.stderr


class TestStory:
    def test_tells_every_chapter_with_what_was_seen(self, system):
        """
        Exit status 0; each chapter has its seconds, most an event id; paths of pass, photographs and settlement file exist; totals at the end.
        """
        status, said = tell(system.state)

        assert 0 == status, said
        assert CHAPTERS == len(re.findall(r"^  ✓ .+? +\d+\.\d s  \S", said, re.MULTILINE))
        assert len(re.findall(r"^ +event nur-zholy\.\d{4}-\d\d-\d\d\.\w+\.\d{6}$", said, re.MULTILINE)) >= 10
        for what in ("pass", "wa-in", "wa-out", "entry-1", "exit-1", "settlement"):
            path = re.search(rf"^    {what} +(/\S+)$", said, re.MULTILINE)[1]
            assert os.path.getsize(path) > 0  # noqa: PTH202 - a path as it was printed
        assert re.search(r"^    wallet +available 86 500 ₸, held 0 ₸$", said, re.MULTILINE)

    def test_sees_a_barrier_that_is_up_already(self, system):
        """
        As in a convoy: the boom is still held open for a vehicle ahead, so that no move is journaled; the story sees it stand open.
        """
        with Checkpoint(system) as checkpoint:
            journey = checkpoint.journey()
            for name, chapter in journey.chapters():
                if name == "camera: at the gate":
                    checkpoint.door.skip_to(journey.slot - timedelta(minutes=25))
                    checkpoint.order("entry-1", command="open", ground="service_vehicle", reason="A truck ahead")
                    checkpoint.until(lambda: checkpoint.barrier("entry-1") == "open", what="up")
                seen = chapter()
                if name == "barrier":
                    assert "open" in seen.what
                    break

    def test_fails_where_a_chapter_was_not_seen(self, system):
        """
        A register refuses: the story stops at that chapter, says which and why, and exits with 1.
        """
        httpx.put(f"{system.base}/local/registries/2", json={"mode": "fail"}, timeout=10).raise_for_status()
        try:
            status, said = tell(system.state)
        finally:
            httpx.put(f"{system.base}/local/registries/2", json={"mode": "pass"}, timeout=10).raise_for_status()

        assert 1 == status
        assert re.search(r"^  ✗ registers asked .*refused", said, re.MULTILINE), said
        assert "Traceback" not in said

    def test_says_that_nothing_runs(self, tmp_path):
        """
        Without a system the story names the way to start one, and exits with 1.
        """
        status, said = tell(tmp_path)

        assert 1 == status
        assert "make run" in said
