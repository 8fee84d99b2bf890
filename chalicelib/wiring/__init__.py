"""
The one place that builds real things, at first use and once. The API and the steps ask here by name; a name loads only what it stands for.
"""

import importlib
from typing import TYPE_CHECKING, Any, Final

import pynamodb.connection

if TYPE_CHECKING:
    from chalicelib.wiring.cabinets import (
        keep_push_tokens,
        read_notifications,
        share_booking,
    )
    from chalicelib.wiring.lists import (
        decide_list,
        receive_list,
    )
    from chalicelib.wiring.outside import (
        clock,
        configuration,
        keyed_hash,
        law,
        payments,
        people,
        rules_on,
        store,
        tariff_on,
        tokens,
    )
    from chalicelib.wiring.site import (
        command_barrier,
        keep_photos,
        keep_time,
        open_days,
        publish_admissions,
        receive_journal,
        receive_uplink,
        register_passage,
        run_step,
        settle_days,
        show_board,
        show_flow,
        watch_checkpoint,
    )
    from chalicelib.wiring.steps import (
        annul_due,
        call_due,
        crossing_due,
        early_due,
        remind_due,
        tidy_due,
        verify_due,
    )
    from chalicelib.wiring.tasks import (
        deliver_outbox,
    )
    from chalicelib.wiring.users import (
        cancel_booking,
        find_places,
        identity,
        issue_pass,
        keep_profile,
        open_register,
        pay_booking,
        read_bookings,
        receive_payment,
        relocate_booking,
        request_booking,
        reschedule_booking,
        say_ready,
        sign_in,
        take_place,
        top_up_wallet,
        verify_booking,
    )

LIBRARIES: Final = (pynamodb.connection,)
"""Loaded here because a Lambda's init phase has a whole core to itself; whatever is asked for needs them."""
PLACES: Final = {
    "annul_due": "steps",
    "call_due": "steps",
    "crossing_due": "steps",
    "early_due": "steps",
    "remind_due": "steps",
    "tidy_due": "steps",
    "verify_due": "steps",
    "keep_push_tokens": "cabinets",
    "read_notifications": "cabinets",
    "share_booking": "cabinets",
    "clock": "outside",
    "configuration": "outside",
    "keyed_hash": "outside",
    "law": "outside",
    "payments": "outside",
    "people": "outside",
    "rules_on": "outside",
    "store": "outside",
    "tariff_on": "outside",
    "tokens": "outside",
    "decide_list": "lists",
    "receive_list": "lists",
    "command_barrier": "site",
    "keep_photos": "site",
    "keep_time": "site",
    "open_days": "site",
    "publish_admissions": "site",
    "receive_journal": "site",
    "receive_uplink": "site",
    "register_passage": "site",
    "run_step": "site",
    "settle_days": "site",
    "show_board": "site",
    "show_flow": "site",
    "watch_checkpoint": "site",
    "deliver_outbox": "tasks",
    "cancel_booking": "users",
    "find_places": "users",
    "identity": "users",
    "issue_pass": "users",
    "keep_profile": "users",
    "open_register": "users",
    "pay_booking": "users",
    "read_bookings": "users",
    "receive_payment": "users",
    "relocate_booking": "users",
    "request_booking": "users",
    "reschedule_booking": "users",
    "say_ready": "users",
    "sign_in": "users",
    "take_place": "users",
    "top_up_wallet": "users",
    "verify_booking": "users",
}


def __getattr__(name: str) -> Any:
    """
    Find what stands under a name (PEP 562).
    """
    if name not in PLACES:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"chalicelib.wiring.{PLACES[name]}"), name)


__all__ = [
    "annul_due",
    "call_due",
    "cancel_booking",
    "clock",
    "command_barrier",
    "configuration",
    "crossing_due",
    "decide_list",
    "deliver_outbox",
    "early_due",
    "find_places",
    "identity",
    "issue_pass",
    "keep_photos",
    "keep_profile",
    "keep_push_tokens",
    "keep_time",
    "keyed_hash",
    "law",
    "open_days",
    "open_register",
    "pay_booking",
    "payments",
    "people",
    "publish_admissions",
    "read_bookings",
    "read_notifications",
    "receive_journal",
    "receive_list",
    "receive_payment",
    "receive_uplink",
    "register_passage",
    "relocate_booking",
    "remind_due",
    "request_booking",
    "reschedule_booking",
    "rules_on",
    "run_step",
    "say_ready",
    "settle_days",
    "share_booking",
    "show_board",
    "show_flow",
    "sign_in",
    "store",
    "take_place",
    "tariff_on",
    "tidy_due",
    "tokens",
    "top_up_wallet",
    "verify_booking",
    "verify_due",
    "watch_checkpoint",
]
