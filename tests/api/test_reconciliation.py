"""
What finance sees of the comparison with the payment provider.
"""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.reconciliation import LEDGER, PROVIDER, Cause, Difference
from chalicelib.usecases.ports import Write


@pytest.mark.rule("24", "D30")
class TestReconciliation:
    def test_shows_what_stands_and_what_has_cleared(self, house):
        """
        Cause, both sums and age of each, latest first, page by page; cleared ones by themselves.
        """
        now, finance = wiring.clock().wall(), house.staff("finance")
        old = Difference("provider:txn_1", PROVIDER, "payout", "po_1", Cause.UNKNOWN_HERE, None, -5, now - timedelta(days=3), now, 1)
        new = Difference("ledger:acc_1:charge:a", LEDGER, "top_up", "charge:a", Cause.AMOUNT_DIFFERS, 7, 6, now - timedelta(days=1), now, 1)
        wiring.store().commit(Write(old), Write(new))

        first = house.get("/v1/finance/reconciliation?limit=1", finance).json
        second = house.get(f"/v1/finance/reconciliation?limit=1&cursor={first['next_cursor']}", finance).json

        (later,), (earlier,) = first["items"], second["items"]
        assert ("amount_differs", 7, 6, 1) == (later["cause"], later["ours"]["amount"], later["theirs"]["amount"], later["age_days"])
        assert ("unknown_here", "po_1", -5, 3) == (earlier["cause"], earlier["subject"], earlier["theirs"]["amount"], earlier["age_days"])
        assert "ours" not in earlier
        wiring.store().commit(Write(old.cleared(now), 1))
        assert [old.id] == [each["id"] for each in house.get("/v1/finance/reconciliation?cleared=true", finance).json["items"]]
