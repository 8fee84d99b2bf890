import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from iot.plate_reader import read
from iot.plate_reader.images import NotAPictureError, decode, photograph
from tests.iot.plate_reader.garbage import mutated, whole_files

ROOT = Path(__file__).resolve().parents[3]
MEGABYTES = 400
"""More than the largest picture that is taken needs: 24 million pixels as stored, unpacked and upright."""


def decoded(data):
    """
    The picture, or none where it was refused in words.
    """
    try:
        picture = decode(data)
    except NotAPictureError:
        return None
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    assert photograph(data, picture).jpeg
    return picture


def fuzz(count, *, seed, read_each=0):
    """
    Decode so many damaged files, and read the picture of some; gives how many were refused, and the most CPU seconds that one took.
    """
    files, refused, slowest = whole_files(), 0, 0.0
    for number in range(count):
        data = mutated(files, np.random.default_rng((seed, number)))
        began = time.process_time()
        picture = decoded(data)
        took = time.process_time() - began
        refused += picture is None
        slowest = max(slowest, took if picture is None else 0.0)
        if picture is not None and read_each and number % read_each == 0:
            assert isinstance(read(picture), list)
    return refused, slowest


class TestFuzz:
    def test_whole_files_of_every_kind_are_pictures(self):
        """
        What is damaged below is good before.
        """
        assert all(decoded(data) is not None for data in whole_files())

    def test_five_hundred_damaged_files_are_pictures_or_refused(self):
        """
        Nothing else comes out, and refusing takes less than a tenth of a second of the processor.
        """
        refused, slowest = fuzz(500, seed=1)
        assert 100 < refused < 500
        assert slowest < 0.1

    @pytest.mark.slow
    def test_ten_thousand_damaged_files_take_bounded_memory(self):
        """
        In a process that may not have more; a share of the pictures goes through the reader as well.
        """
        script = (
            "import resource\n"
            "from tests.iot.plate_reader.test_fuzz import MEGABYTES, fuzz\n"
            "fuzz(20, seed=3, read_each=1)\n"
            "held = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
            "resource.setrlimit(resource.RLIMIT_AS, (held + MEGABYTES * 2**20,) * 2)\n"
            "refused, slowest = fuzz(10_000, seed=2, read_each=50)\n"
            "assert 2_000 < refused < 10_000, refused\n"
            "assert slowest < 0.1, slowest\n"
        )
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, done.stderr[-2000:]
