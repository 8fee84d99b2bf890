"""
Daily settlements with the budget (§24).
"""

from datetime import date

from chalicelib import wiring
from chalicelib.api.answers import Document
from chalicelib.api.call import AnyCall, Call, Role
from chalicelib.api.operation import Answered, PathParameter, operation
from chalicelib.api.parameters import SETTLEMENT
from chalicelib.api.problems import ProblemError
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.finance import SettlementDetailView, SettlementPage
from chalicelib.api.settlement_csv import write_csv
from chalicelib.api.views.money import settlement_detail, settlement_page
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import Settlement

FINANCE = frozenset({Role.FINANCE})
MONEY = ("Finance",)
FILE = PathParameter("csv", "The kind of file.", "csv")


def settled(call: AnyCall) -> Settlement:
    """
    Find the settlement of the path's day, or refuse with 404.
    """
    try:
        found = wiring.store().ledger.settlement(date.fromisoformat(call.path["id"]))
    except ValueError:
        found = None
    if found is None:
        raise ProblemError.because(Code.NOT_FOUND)
    return found


@operation(
    "GET",
    "/v1/finance/settlements",
    query=PageQuery,
    response=SettlementPage,
    roles=FINANCE,
    rule="§24",
    tags=MONEY,
    summary="Settlements",
)
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
    roles=FINANCE,
    polled=True,
    rule="§24",
    tags=MONEY,
    summary="A settlement",
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
    response=None,
    media_types=("text/csv",),
    roles=FINANCE,
    rule="§24",
    tags=MONEY,
    summary="A settlement's file",
)
def get_settlement_file(call: AnyCall) -> Answered:
    """
    CSV, UTF-8; sums in tenge.
    """
    settlement = settled(call)
    return Document(write_csv(settlement), "text/csv; charset=utf-8", f"settlement-{settlement.day}.csv")
