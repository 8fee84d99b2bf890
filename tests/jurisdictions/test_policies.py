from datetime import date, timedelta

import pytest

from chalicelib.domain.calendar import days_off_by_law
from chalicelib.jurisdictions import jurisdiction
from chalicelib.jurisdictions.policies import UnknownPolicyError

KAZAKHSTAN = jurisdiction()
DAY = date(2026, 12, 3)


class TestPolicies:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            pytest.param("horizon_days", 90, marks=pytest.mark.rule("22", "D1")),
            pytest.param("hold", 10, marks=pytest.mark.rule("D11")),
            pytest.param("hold_extended", 20, marks=pytest.mark.rule("D11")),
            pytest.param("entry_opens_before", 30, marks=pytest.mark.rule("D17")),
            pytest.param("no_show_grace", 60, marks=pytest.mark.rule("D18")),
            pytest.param("forgiveness_days", 90, marks=pytest.mark.rule("28", "D20")),
            pytest.param("admissions_horizon", 72, marks=pytest.mark.rule("D23")),
            pytest.param("notice_before", 24, marks=pytest.mark.rule("29")),
            pytest.param("least_card_payment", 25_000, marks=pytest.mark.rule("23")),
            pytest.param("invoice_validity", 10, marks=pytest.mark.rule("23")),
            pytest.param("settlement_days", 3, marks=pytest.mark.rule("24")),
            pytest.param("complaint_working_days", 5, marks=pytest.mark.rule("6-2")),
            pytest.param("waiting_area_video_kept", 30, marks=pytest.mark.rule("32", "D31")),
            pytest.param("waiting_area_gate_video_kept", 60, marks=pytest.mark.rule("32", "D31")),
            pytest.param("crossing_photo_kept", 180, marks=pytest.mark.rule("D31")),
            pytest.param("autonomy_at_least", 5, marks=pytest.mark.rule("8")),
        ],
    )
    def test_hold_the_decided_figure(self, name, value):
        """
        Each figure of the Order and of our decisions is data, in the unit it is spoken of.
        """
        assert value == KAZAKHSTAN.policy(name, on=DAY)

    def test_refuse_an_unknown_name_and_a_day_before_the_order(self):
        """
        A misspelled policy, or a day before anything was in force, is an error and not a zero.
        """
        with pytest.raises(UnknownPolicyError):
            KAZAKHSTAN.policy("horizon", on=DAY)
        with pytest.raises(UnknownPolicyError):
            KAZAKHSTAN.policy("hold", on=date(2023, 6, 30))

    @pytest.mark.rule("34", "D16")
    def test_call_earlier_than_the_law_demands(self):
        """
        90 and 150 minutes keep the legal 60 and 120 with room to spare.
        """
        for season in ("summer", "winter"):
            assert KAZAKHSTAN.policy(f"call_lead_{season}", on=DAY) > KAZAKHSTAN.policy(f"legal_call_lead_{season}", on=DAY)

    @pytest.mark.rule("D16")
    @pytest.mark.parametrize(
        ("day", "minutes"), [(date(2026, 10, 31), 90), (date(2026, 11, 1), 150), (date(2027, 3, 31), 150), (date(2027, 4, 1), 90)]
    )
    def test_give_the_domain_its_call_lead_by_season(self, day, minutes):
        """
        Winter is 1 November to 31 March, both days included, by the booked date.
        """
        assert timedelta(minutes=minutes) == KAZAKHSTAN.rules_on(day).call_lead(day)

    def test_give_the_domain_every_figure_as_it_takes_it(self):
        """
        Durations come as durations, counts as counts, days local to Almaty.
        """
        rules = KAZAKHSTAN.rules_on(DAY)

        assert timedelta(minutes=10) == rules.hold
        assert timedelta(hours=72) == rules.admissions_horizon
        assert 2 == rules.lapsed_holds_a_day
        assert "Asia/Almaty" == rules.zone.key


class TestCalendar:
    @pytest.mark.parametrize("day", [date(2026, 12, 16), date(2026, 1, 1), date(2026, 3, 22), date(2025, 10, 25)])
    def test_knows_public_holidays(self, day):
        """
        Independence Day, New Year, Nauryz and Republic Day are days off.
        """
        assert not KAZAKHSTAN.calendar.working.is_working_day(day)

    def test_moves_a_holiday_of_a_weekend_to_a_working_day(self):
        """
        8 March 2026 is a Sunday: Monday is off instead (Labor Code, article 85).
        """
        assert not KAZAKHSTAN.calendar.working.is_working_day(date(2026, 3, 9))

    def test_marks_years_that_no_decree_has_settled(self):
        """
        2027 rests on the law's text alone and says so.
        """
        assert {2025, 2026, 2027} == KAZAKHSTAN.calendar.working.years
        assert 2027 in KAZAKHSTAN.calendar.assumed_years

    def test_lists_days_of_its_years_only(self):
        """
        A slip of a digit in a date is found.
        """
        listed = KAZAKHSTAN.calendar.working

        assert {day.year for day in listed.days_off | listed.moved_working_days} == listed.years

    def test_lists_what_the_law_says_and_what_was_moved(self):
        """
        Every listed day off is a holiday of the law, carried from a weekend, Kurban Ait or moved by the Government; none is forgotten.
        """
        listed = KAZAKHSTAN.calendar.working
        moved = {date(2025, 1, 3)}
        for year in listed.years:
            by_law = days_off_by_law(year, holidays=listed.holidays) | {day for day in KAZAKHSTAN.calendar.kurban_ait if day.year == year}
            given = {day for day in listed.days_off if day.year == year}

            assert (set(), moved if year == 2025 else set()) == (by_law - given, given - by_law)

    def test_has_as_many_working_days_as_was_announced(self):
        """
        2026 has 246 working days of a five-day week, as the Ministry of Labor counted.
        """
        days = [date(2026, 1, 1) + timedelta(days=count) for count in range(365)]

        assert 246 == sum(KAZAKHSTAN.calendar.working.is_working_day(day) for day in days)

    def test_knows_one_kurban_ait_a_year(self):
        """
        Each listed year names its day, and it is a day off.
        """
        assert KAZAKHSTAN.calendar.working.years == {day.year for day in KAZAKHSTAN.calendar.kurban_ait}
        assert not any(KAZAKHSTAN.calendar.working.is_working_day(day) for day in KAZAKHSTAN.calendar.kurban_ait)
