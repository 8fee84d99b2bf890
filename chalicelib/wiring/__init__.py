"""
The one place that builds real things, at first use and once. The API and the steps ask here by name.
"""

from chalicelib.wiring.outside import clock, configuration, keyed_hash, law, payments, people, rules_on, store, tariff_on, tokens
from chalicelib.wiring.site import (
    command_barrier,
    keep_photos,
    keep_time,
    open_days,
    publish_admissions,
    receive_journal,
    settle_days,
    show_board,
    watch_checkpoint,
)
from chalicelib.wiring.tasks import deliver_outbox
from chalicelib.wiring.users import (
    cancel_booking,
    find_places,
    identity,
    issue_pass,
    keep_profile,
    pay_booking,
    read_bookings,
    receive_payment,
    request_booking,
    sign_in,
    take_place,
    top_up_wallet,
    verify_booking,
)

__all__ = [
    "cancel_booking",
    "clock",
    "command_barrier",
    "configuration",
    "deliver_outbox",
    "find_places",
    "identity",
    "issue_pass",
    "keep_photos",
    "keep_profile",
    "keep_time",
    "keyed_hash",
    "law",
    "open_days",
    "pay_booking",
    "payments",
    "people",
    "publish_admissions",
    "read_bookings",
    "receive_journal",
    "receive_payment",
    "request_booking",
    "rules_on",
    "settle_days",
    "show_board",
    "sign_in",
    "store",
    "take_place",
    "tariff_on",
    "tokens",
    "top_up_wallet",
    "verify_booking",
    "watch_checkpoint",
]
