"""
A register learns exactly what its source needs about exactly its subject (§18, D10).
"""

import dataclasses

import pytest

from chalicelib.domain.questions import TRIP, keys_of
from chalicelib.domain.vehicles import Cargo, Party
from chalicelib.domain.verification import Check, checks_of
from chalicelib.gateways.registries.relay import REGISTERS
from chalicelib.jurisdictions import jurisdiction
from tests.fakes import samples

PEOPLE = {
    "per_1": {"bin": "990140000123", "name": "LLP"},
    "per_2": {"iin": "880101300123", "phone": "+77", "name": "A", "document": {"number": "N1"}, "email": "x"},
    "per_3": {"phone": "+86", "name": "Li", "document": {"number": "E2"}},
    "per_9": {"phone": "+70", "name": "U"},
}
BOOKING = samples.booking(user=Party("per_9", resident=True))
SOURCES = jurisdiction().sources.by_id


def told(source, subject, booking=BOOKING):
    """
    Say what a source learns about a subject beyond the vehicle.
    """
    keys = keys_of(booking, Check(source, subject, keys=SOURCES[source].keys), PEOPLE)
    return {name: value for name, value in keys.items() if name not in TRIP}


@pytest.mark.rule("18", "D10")
class TestQuestions:
    @pytest.mark.parametrize(
        ("source", "subject", "expected"),
        [
            ("1", "user", {"bin": "990140000123"}),
            ("2", "vehicle", {"bin": "990140000123"}),
            ("3", "driver:0", {"iin": "880101300123", "category": "CE"}),
            ("4", "vehicle", {}),
            ("5", "driver:0", {"iin": "880101300123"}),
            ("5", "driver:1", {"document": "E2"}),
            ("7", "vehicle", {"bin": "990140000123", "neighbor_country": "CN"}),
            ("8", "vehicle", {}),
            ("9", "owner", {"bin": "990140000123"}),
            ("10", "owner", {"bin": "990140000123"}),
            ("11", "driver:0", {"iin": "880101300123"}),
            ("12", "driver:0", {"iin": "880101300123"}),
            ("13", "driver:0", {"iin": "880101300123", "phone": "+77"}),
            ("14", "vehicle", {}),
            ("15", "vehicle", {"declaration": "X1"}),
            ("16", "vehicle", {"declaration": "X1"}),
            ("17", "vehicle", {}),
            ("17-2", "vehicle", {}),
            ("18", "vehicle", {}),
        ],
    )
    def test_carry_the_least_that_answers_them(self, source, subject, expected):
        """
        An IIN makes a document and a name superfluous; no phone but to the database of mobile citizens; no person with the vehicle's.
        """
        assert expected == told(source, subject)

    def test_about_a_holder_who_is_a_driver_carry_that_driver_s_keys(self):
        """
        Whoever applied as a driver is asked about by the driver's IIN, a foreigner by his document.
        """
        resident, foreigner = (dataclasses.replace(BOOKING, acts_as=f"driver:{index}") for index in (0, 1))

        assert {"iin": "880101300123"} == told("1", "user", resident)
        assert {"document": "E2"} == told("1", "user", foreigner)

    def test_about_a_foreign_owner_without_number_carry_his_name(self):
        """
        Where there is neither IIN nor document, the name is all there is.
        """
        booking = dataclasses.replace(BOOKING, owner=Party("per_9", resident=False))

        assert {"name": "U"} == told("1", "user", booking)

    def test_name_the_licence_category_that_the_combination_needs(self):
        """
        CE with a trailer, C without.
        """
        assert "C" == told("3", "driver:0", dataclasses.replace(BOOKING, trailer=None, cargo=Cargo("general")))["category"]

    def test_are_typed_as_the_law_s_table_says(self):
        """
        Every register's question has exactly the keys of its source, each source a class of its own.
        """
        registers = {source: register for source, register in REGISTERS.items() if source != "consent"}
        for source, register in registers.items():
            assert {field.name for field in dataclasses.fields(register.question)} == set(SOURCES[source].keys), source
        for kind in ("question", "reply"):
            assert len({getattr(register, kind) for register in REGISTERS.values()}) == len(REGISTERS)

    def test_lack_nothing_for_any_kind_of_person(self):
        """
        Resident or not, owner, driver or holder: each question that is due can be written.
        """
        booking = dataclasses.replace(BOOKING, drivers=(Party("per_2", resident=True), Party("per_3", resident=False)))
        checks = checks_of(booking, jurisdiction().verification_sources(), inapplicable=lambda *_: False)

        assert [] == [
            check
            for check, _ in checks
            if check.source in REGISTERS and REGISTERS[check.source].ask(keys_of(booking, check, PEOPLE)) is None
        ]
