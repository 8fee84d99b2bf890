"""
As whom an account's holder applies: owner or named driver, by what is proved about him (§3, D10).
"""

import pytest

from chalicelib.domain.holders import acts_as, counts_as_resident
from chalicelib.domain.vehicles import Party
from tests.fakes import samples

OWNER = {"iin": "850615300129", "name": "A"}
COMPANY = {"bin": "990140000123", "name": "LLP"}
DRIVERS = ({"iin": "880101300123", "phone": "+77011234567"}, {"document": {"number": "N1"}, "phone": "+86130"})


@pytest.mark.rule("3", "D10")
class TestHolder:
    @pytest.mark.parametrize(
        ("proven", "phone", "owner", "expected"),
        [
            pytest.param({"iin": "850615300129"}, None, OWNER, "owner", id="the owner by IIN"),
            pytest.param({"bin": "990140000123"}, None, COMPANY, "owner", id="the owner by BIN"),
            pytest.param({"iin": "880101300123"}, None, COMPANY, "driver:0", id="a driver by IIN"),
            pytest.param({"iin": "010101500999"}, None, COMPANY, "member", id="a person for a company"),
            pytest.param({"bin": "010140000999"}, None, COMPANY, None, id="a company for a company"),
            pytest.param({"iin": "010101500999"}, "+77011234567", OWNER, None, id="somebody else, whatever his phone"),
            pytest.param({"bin": "010140000999"}, None, OWNER, None, id="another company"),
            pytest.param({}, "+77011234567", OWNER, "driver:0", id="unproven, a driver's phone"),
            pytest.param({}, "+86130", OWNER, "driver:1", id="unproven, a foreign driver's phone"),
            pytest.param({}, "+77770000000", OWNER, "owner", id="unproven, nobody's phone"),
            pytest.param({}, None, {"name": "Li"}, "owner", id="unproven, no phone known"),
        ],
    )
    def test_is_owner_or_named_driver(self, proven, phone, owner, expected):
        """
        IIN or BIN decide once proved; before that the phone, else he says that he is the owner and source 1 is asked about him.
        """
        assert expected == acts_as(proven=proven, phone=phone, owner=owner, drivers=DRIVERS)

    def test_without_numbers_is_nobody_s_double(self):
        """
        Two people without IIN are not the same for both lacking one.
        """
        assert acts_as(proven={"iin": "850615300129"}, phone=None, owner={"name": "Li"}, drivers=()) is None

    @pytest.mark.rule("19")
    @pytest.mark.parametrize(
        ("account", "proven", "person", "resident"),
        [
            (True, True, False, True),
            (True, False, False, False),
            (True, False, True, True),
            (False, True, True, False),
            (False, False, True, False),
        ],
    )
    def test_has_the_account_s_residency_once_proved(self, account, proven, person, resident):
        """
        A proved account says who is a resident; an unproved one that says nothing else takes it from the person applied as.
        """
        assert resident == counts_as_resident(account=account, proven=proven, person=person)

    def test_is_found_among_the_people_of_a_booking(self):
        """
        `acting` is the owner or driver applied as; a driver who is no longer there leaves the owner.
        """
        booking = samples.booking(acts_as="driver:1", user=Party("u", resident=True))

        assert booking.drivers[1] == booking.acting
        assert booking.owner == samples.booking(acts_as="driver:7").acting == samples.booking().acting
