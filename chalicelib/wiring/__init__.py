"""
The one place that builds real things, at first use and once. The API and the steps ask here by name; a name loads only what it stands for.
"""

import importlib
from typing import TYPE_CHECKING, Any, Final

import pynamodb.connection

from chalicelib.wiring.rooms import PLACES

if TYPE_CHECKING:
    from chalicelib.wiring.bank import (
        ask_invoice,
        decide_line,
        receive_statement,
        reconcile_bank,
        watch_bank,
    )
    from chalicelib.wiring.cabinets import (
        keep_push_tokens,
        pay_by_link,
        read_notifications,
        share_booking,
        share_payment,
    )
    from chalicelib.wiring.changes import (
        change_class,
        change_drivers,
        change_trailer,
        correct_plate,
        relocate_booking,
        reschedule_booking,
    )
    from chalicelib.wiring.consents import (
        keep_consents,
        keep_identity,
    )
    from chalicelib.wiring.fees import (
        watch_fees,
    )
    from chalicelib.wiring.lists import (
        decide_list,
        receive_list,
    )
    from chalicelib.wiring.money import (
        draw_statement,
        refund_wallet,
    )
    from chalicelib.wiring.nightly import (
        follow_figures,
        forget_people,
    )
    from chalicelib.wiring.orders import (
        apply_measures,
        count_crossings,
        decide_policy,
        order_measure,
        standing_orders,
    )
    from chalicelib.wiring.outside import (
        clock,
        configuration,
        decided_policies,
        keyed_hash,
        law,
        payments,
        people,
        rules_on,
        store,
        tariff_on,
        tokens,
    )
    from chalicelib.wiring.provider import (
        heal_payments,
        reconcile_provider,
    )
    from chalicelib.wiring.registrar import (
        help_booking,
        search_by_name,
        watch_devices,
    )
    from chalicelib.wiring.sanctions import (
        block_account,
        decide_complaint,
        follow_standing,
        make_complaint,
        read_complaints,
        remind_complaints,
        reverse_payment,
    )
    from chalicelib.wiring.settlements import (
        audit,
        hand_out_files,
        requisites,
        settle_days,
        watch_settlements,
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
        show_board,
        show_flow,
        watch_checkpoint,
    )
    from chalicelib.wiring.steps import (
        annul_due,
        call_due,
        crossing_due,
        early_due,
        lapse_due,
        recheck_due,
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
        recheck_booking,
        request_booking,
        say_ready,
        sign_in,
        take_place,
        top_up_wallet,
        verify_booking,
    )

LIBRARIES: Final = (pynamodb.connection,)
"""Loaded here because a Lambda's init phase has a whole core to itself; whatever is asked for needs them."""


def __getattr__(name: str) -> Any:
    """
    Find what stands under a name (PEP 562).
    """
    if name not in PLACES:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"chalicelib.wiring.{PLACES[name]}"), name)


__all__ = [
    "annul_due",
    "apply_measures",
    "ask_invoice",
    "audit",
    "block_account",
    "call_due",
    "cancel_booking",
    "change_class",
    "change_drivers",
    "change_trailer",
    "clock",
    "command_barrier",
    "configuration",
    "correct_plate",
    "count_crossings",
    "crossing_due",
    "decide_complaint",
    "decide_line",
    "decide_list",
    "decide_policy",
    "decided_policies",
    "deliver_outbox",
    "draw_statement",
    "early_due",
    "find_places",
    "follow_figures",
    "follow_standing",
    "forget_people",
    "hand_out_files",
    "heal_payments",
    "help_booking",
    "identity",
    "issue_pass",
    "keep_consents",
    "keep_identity",
    "keep_photos",
    "keep_profile",
    "keep_push_tokens",
    "keep_time",
    "keyed_hash",
    "lapse_due",
    "law",
    "make_complaint",
    "open_days",
    "open_register",
    "order_measure",
    "pay_booking",
    "pay_by_link",
    "payments",
    "people",
    "publish_admissions",
    "read_bookings",
    "read_complaints",
    "read_notifications",
    "receive_journal",
    "receive_list",
    "receive_payment",
    "receive_statement",
    "receive_uplink",
    "recheck_booking",
    "recheck_due",
    "reconcile_bank",
    "reconcile_provider",
    "refund_wallet",
    "register_passage",
    "relocate_booking",
    "remind_complaints",
    "remind_due",
    "request_booking",
    "requisites",
    "reschedule_booking",
    "reverse_payment",
    "rules_on",
    "run_step",
    "say_ready",
    "search_by_name",
    "settle_days",
    "share_booking",
    "share_payment",
    "show_board",
    "show_flow",
    "sign_in",
    "standing_orders",
    "store",
    "take_place",
    "tariff_on",
    "tidy_due",
    "tokens",
    "top_up_wallet",
    "verify_booking",
    "verify_due",
    "watch_bank",
    "watch_checkpoint",
    "watch_devices",
    "watch_fees",
    "watch_settlements",
]
