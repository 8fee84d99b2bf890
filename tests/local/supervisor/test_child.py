"""
A process kept alive: back after any death, gone after `stop`, never in between.
"""

import os
import signal
import subprocess
import sys
import time

import pytest

from local.supervisor.child import Child

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAD_AT_ONCE = [sys.executable, "-c", "raise SystemExit(3)"]
BACK_S = 5.0


def until(holds, seconds=BACK_S):
    """
    Wait until something holds: what it gave.
    """
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def alive(pid):
    """
    Whether a process of ours runs.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def keep(tmp_path):
    """
    Children of one test, stopped at its end.
    """
    kept = []

    def start(command, **options):
        child = Child(name="part", command=command, environment=dict(os.environ), log=tmp_path / "part.log", **options)
        kept.append(child)
        child.start()
        return child

    yield start
    for child in kept:
        child.stop()


class TestChild:
    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
    def test_is_back_after_any_death(self, keep, number):
        """
        Whatever signal ended it, another process takes its place at once.
        """
        child = keep(SLEEPER)
        first = child.pid
        os.kill(first, number)

        assert first != until(lambda: child.pid not in {None, first} and child.pid)
        assert 1 == child.restarts

    def test_is_gone_after_stop(self, keep):
        """
        Stopped is stopped: the process has ended and no other came.
        """
        child = keep(SLEEPER)
        pid = child.pid
        child.stop()

        assert not alive(pid)
        assert child.pid is None

    def test_does_not_come_back_when_stopped_between_two_lives(self, keep):
        """
        Stop in the pause after a death starts nothing and returns at once.
        """
        child = keep(DEAD_AT_ONCE)
        until(lambda: child.restarts >= 1)
        since = time.monotonic()
        child.stop()
        restarts = child.restarts
        time.sleep(0.5)

        assert time.monotonic() - since < 3
        assert (None, restarts) == (child.pid, child.restarts)

    def test_rests_longer_the_oftener_it_dies_at_once(self, keep):
        """
        A part that cannot live is not tried hundreds of times.
        """
        child = keep(DEAD_AT_ONCE)
        time.sleep(2.5)

        assert 2 <= child.restarts <= 5

    def test_follows_up_each_restart_until_that_is_done(self, keep):
        """
        What must follow a restart and fails is tried again; the first start has none.
        """
        tries = []

        def provision():
            tries.append(len(tries))
            if len(tries) < 3:
                raise OSError("not yet")

        child = keep(SLEEPER, after_restart=provision)
        assert [] == tries
        os.kill(child.pid, signal.SIGKILL)
        until(lambda: len(tries) == 3)
        time.sleep(0.3)

        assert 3 == len(tries)

    def test_comes_back_while_its_follow_up_hangs(self, keep):
        """
        Killed again while the follow-up of its first restart has not returned: it is back all the same.
        """
        child = keep(SLEEPER, after_restart=lambda: time.sleep(4))
        for _ in range(2):
            pid = child.pid
            os.kill(pid, signal.SIGKILL)
            until(lambda pid=pid: child.pid not in {None, pid})

        assert 2 == child.restarts

    def test_dies_with_whoever_keeps_it(self, tmp_path):
        """
        SIGKILL of the keeping process takes the kept one along.
        """
        code = (
            "import os, sys, time; from pathlib import Path; from local.supervisor.child import Child\n"
            f"child = Child(name='part', command={SLEEPER!r}, environment=dict(os.environ), log=Path({str(tmp_path / 'log')!r}))\n"
            "child.start(); print(child.pid, flush=True); time.sleep(600)"
        )
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as keeper:
            pid = int(keeper.stdout.readline())
            assert alive(pid)
            keeper.kill()
            keeper.wait()
        until(lambda: not alive(pid))
