"""
Residency × person: whose residency decides about which register, from the law's own lists (§19, D10), whatever the jurisdiction's data say.
"""

import itertools

import pytest

from chalicelib.domain.vehicles import Party
from chalicelib.domain.verification import checks_of
from chalicelib.jurisdictions import jurisdiction
from tests.fakes import samples

NON_RESIDENTS = ["1", "4", "5", "8", "10", "14", "15", "16", "17", "17-1", "17-2", "18"]
"""§19 (1), as printed in the Order."""
RESIDENTS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16", "17-1", "17-2", "18"]
"""§19 (2)."""
RESIDENTS_ARE_TOLD = ["10", "17"]
"""§19, the sentence after the lists."""
OWNER = ["2", "4", "6", "7", "8", "9", "10", "14", "15", "16", "17", "17-2", "18"]
DRIVER = ["3", "5", "11", "12", "13"]
USER = ["1", "10", "12", "17-1"]
"""D10."""
TRAILER = ["4", "14"]
"""D15: wanted and inspected is what a plate alone tells of a trailer; whose it is decides, as of the truck."""
EVERY = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "17-1", "17-2", "18"]
PEOPLE = list(itertools.product((True, False), repeat=4))


def found(*, owner, first, second, user):
    """
    List the checks of a booking whose people are residents or not: {(source, whose)}: whether it is a mere notice.
    """
    booking = samples.booking(
        owner=Party("o", resident=owner),
        drivers=(Party("a", resident=first), Party("b", resident=second)),
        user=Party("u", resident=user),
    )
    checks = checks_of(booking, jurisdiction().verification_sources(), inapplicable=lambda *_: False)
    return {(check.source, "owner" if check.subject == "vehicle" else check.subject): check.notice_only for check, _ in checks}


def due(source, resident):
    """
    Tell from the law's lists whether a person is asked about, and whether he is merely told: (asked, told).
    """
    if not resident:
        return source in NON_RESIDENTS, False
    return source in RESIDENTS or source in RESIDENTS_ARE_TOLD, source in RESIDENTS_ARE_TOLD


@pytest.mark.rule("19", "19.1", "19.2", "D10")
class TestMatrix:
    @pytest.mark.parametrize("source", EVERY)
    @pytest.mark.parametrize(("owner", "first", "second", "user"), PEOPLE)
    def test_asks_about_each_person_what_the_law_lists(self, source, owner, first, second, user):
        """
        Sixteen mixes of residents and others, twenty sources: each person is asked about by his own residency and by no one else's.
        """
        persons = {"owner": (owner, OWNER), "driver:0": (first, DRIVER), "driver:1": (second, DRIVER), "user": (user, USER)}
        persons["trailer"] = (owner, TRAILER)
        expected = {}
        for who, (resident, sources) in persons.items():
            asked, told = due(source, resident)
            if source in sources and asked:
                expected[source, who] = told

        asked_about = found(owner=owner, first=first, second=second, user=user)

        assert expected == {key: told for key, told in asked_about.items() if key[0] == source}

    def test_leaves_no_source_without_a_person(self):
        """
        D10 gives each of the twenty to somebody.
        """
        assert set(EVERY) == {*OWNER, *DRIVER, *USER}

    def test_counts_an_unknown_holder_as_the_owner(self):
        """
        A booking made before holders were told apart goes by its owner's residency.
        """
        booking = samples.booking(owner=Party("o", resident=False), user=None)

        assert booking.owner == booking.holder
