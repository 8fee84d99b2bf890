"""
A statement as CSV: no cell is ever a formula, sums stay numbers.
"""

import csv
import io
from typing import Final

from chalicelib.domain.account_statements import Line, Standing
from chalicelib.domain.remittance import tenge
from chalicelib.gateways.account_statements.words import local, place_of, texts, what_of
from chalicelib.gateways.remittance.tables import harmless
from chalicelib.usecases.draw_statement import StatementSeen

COLUMNS: Final = ("at", "what", "number", "checkpoint", "came_in", "went_out", "available", "held", "debt", "balance", "id")


def write(*, seen: StatementSeen, language: str) -> bytes:
    """
    Write the table.
    """
    text, made, drawn = texts()[language], seen.statement, io.StringIO(newline="")
    writer = csv.writer(drawn, lineterminator="\r\n")
    writer.writerow([text["table"][name] for name in COLUMNS])
    writer.writerow([str(made.period.first), text["opening"], "", "", "", "", *_sums(made.opening), ""])
    writer.writerows(_row(seen, line, language) for line in made.lines)
    turnover = (tenge(made.came_in), tenge(made.went_out))
    writer.writerow([str(made.period.last), text["closing"], "", "", *turnover, *_sums(made.closing), ""])
    return drawn.getvalue().encode("utf-8-sig")


def _row(seen: StatementSeen, line: Line, language: str) -> list[str]:
    posting = line.posting
    number, place = seen.numbers.get(posting.booking or "", ""), place_of(posting, language)
    texts_ = [harmless(cell) for cell in (what_of(posting, language), number, place)]
    moved = [tenge(line.change) if line.change > 0 else "", tenge(-line.change) if line.change < 0 else ""]
    return [local(posting.at).isoformat(sep=" ", timespec="seconds"), *texts_, *moved, *_sums(line.standing), harmless(posting.id)]


def _sums(standing: Standing) -> list[str]:
    return [tenge(each) for each in (standing.available, standing.held, standing.debt, standing.balance)]
