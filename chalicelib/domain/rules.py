"""
The figures the law leaves to somebody, as one value: policy data in force on a day, never constants in code.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Rules:
    """
    Policy figures of one day (D1–D32), sums in tiyn, and the zone in which days are local (D32).
    """

    zone: ZoneInfo
    horizon_days: int
    hold: timedelta
    hold_extended: timedelta
    application_validity: timedelta
    lapsed_holds_a_day: int
    cool_down_least: timedelta
    cool_down_most: timedelta
    entry_opens_before: timedelta
    no_show_grace: timedelta
    leave_within: timedelta
    reach_gate_within: timedelta
    gateway_silent_at_most: timedelta
    admitted_without_exit_at_most: timedelta
    crossing_asked_after: timedelta
    reread_within: timedelta
    repaced_from: timedelta
    way_to_gate: timedelta
    gate_room: timedelta
    gate_reserve: int
    waiting_area_holds: timedelta
    forgiveness_days: int
    list_lead_days: int
    admissions_horizon: timedelta
    notice_before: timedelta
    call_lead_summer: timedelta
    call_lead_winter: timedelta
    legal_call_lead_summer: timedelta
    legal_call_lead_winter: timedelta
    winter_months: frozenset[int]
    free_reschedules: int
    least_card_payment: int
    invoice_validity: timedelta
    settlement_days: int
    day_closes_after: timedelta
    verification_retry: timedelta
    recheck_before: timedelta
    recheck_age: timedelta
    recheck_retry: timedelta
    identity_validity: timedelta
    trip_asked_after: timedelta
    trip_asked_until: timedelta
    photo_link_validity: timedelta
    command_validity: timedelta
    moved_within: timedelta
    crossings_window: timedelta
    notification_kept: timedelta
    personal_data_kept: timedelta
    unclaimed_kept: timedelta
    push_token_fresh: timedelta
    driver_link_kept: timedelta
    payment_link_kept: timedelta
    complaint_working_days: int
    complaint_term: timedelta
    crossing_photo_kept: timedelta

    def today(self, now: datetime) -> date:
        """
        Name the local day of an instant.
        """
        return now.astimezone(self.zone).date()

    def at(self, day: date, minutes: int) -> datetime:
        """
        Give the instant at which a day's clocks show so many minutes: at a fixed offset, so that what is counted on from it is real time (D32).
        """
        moment = datetime.combine(day, time(), self.zone) + timedelta(minutes=minutes)
        return moment.astimezone(timezone(moment.utcoffset() or timedelta()))

    def minutes(self, day: date, moment: datetime) -> float:
        """
        Give how many minutes after midnight of a day its clocks show at an instant.
        """
        shown = moment.astimezone(self.zone).replace(tzinfo=None) - datetime.combine(day, time())
        return shown / timedelta(minutes=1)

    def midnight(self, day: date) -> datetime:
        """
        Give the instant at which a local day begins.
        """
        return self.at(day, 0)

    def call_lead(self, day: date) -> timedelta:
        """
        Give how long before the booked time vehicles of that day are called (§34, D16).
        """
        return self.call_lead_winter if day.month in self.winter_months else self.call_lead_summer

    def legal_call_lead(self, day: date) -> timedelta:
        """
        Give how long before the booked time the call shows at the latest (§34).
        """
        return self.legal_call_lead_winter if day.month in self.winter_months else self.legal_call_lead_summer

    def last_day(self, now: datetime) -> date:
        """
        Name the last day on sale (§22, D1): today + 89 for a horizon of 90 days.
        """
        return self.today(now) + timedelta(days=self.horizon_days - 1)
