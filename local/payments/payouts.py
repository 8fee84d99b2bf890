"""
Payouts: what was collected goes to the account holder's bank, at once, unless that bank does not take it.
"""

from typing import Any

from local.payments.account import Account, Call
from local.payments.intents import AMOUNT_MAX
from local.payments.problems import forbidden_step, invalid
from local.payments.shapes import CURRENCY, new_balance_transaction, new_payout

BANK = "ba_local"
FAILING_BANK = "ba_local_failing"
"""A destination that first seems to be paid and then sends the money back, as banks do."""


def create(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/payouts of no more than the balance; answered as it is at first, told on until its end.
    """
    given = call.parameters
    given.only("amount", "currency", "description", "destination", "metadata", "method", "statement_descriptor")
    amount = given.positive("amount")
    if amount is None or amount > AMOUNT_MAX:
        raise invalid("Missing required param: amount.", code="parameter_missing", param="amount")
    if given.needed("currency").lower() != CURRENCY:
        raise invalid(f"This account takes {CURRENCY}.", param="currency")
    if amount > balance(account):
        raise forbidden_step("You have insufficient funds in your Stripe account for this transfer.", code="balance_insufficient")
    destination = given.text("destination", choices=(BANK, FAILING_BANK)) or BANK
    payout = new_payout(amount=amount, destination=destination, metadata=given.metadata(), now=call.now)
    entry = new_balance_transaction(kind="payout", source=payout["id"], amount=-amount, now=call.now)
    payout["balance_transaction"] = entry["id"]
    account.objects.put(entry)
    account.objects.put(payout)
    account.emit("payout.created", subject=payout, call=call)
    first = dict(payout)
    _pay(account, call, payout)
    return first


def _pay(account: Account, call: Call, payout: dict[str, Any]) -> None:
    payout["status"] = "paid"
    account.objects.put(payout)
    account.emit("payout.paid", subject=payout, call=call)
    if payout["destination"] != FAILING_BANK:
        return
    back = new_balance_transaction(kind="payout_failure", source=payout["id"], amount=payout["amount"], now=call.now)
    payout |= {
        "status": "failed",
        "failure_balance_transaction": back["id"],
        "failure_code": "account_closed",
        "failure_message": "The bank account has been closed.",
    }
    account.objects.put(back)
    account.objects.put(payout)
    account.emit("payout.failed", subject=payout, call=call)


def balance(account: Account) -> int:
    """
    Sum what every entry left.
    """
    return account.objects.total(kind="balance_transaction", field="net")
