"""
A closed day and everything about its files, as the suite of the ports keeps them.
"""

from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.remittance import Download, Export, FileKind
from chalicelib.domain.settlements import Balance, Settlement, SettlementRow
from chalicelib.gateways.remittance.requisites import read_requisites
from local.supervisor.requisites import sample_requisites

DAY = date(2026, 12, 3)
CLOSED = datetime(2026, 12, 3, 19, 15, tzinfo=UTC)
REGION = "19"


def row(**changes):
    """
    What one checkpoint and class brought in.
    """
    fields = {"checkpoint": "nur-zholy", "place_class": "general", "fees": 432_500, "fee_count": 1, "forfeits": 0, "forfeit_count": 0}
    return SettlementRow(**{**fields, "region": REGION, **changes})


def settlement(*rows, **changes):
    """
    A closed day with these rows, or one.
    """
    fields = {"day": DAY, "closed_at": CLOSED, "due_on": DAY + timedelta(days=3), "remit_on": DAY + timedelta(days=1), "funded": 400_000}
    return Settlement(**{**fields, "rows": rows or (row(),), **changes})


def requisites(*regions):
    """
    Bank details of nobody.
    """
    return read_requisites(sample_requisites(regions or (REGION,)))


def everything():
    """
    One of each.
    """
    return [
        settlement(),
        Balance(DAY, {"bank": -1}, {"bank": -400_000, "fee_revenue": 400_000}, 7, remitted=5, ordered=6),
        Export(DAY, CLOSED, requisites(), {"csv": "ab" * 32}),
        Download(DAY, "2026-12-04T04:00:00.000000+00:00-dl_1", FileKind.CSV, "acc_1", CLOSED, "ab" * 32, 812),
    ]
