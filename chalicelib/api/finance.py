"""
Daily settlements with the budget, their files, and the ledger's trial balance (§24, D29, D30).
"""

from datetime import date
from typing import Final

from chalicelib import wiring
from chalicelib.api.answers import Document
from chalicelib.api.call import AnyCall, Call, Role
from chalicelib.api.middleware import XLSX
from chalicelib.api.operation import PUBLIC, Answered, PathParameter, Rate, operation
from chalicelib.api.parameters import SETTLEMENT
from chalicelib.api.problems import ProblemError
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.finance import (
    BalanceQuery,
    DifferencePage,
    DownloadPage,
    FileLinkView,
    ReconciliationQuery,
    SettlementDetailView,
    SettlementPage,
    TrialBalanceView,
)
from chalicelib.api.views.finance import balance_view, difference_page, download_page, link_view, settlement_detail, settlement_page
from chalicelib.domain.decisions import Code
from chalicelib.domain.remittance import FileKind
from chalicelib.domain.settlements import Settlement
from chalicelib.usecases.hand_out_files import FileLink, HandedFile

FINANCE = frozenset({Role.FINANCE})
OURS = {"roles": FINANCE, "rule": "§24", "tags": ("Finance",)}
FILE = PathParameter("|".join(FileKind), "The kind of file.", "csv")
TOKEN = PathParameter(r"[\w-]{20,400}\.[\w-]{20,800}\.[\w-]{86}", "The last part of the link.", f"{'A' * 20}.{'A' * 20}.{'A' * 86}")
OCTETS: Final = "application/octet-stream"
TYPES: Final = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: XLSX,
    FileKind.PAIN001: OCTETS,
    FileKind.CLIENT_BANK: OCTETS,
    FileKind.MANIFEST: "application/json",
}
"""What the bank reads leaves byte by byte: its digest is in the manifest."""


def settled(call: AnyCall) -> Settlement:
    """
    Find the settlement of the path's day, or refuse with 404.
    """
    found = wiring.store().ledger.settlement(day_of(call))
    if found is None:
        raise ProblemError.because(Code.NOT_FOUND)
    return found


def day_of(call: AnyCall) -> date:
    """
    Read the path's day; what is no day names nothing.
    """
    try:
        return date.fromisoformat(call.path["id"])
    except ValueError as error:
        raise ProblemError.because(Code.NOT_FOUND) from error


@operation("GET", "/v1/finance/settlements", query=PageQuery, response=SettlementPage, summary="Settlements", **OURS)
def list_settlements(call: Call[None, PageQuery]) -> Answered:
    """
    One a closed day, latest first.
    """
    return settlement_page(wiring.store().ledger.settlements(limit=call.query.limit, cursor=call.query.cursor))


@operation(
    "GET",
    "/v1/finance/settlements/{id}",
    parameters={"id": SETTLEMENT},
    response=SettlementDetailView,
    polled=True,
    summary="A settlement",
    **OURS,
)
def get_settlement(call: AnyCall) -> Answered:
    """
    With its rows by checkpoint and class.
    """
    return settlement_detail(settled(call))


@operation(
    "GET",
    "/v1/finance/settlements/{id}/files/{kind}",
    parameters={"id": SETTLEMENT, "kind": FILE},
    response=FileLinkView,
    problems=(Code.REMITTANCE_NOT_CONFIGURED,),
    summary="A link to a settlement's file",
    **OURS,
)
def get_settlement_file(call: AnyCall) -> Answered:
    """
    Good for a minute and for this file alone. Where the budget's bank details are not set there are no files.
    """
    kind = FileKind(call.path["kind"])
    given = wiring.hand_out_files().link(account=call.account, day=day_of(call), kind=kind)
    return link_view(given, base=wiring.configuration().issuer) if isinstance(given, FileLink) else given


@operation(
    "GET",
    "/v1/finance/files/{token}",
    parameters={"token": TOKEN},
    response=None,
    media_types=("text/csv", XLSX, OCTETS, "application/json"),
    roles=PUBLIC,
    secret=True,
    rate=Rate.LINK,
    rule="§24",
    tags=("Finance",),
    summary="Take a settlement's file",
)
def take_settlement_file(call: AnyCall) -> Answered:
    """
    What the link is for. Who asked for the link is written down as having taken the file.
    """
    given = wiring.hand_out_files().take(token=call.path["token"])
    if not isinstance(given, HandedFile):
        return given
    return Document(given.content, TYPES[given.kind], given.name)


@operation(
    "GET",
    "/v1/finance/settlements/{id}/downloads",
    parameters={"id": SETTLEMENT},
    query=PageQuery,
    response=DownloadPage,
    summary="Who took a settlement's files",
    **OURS,
)
def list_downloads(call: Call[None, PageQuery]) -> Answered:
    """
    Latest first; nothing is ever taken out of this list.
    """
    page = wiring.store().remittances.downloads(settled(call).day, limit=call.query.limit, cursor=call.query.cursor)
    return download_page(page)


@operation("GET", "/v1/finance/reconciliation", query=ReconciliationQuery, response=DifferencePage, summary="What differs", **OURS)
def list_differences(call: Call[None, ReconciliationQuery]) -> Answered:
    """
    What the payment provider or the bank and the ledger do not agree on, with its cause and age; found each day, cleared once both agree.
    """
    query = call.query
    page = wiring.store().differences.listed(cleared=query.cleared, limit=query.limit, cursor=query.cursor)
    return difference_page(page, now=wiring.clock().now(), wall=wiring.clock().wall())


@operation("GET", "/v1/finance/trial-balance", query=BalanceQuery, response=TrialBalanceView, summary="Trial balance", **OURS)
def get_trial_balance(call: Call[None, BalanceQuery]) -> Answered:
    """
    Every account of the ledger at the end of a day: what it held before, what moved, what it holds. Today's is as of now.
    """
    now = wiring.clock().now()
    today = wiring.rules_on(now).today(now)
    day = call.query.date or today
    if day > today:
        raise ProblemError.because(Code.NOT_FOUND)
    return balance_view(wiring.settle_days().balance(day=day))
