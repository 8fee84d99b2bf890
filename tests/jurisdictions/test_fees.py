from datetime import date, timedelta

import pytest

from chalicelib.domain.places import Pool
from chalicelib.domain.plans import PlaceClass
from chalicelib.jurisdictions import ASSUMPTIONS, jurisdiction


@pytest.mark.rule("25", "D27")
class TestFees:
    @pytest.mark.parametrize(("day", "mci"), [(date(2025, 12, 31), 393_200), (date(2026, 1, 1), 432_500), (date(2026, 12, 31), 432_500)])
    def test_follow_the_index_of_the_day_of_payment(self, day, mci):
        """
        3,932 tenge for 2025 and 4,325 for 2026: one index for an ordinary place, twenty for the deposit, in tiyn.
        """
        fees = jurisdiction().fees_on(day)

        assert mci == fees.fee("general")
        assert 20 * mci == fees.deposit
        assert not fees.assumed

    @pytest.mark.parametrize("class_", ["expedited", "priority_post", "priority_goods", "priority_state"])
    def test_are_a_hundred_indexes_for_each_other_class(self, class_):
        """
        Three priority classes and the expedited one are separate figures of 100 MCI.
        """
        assert 43_250_000 == jurisdiction().fees_on(date(2026, 12, 3)).fee(class_)

    @pytest.mark.rule("D5")
    def test_never_add_class_and_secondary(self):
        """
        A secondary place costs 100 MCI, whatever the class: the higher is due.
        """
        fees = jurisdiction().fees_on(date(2026, 12, 3))

        assert 43_250_000 == fees.fee("general", secondary=True) == fees.fee("expedited", secondary=True)

    def test_are_unknown_for_2027(self):
        """
        Nobody has decreed the index of 2027: no fee, and the day from which none is known is told.
        """
        assert jurisdiction().fees_on(date(2027, 1, 1)) is None
        assert jurisdiction().tariff_on(date(2027, 1, 1)) is None
        assert date(2027, 1, 1) == jurisdiction().fees.known_until

    def test_are_assumed_for_2027_on_one_machine_only(self):
        """
        The local seed's overlay fills 2027 and marks it; the deployed figures stay as they are.
        """
        assumed = jurisdiction(ASSUMPTIONS).fees_on(date(2027, 1, 1))

        assert assumed.assumed
        assert assumed.fee("general") > 0
        assert jurisdiction().fees_on(date(2026, 12, 31)).rates == jurisdiction(ASSUMPTIONS).fees_on(date(2026, 12, 31)).rates

    @pytest.mark.parametrize(
        ("day", "known"),
        [(date(2026, 12, 1), 31), (date(2026, 12, 2), 30), (date(2026, 12, 31), 1), (date(2027, 1, 1), 0), (date(2028, 1, 1), 0)],
    )
    def test_are_known_for_so_many_days(self, day, known):
        """
        Today among them; from thirty on the alarm rings, and an assumed index counts as none.
        """
        assert (known, 30) == (jurisdiction().fees.days_known(day), jurisdiction().fees.warn_days)
        assert known == jurisdiction(ASSUMPTIONS).fees.days_known(day)

    def test_name_a_legal_source_each(self):
        """
        Every class, the secondary fee and the deposit say on what they rest; post and state say they are unconfirmed.
        """
        sources = jurisdiction().fees_on(date(2026, 12, 3)).rates.sources

        assert {"general", "expedited", "priority_post", "priority_goods", "priority_state", "secondary", "deposit"} == set(sources)
        assert all("unconfirmed" in sources[class_] for class_ in ("priority_post", "priority_state"))

    def test_are_the_same_as_the_domain_takes_them(self):
        """
        The domain's tariff gives the schedule's figures for every class and pool, any day of the known years.
        """
        for day in (date(2025, 10, 1) + timedelta(days=90 * step) for step in range(5)):
            fees, tariff = jurisdiction().fees_on(day), jurisdiction().tariff_on(day)
            for class_ in PlaceClass:
                assert fees.fee(class_.value) == tariff.fee(class_, Pool.PRIMARY)
                assert fees.fee(class_.value, secondary=True) == tariff.fee(class_, Pool.SECONDARY)
            assert fees.deposit == tariff.deposit
