"""
The figures of the decisions, for tests that need some.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain import schedule
from chalicelib.domain.rules import Rules

RULES = Rules(
    zone=ZoneInfo("Asia/Almaty"),
    horizon_days=90,
    hold=timedelta(minutes=10),
    hold_extended=timedelta(minutes=20),
    application_validity=timedelta(hours=24),
    lapsed_holds_a_day=2,
    cool_down_least=timedelta(minutes=1),
    cool_down_most=timedelta(minutes=30),
    entry_opens_before=timedelta(minutes=30),
    no_show_grace=timedelta(minutes=60),
    leave_within=timedelta(minutes=60),
    reach_gate_within=timedelta(minutes=60),
    gateway_silent_at_most=timedelta(hours=24),
    admitted_without_exit_at_most=timedelta(hours=72),
    crossing_asked_after=timedelta(hours=6),
    reread_within=timedelta(minutes=5),
    repaced_from=timedelta(minutes=15),
    way_to_gate=timedelta(minutes=15),
    gate_room=timedelta(minutes=30),
    gate_reserve=3,
    waiting_area_holds=timedelta(hours=6),
    forgiveness_days=90,
    list_lead_days=10,
    admissions_horizon=timedelta(hours=72),
    notice_before=timedelta(hours=24),
    call_lead_summer=timedelta(minutes=90),
    call_lead_winter=timedelta(minutes=150),
    legal_call_lead_summer=timedelta(minutes=60),
    legal_call_lead_winter=timedelta(minutes=120),
    winter_months=frozenset({11, 12, 1, 2, 3}),
    free_reschedules=1,
    least_card_payment=25_000,
    invoice_validity=timedelta(days=10),
    settlement_days=3,
    day_closes_after=timedelta(minutes=10),
    verification_retry=timedelta(minutes=1),
    recheck_before=timedelta(hours=24),
    recheck_age=timedelta(hours=12),
    recheck_retry=timedelta(hours=1),
    identity_validity=timedelta(days=30),
    trip_asked_after=timedelta(hours=1),
    trip_asked_until=timedelta(hours=72),
    photo_link_validity=timedelta(seconds=60),
    command_validity=timedelta(seconds=10),
    moved_within=timedelta(days=7),
    crossings_window=timedelta(days=30),
    notification_kept=timedelta(days=1826),
    personal_data_kept=timedelta(days=1826),
    unclaimed_kept=timedelta(hours=48),
    push_token_fresh=timedelta(days=60),
    driver_link_kept=timedelta(hours=24),
    payment_link_kept=timedelta(hours=24),
    complaint_working_days=5,
    complaint_term=timedelta(days=90),
    crossing_photo_kept=timedelta(days=180),
)


def next_step(booking):
    """
    Tell what a booking waits for under these figures.
    """
    return schedule.next_step(booking, RULES)
