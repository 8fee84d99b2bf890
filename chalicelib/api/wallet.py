"""
The user's money: figures, the lines behind them, top-ups by card, and the way back.
"""

from chalicelib import wiring
from chalicelib.api.answers import Answer
from chalicelib.api.call import AnyCall, Call
from chalicelib.api.invoices import asked
from chalicelib.api.operation import Answered, Key, Rate, operation
from chalicelib.api.parameters import USER
from chalicelib.api.requests import acting_once
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.me import EntryPage, RefundRequest, RefundsView, TopUpRequest, TopUpView, WalletView
from chalicelib.api.views.money import entry_page, intent_view, refunds_view, wallet_view
from chalicelib.domain.decisions import Code
from chalicelib.usecases.outcomes import Done, Missing

WALLET = ("Wallet",)


@operation("GET", "/v1/me/wallet", response=WalletView, roles=USER, polled=True, rule="§23", tags=WALLET, summary="My wallet")
def get_wallet(call: AnyCall) -> Answered:
    """
    What is available, held and owed.
    """
    profile = wiring.keep_profile().read(account=call.account)
    return profile if isinstance(profile, Missing) else wallet_view(profile.wallet)


@operation(
    "GET",
    "/v1/me/wallet/entries",
    query=PageQuery,
    response=EntryPage,
    roles=USER,
    tags=WALLET,
    summary="The ledger lines behind my wallet",
)
def list_entries(call: Call[None, PageQuery]) -> Answered:
    """
    Newest first; an entry's legs sum to zero, and none is ever edited.
    """
    found = wiring.keep_profile().entries(account=call.account, limit=call.query.limit, cursor=call.query.cursor)
    return entry_page(found)


@operation(
    "POST",
    "/v1/me/wallet/top-ups",
    request=TopUpRequest,
    response=TopUpView,
    status=201,
    roles=USER,
    idempotency=Key.REQUIRED,
    problems=(Code.PAYEE_UNKNOWN,),
    rate=Rate.PAYMENT,
    rule="§23",
    tags=WALLET,
    summary="Put money on my wallet",
)
def top_up(call: Call[TopUpRequest, None]) -> Answered:
    """
    Opens a card payment, which only the provider's webhook brings in, or makes an invoice to pay by bank transfer.
    """
    key, amount = acting_once(call.idempotency_key), call.body.amount.amount
    if call.body.method == "bank_transfer":
        return asked(wiring.ask_invoice()(account=call.account, amount=amount, request=key), call)
    done = wiring.top_up_wallet()(account=call.account, amount=amount, request=key)
    if not isinstance(done, Done):
        return done
    return Answer(intent_view(wiring.pay_booking().intent(attempt=str(done.answer["attempt"]))), done.status)


@operation(
    "POST",
    "/v1/me/wallet/refunds",
    request=RefundRequest,
    response=RefundsView,
    status=201,
    roles=USER,
    idempotency=Key.REQUIRED,
    rate=Rate.PAYMENT,
    problems=(Code.INSUFFICIENT_FUNDS, Code.NOT_REFUNDABLE),
    rule="§28",
    tags=WALLET,
    summary="Take available money back",
)
def refund(call: Call[RefundRequest, None]) -> Answered:
    """
    Back to the cards it came from, the oldest payment first; the wallet lets it go at once, the card gets it within days.
    """
    key, amount = acting_once(call.idempotency_key), call.body.amount.amount
    done = wiring.refund_wallet()(account=call.account, amount=amount, request=key)
    if not isinstance(done, Done):
        return done
    return Answer(refunds_view(wiring.refund_wallet().find(refunds=done.answer["refunds"])), done.status)
