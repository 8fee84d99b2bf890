import subprocess
import sys

from chalicelib.jurisdictions import jurisdiction

COLD = """
import time
from chalicelib.jurisdictions import jurisdiction
spent = []
for _ in range(7):
    jurisdiction.cache_clear()
    started = time.process_time()
    jurisdiction()
    spent.append(time.process_time() - started)
print(sorted(spent)[3])
"""


class TestJurisdiction:
    def test_loads_once(self):
        """
        The same values are given to everybody in the process.
        """
        assert jurisdiction() is jurisdiction()

    def test_loads_in_thirty_milliseconds(self):
        """
        The processor's, in a process of its own, the median of seven: cold starts bear it.
        """
        median = subprocess.run([sys.executable, "-c", COLD], check=True, capture_output=True, text=True).stdout

        assert float(median) < 0.030

    def test_is_kazakhstan(self):
        """
        Zone, currency and languages of the Order.
        """
        kazakhstan = jurisdiction()

        assert ("Asia/Almaty", "KZT", ("kk", "ru", "en")) == (kazakhstan.zone.key, kazakhstan.currency, kazakhstan.languages)
