"""
All tables of the store: what keeps which items, and how they are created.
"""

from collections.abc import Sequence
from typing import Any, Final

from pynamodb.exceptions import TableError

from chalicelib.store.accounts import ACCOUNT, CHALLENGE, QUOTA, SESSION, AccountOfPersonRow
from chalicelib.store.bank import BANK_LINE, STATEMENT, STATEMENT_PART
from chalicelib.store.bookings import Clockwork, booking_kind
from chalicelib.store.complaints import COMPLAINT
from chalicelib.store.consents import CONSENT, IDENTITY_SESSION
from chalicelib.store.crossings import CROSSINGS
from chalicelib.store.database import Database
from chalicelib.store.differences import DIFFERENCE
from chalicelib.store.events import EVENT
from chalicelib.store.invoices import INVOICE
from chalicelib.store.ledger import ATTEMPT, POSTING, WALLET
from chalicelib.store.locks import HOLD, LOCK, MISS
from chalicelib.store.notices import DRIVER_LINK, LINK_TOKEN, NOTIFICATION, PAYMENT_LINK
from chalicelib.store.outbox import OUTBOX, OutboxRow
from chalicelib.store.passages import BOARD, FLOW, GATEWAY, NOTES, PASSAGE
from chalicelib.store.places import LOAD, PLACE, PLAN
from chalicelib.store.policies import MEASURE, POLICY
from chalicelib.store.progress import PROGRESS
from chalicelib.store.provider import BOOKMARK, PAYER
from chalicelib.store.refunds import REFUND
from chalicelib.store.requests import REQUEST
from chalicelib.store.rows import Kind, Row
from chalicelib.store.settlements import BALANCE, DOWNLOAD, EXPORT, SETTLEMENT
from chalicelib.store.vehicle_lists import LIST, LIST_ENTRY, LIST_PART

STREAMED: Final = OutboxRow
LOOKUPS: Final[Sequence[tuple[type[Row], str]]] = ((AccountOfPersonRow, "accounts_of_people"),)
EXISTS: Final = "ResourceInUseException"
MONEY: Final[Sequence[Kind[Any]]] = (
    POSTING,
    WALLET,
    SETTLEMENT,
    BALANCE,
    EXPORT,
    DOWNLOAD,
    ATTEMPT,
    INVOICE,
    REFUND,
    PAYER,
    BOOKMARK,
    STATEMENT,
    STATEMENT_PART,
    BANK_LINE,
    DIFFERENCE,
)
"""The ledger, what is paid by card or transfer, and what goes to the budget."""


def kinds(next_step: Clockwork) -> Sequence[Kind[Any]]:
    """
    List what the store keeps.
    """
    return (
        booking_kind(next_step),
        PLAN,
        PLACE,
        LOAD,
        CROSSINGS,
        POLICY,
        MEASURE,
        LOCK,
        MISS,
        HOLD,
        REQUEST,
        EVENT,
        OUTBOX,
        *MONEY,
        ACCOUNT,
        CHALLENGE,
        SESSION,
        QUOTA,
        COMPLAINT,
        PASSAGE,
        GATEWAY,
        BOARD,
        NOTES,
        LIST,
        LIST_PART,
        LIST_ENTRY,
        FLOW,
        CONSENT,
        IDENTITY_SESSION,
        NOTIFICATION,
        DRIVER_LINK,
        LINK_TOKEN,
        PAYMENT_LINK,
        PROGRESS,
    )


def bind_all(database: Database, kept: Sequence[Kind[Any]]) -> Sequence[type[Row]]:
    """
    Bind every row class to a database.
    """
    return [*(database.bind(kind.row, table=kind.table) for kind in kept), *(database.bind(row, table=table) for row, table in LOOKUPS)]


def create_all(database: Database, rows: Sequence[type[Row]], *, streams: bool) -> None:
    """
    Create the tables that are missing. `streams`: the outbox gets its stream, as in the cloud; a sweep alone delivers without.
    """
    for row in rows:
        create(database, row, stream=streams and issubclass(row, STREAMED))


def create(database: Database, row: type[Row], *, stream: bool) -> None:
    """
    Create one table unless it exists.
    """
    connection = database.connection
    schema: Any = row._get_schema()  # noqa: SLF001  `create_table` looks first, which doubles the calls
    stream_specification = {"stream_enabled": True, "stream_view_type": "NEW_IMAGE"} if stream else None
    try:
        connection.create_table(
            row.Meta.table_name,
            attribute_definitions=schema["attribute_definitions"],
            key_schema=schema["key_schema"],
            global_secondary_indexes=schema["global_secondary_indexes"],
            stream_specification=stream_specification,
            billing_mode="PAY_PER_REQUEST",
        )
    except TableError as error:
        if error.cause_response_code != EXISTS:
            raise
    row.update_ttl(ignore_update_ttl_errors=False)
