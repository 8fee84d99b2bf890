"""
What every attribute of every table is, as to whom it concerns. Personal data lie in the people's tables and nowhere else (architecture.md).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class DataClass(StrEnum):
    """
    Whom an attribute concerns: everybody, the system, somebody behind a pseudonym, a vehicle, a purse, a citizen by name.
    """

    PUBLIC = "public"
    INTERNAL = "internal"
    PSEUDONYMOUS = "pseudonymous"
    VEHICLE = "vehicle"
    MONEY = "money"
    PERSONAL = "personal"


def _classes(**names: str) -> Mapping[str, DataClass]:
    # `class=` cannot be spelled as a word here, so the place's class is written `class_`
    found = {name.rstrip("_"): DataClass(class_) for class_, listed in names.items() for name in listed.split()}
    return {**found, "version": DataClass.INTERNAL, "commit": DataClass.INTERNAL}


PEOPLE: Final = frozenset({"people", "people_lookups"})
"""The tables behind the port `PersonalDataStore`."""

CLASSES: Final[Mapping[str, Mapping[str, DataClass]]] = {
    "bookings": _classes(
        public="status class_ checkpoint toward pool day position slot_start slot_end checkpoint_day",
        internal="authorized_drivers cargo checks refusal verify_attempts verify_at verified_at hold_expires_at hold_extended language "
        "reschedules_left forgiven_on created_at confirmed_at reminded_at arrived_at called_at leave_by left_area_at admitted_at crossed_at "
        "ended_at annul_not_before crossing_ask_at shift_minutes valid_until excuse ready_at suspended fee_returned plate_corrected demoted rechecked_at recheck_attempts due_step due_at "
        "officer_only acts_as",
        pseudonymous="id account owner drivers user number listed",
        vehicle="vehicle trailer plate_key vin_key",
        money="due attempt deposit",
    ),
    "plans": _classes(public="checkpoint day interval_minutes opens layout per_day quotas closed shifts extended"),
    "places": _classes(
        public="checkpoint_day position checkpoint day class_ state secondary",
        internal="sales on_sale_from hold_expires_at",
        pseudonymous="booking",
    ),
    "loads": _classes(public="checkpoint day capacity free as_of fresh_until sold", internal="plan_version"),
    "crossings": _classes(public="checkpoint day crossed", internal="as_of"),
    "policies": _classes(public="scope policy policy_since since until value days_off ground", internal="at", pseudonymous="id by"),
    "measures": _classes(
        public="checkpoint kind starts ends reason minutes source figures counts state",
        internal="at cursor due_at again_from running",
        pseudonymous="id by",
    ),
    "locks": _classes(vehicle="key", pseudonymous="booking", public="checkpoint", internal="until"),
    "misses": _classes(vehicle="key", pseudonymous="misses"),
    "holds": _classes(vehicle="key", pseudonymous="booking", internal="day lapsed until paying"),
    "requests": _classes(pseudonymous="key resource", internal="body_hash status answer at forget_at"),
    "events": _classes(
        public="checkpoint_day checkpoint day kind at ground",
        internal="aggregate_version detail change",
        pseudonymous="id aggregate aggregate_order by",
    ),
    "outbox": _classes(
        internal="task aggregate_version created_at due_at tries parked pending",
        pseudonymous="id aggregate payload",
    ),
    "postings": _classes(
        money="legs kind reference",
        pseudonymous="wallet id booking",
        public="checkpoint day checkpoint_day place_class",
        internal="at",
    ),
    "wallets": _classes(pseudonymous="account", money="available held debt", internal="debt_since"),
    "settlements": _classes(internal="book closed_at", public="day due_on remit_on", money="rows funded"),
    "balances": _classes(internal="book postings", public="day", money="moved totals remitted ordered"),
    "exports": _classes(public="day", internal="book made_at sha256", money="requisites"),
    "downloads": _classes(public="settlement day kind", pseudonymous="id account", internal="at sha256 size"),
    "invoices": _classes(
        pseudonymous="reference account booking",
        money="amount received received_at",
        public="payee",
        internal="created_at expires_at",
    ),
    "attempts": _classes(
        pseudonymous="id account booking", money="purpose amount state intent refunded", internal="created_at ask_at waiting"
    ),
    "payers": _classes(pseudonymous="account customer", internal="created_at"),
    "differences": _classes(
        money="subject ours theirs reference",
        pseudonymous="id wallet posting",
        internal="side kind cause since found_at cleared_at state",
    ),
    "bookmarks": _classes(internal="id at"),
    "refunds": _classes(
        pseudonymous="id account payment", money="intent amount state provider_refund", internal="created_at ask_at waiting"
    ),
    "statements": _classes(
        pseudonymous="uploaded_by request",
        money="iik opening closing lines",
        internal="id form first_day last_day parts sha256 uploaded_at book",
    ),
    "statement_parts": _classes(pseudonymous="rows", internal="statement number outcomes"),
    "bank_lines": _classes(
        pseudonymous="marks person other account of by reason",
        money="iik direction amount state cause waiting",
        internal="group number day form statement row received_at decided_at",
    ),
    "accounts": _classes(
        pseudonymous="id person identity identity_session",
        internal="created_at language kind resident roles checkpoints agreement_version agreed_at head headship blocks "
        "language_chosen channels",
    ),
    "accounts_of_people": _classes(pseudonymous="person account"),
    "complaints": _classes(
        pseudonymous="id account text booking against ruling",
        internal="about registered_at due_on case reminded_at overdue_at status",
        vehicle="vehicle",
    ),
    "challenges": _classes(pseudonymous="id person", internal="code_hash expires_at tries_left used forget_at"),
    "sessions": _classes(pseudonymous="id account", internal="token_hash expires_at revoked forget_at"),
    "quotas": _classes(pseudonymous="key", internal="count until forget_at"),
    "consents": _classes(pseudonymous="account id person", internal="subject via status text asked_at answered_at round tries"),
    "identity_sessions": _classes(pseudonymous="id account person who url", internal="subject status created_at completed_at"),
    "passages": _classes(
        public="checkpoint checkpoint_day day lane",
        internal="journal journal_order sequence at kind note",
        vehicle="entry",
        pseudonymous="booking",
    ),
    "gateways": _classes(
        public="checkpoint",
        internal="fleet journal stored_upto last_seen reported_upto admissions_version admissions_hash admissions_signed_at held_version devices",
    ),
    "boards": _classes(public="checkpoint view", pseudonymous="line"),
    "site_notes": _classes(public="checkpoint", vehicle="doubts", pseudonymous="guests chores"),
    "vehicle_lists": _classes(
        public="status checkpoint checkpoint_status class_ sender sender_number received_on",
        internal="uploaded_at rows faults parts sha256 decided_at reason",
        pseudonymous="id uploaded_by decided_by",
    ),
    "list_parts": _classes(pseudonymous="list", internal="number faults", vehicle="rows"),
    "list_entries": _classes(vehicle="vehicle vin", public="day", pseudonymous="list booking", internal="row"),
    "flows": _classes(
        public="checkpoint heard_upto turns fronts counts promises promised_at experience",
        internal="journal sequence",
    ),
    "notifications": _classes(pseudonymous="account id booking figures", internal="at template keep_until read_at forget_at"),
    "driver_links": _classes(pseudonymous="key booking person", internal="generation created_at revoked_at"),
    "payment_links": _classes(pseudonymous="booking attempt", internal="generation created_at revoked_at"),
    "link_tokens": _classes(pseudonymous="link", internal="hash generation created_at"),
    "progress": _classes(internal="step mark cursor looked changed at"),
    "people": _classes(pseudonymous="id lookup name_hash", internal="kind look_room look_at", personal="fields"),
    "people_lookups": _classes(pseudonymous="key person"),
}
