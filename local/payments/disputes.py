"""
Disputes: answered with evidence, given up, and how they end (Stripe documentation, "Testing", disputes).
"""

from typing import Any

from local.payments.account import Account, Call
from local.payments.parameters import Parameters
from local.payments.problems import forbidden_step
from local.payments.shapes import new_balance_transaction

VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}


def update(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/disputes/{id}: submitted evidence of `winning_evidence` or `losing_evidence` decides it at once.
    """
    given = call.parameters
    given.only("evidence", "metadata", "submit")
    dispute = _open(account, call)
    text = Parameters(given.mapping("evidence")).text("uncategorized_text")
    dispute["metadata"] |= given.metadata()
    dispute["evidence_details"] |= {
        "has_evidence": text is not None,
        "submission_count": dispute["evidence_details"]["submission_count"] + 1,
    }
    if text in VERDICTS:
        return _close(account, call, dispute, status=VERDICTS[str(text)])
    dispute["status"] = "under_review"
    account.objects.put(dispute)
    return dispute


def close(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/disputes/{id}/close: given up, so lost.
    """
    call.parameters.only()
    return _close(account, call, _open(account, call), status="lost")


def _open(account: Account, call: Call) -> dict[str, Any]:
    dispute = account.objects.get(kind="dispute", reference=call.reference)
    if dispute["status"] in {"won", "lost"}:
        raise forbidden_step("This dispute is already closed", code="dispute_already_closed")
    return dispute


def _close(account: Account, call: Call, dispute: dict[str, Any], *, status: str) -> dict[str, Any]:
    dispute["status"] = status
    if status == "won":
        entry = new_balance_transaction(kind="adjustment", source=dispute["id"], amount=dispute["amount"], now=call.now)
        entry["reporting_category"] = "dispute_reversal"
        dispute["balance_transactions"].append(entry)
        account.objects.put(entry)
    account.objects.put(dispute)
    account.emit("charge.dispute.closed", subject=dispute, call=call)
    if status == "won":
        account.emit("charge.dispute.funds_reinstated", subject=dispute, call=call)
    return dispute
