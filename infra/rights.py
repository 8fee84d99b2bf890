"""
What each function may touch, in the words of the use cases' ports, and which tables lie behind them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.gateways.photos import DECIDED, HELD, PASSED

PORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("accounts", "accounts_of_people", "challenges", "quotas", "sessions"),
    "bookings": ("bookings",),
    "bookmarks": ("bookmarks",),
    "differences": ("differences",),
    "driver_links": ("driver_links", "link_tokens"),
    "payment_links": ("payment_links",),
    "complaints": ("complaints",),
    "crossings": ("crossings",),
    "consents": ("consents", "identity_sessions"),
    "histories": ("events",),
    "bank_books": ("bank_lines", "statement_parts", "statements"),
    "invoices": ("invoices",),
    "ledger": ("attempts", "balances", "postings", "settlements", "wallets"),
    "locks": ("holds", "locks", "misses"),
    "measures": ("measures",),
    "notifications": ("notifications",),
    "outbox": ("outbox",),
    "passages": ("boards", "flows", "gateways", "passages", "site_notes"),
    "payers": ("payers",),
    "people": ("people", "people_lookups"),
    "places": ("loads", "places", "plans"),
    "policies": ("policies",),
    "remittances": ("downloads", "exports"),
    "refunds": ("refunds",),
    "requests": ("requests",),
    "walks": ("progress",),
    "vehicle_lists": ("list_entries", "list_parts", "vehicle_lists"),
}
"""Tables behind each port that reads."""

FIGURES: Final = frozenset({"policies"})
"""Every function goes by the registrar's figures."""

READ: Final = ("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:Query")
WRITE: Final = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
"""No `Scan` anywhere: no request and no step reads a whole table."""

CHANGE: Final = frozenset({"bookings", "events", "outbox"})
"""What every change of a booking writes: itself, its event, what must follow."""
ENDING: Final = CHANGE | {"places", "locks", "misses", "holds", "postings", "wallets", "attempts"}
"""What the end of a booking writes (`usecases/ending.py`)."""


@dataclass(frozen=True, slots=True)
class Rights:
    """
    Ports read, tables written, and what lies outside the tables: gateways' topics, photographs (actions by prefix of the bucket), secrets.
    """

    reads: frozenset[str]
    writes: frozenset[str]
    topics: frozenset[str] = field(default=frozenset())
    photos: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    secrets: bool = False

    @property
    def tables_read(self) -> tuple[str, ...]:
        """
        Name the tables read: also those written, since a write compares with what it saw.
        """
        return tuple(sorted({table for port in self.reads for table in PORTS[port]} | self.writes | FIGURES))

    @property
    def tables_written(self) -> tuple[str, ...]:
        """
        Name the tables written.
        """
        return tuple(sorted(self.writes))


GATE_LIST: Final = frozenset({"bookings", "places", "passages"})
BOOKING_ENDS: Final = frozenset({"bookings", "places", "locks", "ledger", "passages"})

API: Final = Rights(
    reads=frozenset(PORTS) - {"bookmarks", "outbox", "walks"},
    writes=ENDING
    | {
        "complaints",
        "invoices",
        "payers",
        "refunds",
        "requests",
        "notifications",
        "passages",
        "site_notes",
        "plans",
        "measures",
        "policies",
    }
    | {
        table
        for port in ("accounts", "bank_books", "consents", "driver_links", "payment_links", "people", "remittances", "vehicle_lists")
        for table in PORTS[port]
    },
    photos=dict.fromkeys((PASSED, HELD, DECIDED), ("s3:GetObject",)),
    secrets=True,
)
"""The API: all but what steps and gateways alone write (bookmarks, differences, loads, settlements, gateways, boards, flows)."""

STEPS: Final[Mapping[str, Rights]] = {
    "apply_measures": Rights(
        reads=frozenset({"bookings", "places", "measures", "policies"}), writes=CHANGE | {"places", "plans", "measures"}
    ),
    "annul_no_shows": Rights(reads=BOOKING_ENDS, writes=ENDING | {"site_notes"}),
    "call_forward": Rights(reads=BOOKING_ENDS, writes=CHANGE),
    "count_crossings": Rights(reads=frozenset({"bookings", "crossings"}), writes=frozenset({"crossings"})),
    "count_flow": Rights(reads=GATE_LIST, writes=frozenset({"flows"})),
    "call_ready": Rights(reads=GATE_LIST, writes=CHANGE),
    "confirm_crossings": Rights(reads=BOOKING_ENDS, writes=ENDING | {"site_notes"}),
    "heal_payments": Rights(
        reads=BOOKING_ENDS - {"passages"} | {"accounts", "bookmarks", "refunds"},
        writes=ENDING | {"bookmarks", "refunds"},
        secrets=True,
    ),
    "lapse_suspended": Rights(reads=BOOKING_ENDS - {"passages"} | {"accounts"}, writes=ENDING),
    "follow_figures": Rights(reads=frozenset({"bookings", "walks"}), writes=CHANGE | {"progress"}),
    "open_days": Rights(reads=frozenset({"places", "measures", "policies"}), writes=frozenset({"plans"})),
    "receive_uplink": Rights(
        reads=BOOKING_ENDS,
        writes=ENDING | {"passages", "gateways", "site_notes"},
        topics=frozenset({"acknowledgement", "admissions", "photo-granted"}),
        photos={PASSED: ("s3:GetObject", "s3:PutObject")},
        secrets=True,
    ),
    "recheck_bookings": Rights(reads=frozenset({"bookings", "people"}), writes=CHANGE),
    "reconcile_bank": Rights(reads=frozenset({"bank_books", "differences", "ledger"}), writes=frozenset({"differences"})),
    "reconcile_provider": Rights(
        reads=frozenset({"bookmarks", "differences", "ledger", "refunds"}),
        writes=frozenset({"bookmarks", "differences", "postings"}),
        secrets=True,
    ),
    "refresh_admissions": Rights(
        reads=GATE_LIST, writes=frozenset({"gateways", "boards"}), topics=frozenset({"admissions", "board"}), secrets=True
    ),
    "remind": Rights(reads=BOOKING_ENDS, writes=CHANGE),
    "remind_complaints": Rights(reads=frozenset({"accounts", "complaints"}), writes=frozenset({"complaints", "events", "outbox"})),
    "settle_days": Rights(reads=frozenset({"ledger"}), writes=frozenset({"settlements", "balances", "postings"})),
    "sweep_orphans": Rights(
        reads=frozenset({"accounts", "bank_books", "bookings", "complaints", "people"}), writes=frozenset(PORTS["people"])
    ),
    "watch_settlements": Rights(reads=frozenset({"ledger", "remittances"}), writes=frozenset(), secrets=True),
    "sweep_outbox": Rights(
        reads=GATE_LIST
        | {
            "accounts",
            "bank_books",
            "complaints",
            "consents",
            "driver_links",
            "invoices",
            "ledger",
            "locks",
            "outbox",
            "people",
            "refunds",
            "vehicle_lists",
        },
        writes=ENDING
        | {"accounts", "gateways", "boards", "invoices", "loads", "refunds", "list_entries", "notifications"}
        | set(PORTS["bank_books"])
        | set(PORTS["consents"])
        | set(PORTS["driver_links"]),
        topics=frozenset({"admissions", "board", "commands"}),
        photos={
            PASSED: ("s3:GetObject",),
            HELD: ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            DECIDED: ("s3:GetObject", "s3:PutObject"),
        },
        secrets=True,
    ),
    "tidy_holds": Rights(reads=BOOKING_ENDS, writes=ENDING),
    "watch_fees": Rights(reads=frozenset(), writes=frozenset()),
    "verify_bookings": Rights(
        reads=frozenset({"accounts", "bookings", "consents", "people"}), writes=CHANGE | {"accounts"} | set(PORTS["consents"])
    ),
}
