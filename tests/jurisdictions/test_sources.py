import pytest

from chalicelib.jurisdictions import LANGUAGES, jurisdiction
from chalicelib.jurisdictions.sources import Applies, Person, Phase

SOURCES = jurisdiction().sources
ALL = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "17-1", "17-2", "18"]


@pytest.mark.rule("18")
class TestSources:
    def test_are_the_twenty_of_the_order(self):
        """
        In the Order's sequence, with the three that amendments added.
        """
        assert ALL == list(SOURCES.by_id)

    def test_are_named_in_three_languages(self):
        """
        The user sees which register is silent, in his language.
        """
        assert all(source.names[language].strip() for source in SOURCES.by_id.values() for language in LANGUAGES)

    @pytest.mark.rule("D11")
    def test_leave_the_deposit_and_the_trip_for_later(self):
        """
        17-1 is our own ledger, 17-2 and 18 concern the trip: all others are asked before the place.
        """
        assert {"17-1", "17-2", "18"} == {source.id for source in SOURCES.by_id.values() if source.phase is Phase.LATER}
        assert ["17-1"] == [source.id for source in SOURCES.by_id.values() if source.ledger]

    @pytest.mark.rule("D11")
    def test_name_those_asked_again_before_the_slot(self):
        """
        Wanted vehicle, wanted driver and insurance again 24 h before, and the papers of goods.
        """
        assert {"4", "5", "8", "15", "16"} == {source.id for source in SOURCES.by_id.values() if source.recheck}


@pytest.mark.rule("19")
class TestResidency:
    def test_asks_for_non_residents_what_the_order_lists(self):
        """
        §19 (1), number by number.
        """
        asked = {source.id for source in SOURCES.by_id.values() if source.applies(resident=False) is Applies.CHECK}

        assert {"1", "4", "5", "8", "10", "14", "15", "16", "17", "17-1", "17-2", "18"} == asked

    def test_asks_for_residents_what_the_order_lists(self):
        """
        §19 (2), number by number.
        """
        asked = {source.id for source in SOURCES.by_id.values() if source.applies(resident=True) is Applies.CHECK}

        assert {*(str(number) for number in range(1, 10)), *(str(number) for number in range(11, 17)), "17-1", "17-2", "18"} == asked

    def test_merely_tells_residents_of_fines_and_tolls(self):
        """
        10 and 17 send residents a notice and never refuse them.
        """
        assert {"10", "17"} == {source.id for source in SOURCES.by_id.values() if source.applies(resident=True) is Applies.NOTICE}

    @pytest.mark.rule("D10")
    @pytest.mark.parametrize(
        ("person", "sources"),
        [
            (Person.OWNER, {"2", "4", "6", "7", "8", "9", "10", "14", "15", "16", "17", "17-2", "18"}),
            (Person.DRIVER, {"3", "5", "11", "12", "13"}),
            (Person.USER, {"1", "10", "12", "17-1"}),
        ],
    )
    def test_is_whose_the_decision_says(self, person, sources):
        """
        Owner, each driver and the user each have their own sources.
        """
        assert sources == {source.id for source in SOURCES.by_id.values() if any(asked.residency_of is person for asked in source.asked)}

    def test_reaches_the_domain_unchanged(self):
        """
        The domain's list says the same about residents, non-residents and notices.
        """
        for source in jurisdiction().verification_sources():
            own = SOURCES.by_id[source.id]
            assert (own.resident is not Applies.NOT_ASKED, own.non_resident is not Applies.NOT_ASKED) == (
                source.residents,
                source.non_residents,
            )
            assert (own.resident is Applies.NOTICE) == source.notice_only_for_residents


@pytest.mark.rule("D12")
class TestApplicability:
    @staticmethod
    def _ground(source, *, vehicle="KZ", neighbor="CN", cargo="general", declared=False):
        return SOURCES.inapplicable_ground(
            SOURCES.by_id[source], vehicle_country=vehicle, neighbor_country=neighbor, cargo_kind=cargo, declared=declared
        )

    def test_never_asks_a_truck_of_the_machinery_register(self):
        """
        Trucks and tractor units are not agricultural machinery.
        """
        assert self._ground("6")

    def test_asks_for_a_permit_only_beyond_the_union(self):
        """
        Inside the Eurasian Economic Union no permit is needed; toward China, and for a Turkish truck, it is.
        """
        assert self._ground("7", neighbor="RU")
        assert self._ground("7", neighbor="CN") is None
        assert self._ground("7", vehicle="TR", neighbor="RU") is None

    @pytest.mark.parametrize(("cargo", "asked"), [("animals", True), ("perishable", True), ("general", False), ("empty", False)])
    def test_asks_for_certificates_of_regulated_goods_only(self, cargo, asked):
        """
        Animals and perishable goods need a certificate.
        """
        assert asked == (self._ground("15", cargo=cargo) is None)

    def test_asks_customs_only_for_goods_under_a_procedure(self):
        """
        Not for an empty truck, not for goods moving freely inside the Union unless a declaration is named.
        """
        assert self._ground("16", cargo="empty", neighbor="CN")
        assert self._ground("16", neighbor="RU")
        assert self._ground("16", neighbor="RU", declared=True) is None
        assert self._ground("16", neighbor="CN") is None
