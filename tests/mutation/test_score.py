"""
What the tests of the domain would notice: every change of a sign, a bound, a default, a word.
"""

import pytest

from tests.mutation.mutating import score

LEAST = 90


@pytest.mark.slow
@pytest.mark.timeout(3600)
class TestDomain:
    def test_notices_nine_mutants_of_ten(self):
        """
        At least 90 % of all mutants of `chalicelib/domain` fail a test; the rest are listed.
        """
        found = score()
        listed = "\n".join(found.survivors)

        print(f"{found.killed} of {found.mutants} mutants noticed ({found.percent:.1f} %); survivors:\n{listed}")  # noqa: T201
        assert found.percent >= LEAST, f"{found.percent:.1f} %:\n{listed}"
