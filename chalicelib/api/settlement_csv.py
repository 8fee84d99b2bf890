"""
A settlement as CSV for a spreadsheet: no cell is ever a formula, sums stay numbers (tenge with two decimals).
"""

import csv
import io
from typing import Final

from chalicelib.domain.money import Settlement

COLUMNS: Final = ("day", "checkpoint", "class", "fee_count", "fees_kzt", "forfeit_count", "forfeits_kzt", "total_kzt", "due_on")
RISKY: Final = tuple("=+-@\t\r\n\0;＝＋－＠")


def write_csv(settlement: Settlement) -> bytes:
    """
    Write one row a checkpoint and class, and their total (RFC 4180, UTF-8 with a mark that spreadsheets look for).
    """
    drawn = io.StringIO(newline="")
    writer = csv.writer(drawn, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    day, due_on = str(settlement.day), str(settlement.due_on)
    for row in settlement.rows:
        counted = (row.fee_count, tenge(row.fees), row.forfeit_count, tenge(row.forfeits), tenge(row.fees + row.forfeits))
        writer.writerow((day, harmless(row.checkpoint), harmless(row.place_class), *counted, due_on))
    fees, forfeits = sum(row.fees for row in settlement.rows), sum(row.forfeits for row in settlement.rows)
    counts = (sum(row.fee_count for row in settlement.rows), sum(row.forfeit_count for row in settlement.rows))
    writer.writerow((day, "total", "", counts[0], tenge(fees), counts[1], tenge(forfeits), tenge(settlement.due), due_on))
    return drawn.getvalue().encode("utf-8-sig")


def tenge(tiyn: int) -> str:
    """
    Write a sum of tiyn in tenge: `8650.00`.
    """
    whole, rest = divmod(abs(tiyn), 100)
    return f"{'-' if tiyn < 0 else ''}{whole}.{rest:02d}"


def harmless(text: str) -> str:
    """
    Keep a text from being taken for a formula (OWASP ASVS 1.2.10).
    """
    return f"'{text}" if text.startswith(RISKY) else text
