"""
The user's account statement: to read page by page, to print, and as a table.
"""

from typing import Final

from chalicelib import wiring
from chalicelib.api.answers import Document
from chalicelib.api.call import Call
from chalicelib.api.invoices import payer_of
from chalicelib.api.operation import Answered, operation
from chalicelib.api.parameters import USER
from chalicelib.api.passes import PDF
from chalicelib.api.schemas.account_statements import AccountStatementPageQuery, AccountStatementQuery, AccountStatementView
from chalicelib.api.views.account_statements import statement_view
from chalicelib.domain.decisions import Code, Refused
from chalicelib.gateways import account_statements
from chalicelib.usecases.draw_statement import StatementSeen

CSV: Final = "text/csv"
MINE = {"roles": USER, "rule": "§23", "tags": ("Wallet",)}
PRINTED: Final = 2_000
"""Movements on at most some eighty sheets."""
TABLED: Final = 20_000
"""Movements in some two megabytes, which a request hands out directly."""


def whole(call: Call[None, AccountStatementQuery], *, most: int) -> StatementSeen | Refused:
    """
    Draw the caller's statement up with all its lines, or refuse one that is too long to be handed out at once.
    """
    seen = wiring.draw_statement()(account=call.account, first=call.query.from_, last=call.query.to, most=most)
    long = seen.statement.count > most
    return Refused.because(Code.STATEMENT_TOO_LONG, count=seen.statement.count, most=most) if long else seen


@operation(
    "GET", "/v1/me/wallet/statement", query=AccountStatementPageQuery, response=AccountStatementView, summary="My account statement", **MINE
)
def get_account_statement(call: Call[None, AccountStatementPageQuery]) -> Answered:
    """
    Balances of the period and its movements, the oldest first.
    """
    query, skip = call.query, int(call.query.cursor or 0)
    seen = wiring.draw_statement()(account=call.account, first=query.from_, last=query.to, skip=skip, most=query.limit)
    return statement_view(seen, skip=skip, language=call.language)


@operation(
    "GET",
    "/v1/me/wallet/statement.pdf",
    query=AccountStatementQuery,
    response=None,
    media_types=(PDF,),
    problems=(Code.STATEMENT_TOO_LONG,),
    summary="My account statement to print",
    **MINE,
)
def get_account_statement_pdf(call: Call[None, AccountStatementQuery]) -> Answered:
    """
    A4 pages in the caller's language.
    """
    seen = whole(call, most=PRINTED)
    if isinstance(seen, Refused):
        return seen
    drawn = account_statements.draw_pdf(seen=seen, holder=payer_of(call.account), language=call.language.value)
    return Document(drawn, PDF, f"{named(call.query)}.pdf")


@operation(
    "GET",
    "/v1/me/wallet/statement.csv",
    query=AccountStatementQuery,
    response=None,
    media_types=(CSV,),
    problems=(Code.STATEMENT_TOO_LONG,),
    summary="My account statement as a table",
    **MINE,
)
def get_account_statement_csv(call: Call[None, AccountStatementQuery]) -> Answered:
    """
    One row a movement between the opening and the closing balance; sums are numbers.
    """
    seen = whole(call, most=TABLED)
    if isinstance(seen, Refused):
        return seen
    return Document(
        account_statements.write_csv(seen=seen, language=call.language.value), f"{CSV}; charset=utf-8", f"{named(call.query)}.csv"
    )


def named(query: AccountStatementQuery) -> str:
    """
    Name a statement's file.
    """
    return f"statement-{query.from_}-{query.to}"
