import subprocess
import sys

from chalicelib.jurisdictions import jurisdiction

COLD = """
import time
from chalicelib.jurisdictions import jurisdiction
best = 1.0
for _ in range(5):
    jurisdiction.cache_clear()
    started = time.perf_counter()
    jurisdiction()
    best = min(best, time.perf_counter() - started)
print(best)
"""


class TestJurisdiction:
    def test_loads_once(self):
        """
        The same values are given to everybody in the process.
        """
        assert jurisdiction() is jurisdiction()

    def test_loads_in_thirty_milliseconds(self):
        """
        Measured in a process of its own, best of five: cold starts bear it.
        """
        best = subprocess.run([sys.executable, "-c", COLD], check=True, capture_output=True, text=True).stdout

        assert float(best) < 0.030

    def test_is_kazakhstan(self):
        """
        Zone, currency and languages of the Order.
        """
        kazakhstan = jurisdiction()

        assert ("Asia/Almaty", "KZT", ("kk", "ru", "en")) == (kazakhstan.zone.key, kazakhstan.currency, kazakhstan.languages)
