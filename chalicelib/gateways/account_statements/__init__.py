"""
A user's account statement on paper (PDF) and as a table for spreadsheets (CSV), in kk, ru and en (§23, decision 0040).
"""

from chalicelib.gateways.account_statements import sheet, table
from chalicelib.gateways.account_statements.words import say
from chalicelib.usecases.draw_statement import StatementSeen


def draw_pdf(*, seen: StatementSeen, holder: str | None, language: str) -> bytes:
    """
    Draw A4 pages, PDF. `holder` is whose account it is, in words, where that is known.

    The same statement gives the same bytes. Raises `KeyError` for a language there are no words in.
    """
    return sheet.draw(words=say(seen=seen, holder=holder, language=language))


def write_csv(*, seen: StatementSeen, language: str) -> bytes:
    """
    Write one row a movement between the opening and the closing balance: RFC 4180, UTF-8 with a mark; sums are numbers of tenge.
    """
    return table.write(seen=seen, language=language)
