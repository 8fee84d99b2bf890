from typing import Literal

from pydantic import Field, RootModel, model_validator

from chalicelib.api.languages import Language
from chalicelib.api.schemas.base import Page, Request, View, absent
from chalicelib.api.schemas.fields import Email, Moment, Money, Text, fault
from chalicelib.api.schemas.invoices import InvoiceView
from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.refunds import RefundState

LEAST_TOP_UP = 10_000
MOST_TOP_UP = 99_999_999
"""Tiyn: 100 ₸, and the most that the provider takes at once."""
MOST_TRANSFER = 10_000_000_000
"""Tiyn: 100 million ₸, a fleet's month; more is a slip."""
MOST_REFUND = 10**12
"""Tiyn: more than any wallet of one person is worth."""


Channel = Literal["push", "messenger", "sms"]


class BlockView(View):
    """
    Why an account may not book.
    """

    kind: Literal["false_data", "debt"]
    since: Moment | None = absent()
    rule: str = Field(examples=["§27"])
    reason: str


class MeView(View):
    """
    The account as its holder sees it. Personal fields are left out while their store is away: `personal_data` says so.
    """

    id: str
    kind: Literal["natural", "legal"]
    resident: bool
    iin: str | None = absent()
    bin: str | None = absent()
    name: str | None = absent()
    phone: str | None = absent()
    email: str | None = absent()
    language: Language
    channels: list[Channel]
    roles: list[str]
    checkpoints: list[str]
    head: bool | None = absent(description="Heads the registrar and decides complaints (§6-2).")
    agreement_version: str | None = absent()
    agreed_at: Moment | None = absent()
    blocks: list[BlockView]
    personal_data: Literal["unavailable"] | None = absent()


class MeChanges(Request):
    """
    What may be changed at will; IIN and BIN are set by proof, the phone by a code to it.
    """

    kind: Literal["natural", "legal"] | None = None
    resident: bool | None = None
    name: Text | None = None
    email: Email | None = None
    language: Language | None = None
    channels: list[Channel] | None = Field(
        default=None,
        min_length=1,
        max_length=3,
        description="How notices reach me: the first that works, in this order. What the law asks for comes by push and by SMS in any case.",
        examples=[["push", "sms"]],
    )


class AgreementRequest(Request):
    """
    The version that was read.
    """

    version: str = Field(min_length=1, max_length=32)


class AgreedView(View):
    """
    The agreement is signed.
    """

    version: str
    agreed_at: Moment


class WalletView(View):
    """
    Available to spend, held for bookings, owed.
    """

    available: Money
    held: Money
    debt: Money


class LegView(View):
    """
    A change of one ledger account; those of an entry sum to zero.
    """

    account: LedgerAccount
    amount: Money


class EntryView(View):
    """
    One immutable movement; `available`, `held` and `debt` say how it changed the wallet.
    """

    id: str
    kind: str
    at: Moment
    available: Money
    held: Money
    debt: Money
    legs: list[LegView]
    booking: str | None = absent()
    checkpoint: str | None = absent()
    reference: str | None = absent()


class EntryPage(Page[EntryView]):
    """
    Entries, newest first.
    """


class TopUpAmount(Money):
    """
    What is put on the wallet: by card at most 999,999.99 ₸.
    """

    amount: int = Field(ge=LEAST_TOP_UP, le=MOST_TRANSFER, description="Tiyn.", examples=[865000])


class TopUpRequest(Request):
    """
    A payment into the wallet, by card at once or by a transfer to the registrar's account (§23).
    """

    amount: TopUpAmount
    method: Literal["card", "bank_transfer"] = "card"

    @model_validator(mode="after")
    def check_amount(self) -> "TopUpRequest":
        """
        Refuse more than the card payment provider takes at once.
        """
        if self.method == "card" and self.amount.amount > MOST_TOP_UP:
            raise fault("less_than_equal", field="amount.amount", le=str(MOST_TOP_UP))
        return self


class RefundAmount(Money):
    """
    What goes back to the cards.
    """

    amount: int = Field(ge=1, le=MOST_REFUND, description="Tiyn.", examples=[865000])


class RefundRequest(Request):
    """
    Available money to be given back.
    """

    amount: RefundAmount


class RefundView(View):
    """
    One refund to the card of one payment; `started` and `sent` are on their way, a `failed` one is in the wallet again.
    """

    id: str
    amount: Money
    status: RefundState
    payment_intent: str
    created_at: Moment


class RefundsView(View):
    """
    A sum on its way back, by the payments it came from, the oldest first.
    """

    amount: Money
    refunds: list[RefundView]


class IntentView(View):
    """
    A card payment to be confirmed at the provider; only its webhook brings the money in.
    """

    payment_intent: str
    client_secret: str
    status: str
    amount: Money


class TopUpView(RootModel[IntentView | InvoiceView]):
    """
    How the money is to come: a card payment to confirm, or an invoice to pay by transfer.
    """
