"""
The test cards (Stripe documentation, "Test card numbers", PaymentMethods).
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Failure:
    """
    Why a card is declined.
    """

    code: str
    message: str
    decline_code: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """
    A test card, how a payment with it ends, and how a refund to it: at once, `pending` at first, or `failed` afterwards.
    """

    brand: str = "visa"
    last4: str = "4242"
    failure: Failure | None = None
    disputed: bool = False
    refunds: str = "succeeded"

    def summary(self) -> dict[str, Any]:
        """
        What a PaymentMethod tells of the card; there is no number to tell.
        """
        return {
            "brand": self.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": None},
            "country": "US",
            "display_brand": self.brand,
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": f"local{self.brand}{self.last4}",
            "funding": "credit",
            "generated_from": None,
            "last4": self.last4,
            "networks": {"available": [self.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        }

    def details(self) -> dict[str, Any]:
        """
        What a Charge tells of the card.
        """
        same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "regulated_status", "wallet")
        return {name: self.summary()[name] for name in same} | {
            "installments": None,
            "mandate": None,
            "network": self.brand,
            "three_d_secure": None,
        }


def _declined(decline_code: str) -> Failure:
    return Failure("card_declined", "Your card was declined.", decline_code)


CARDS = {
    "pm_card_visa": Card(),
    "pm_card_mastercard": Card(brand="mastercard", last4="4444"),
    "pm_card_chargeDeclined": Card(last4="0002", failure=_declined("generic_decline")),
    "pm_card_visa_chargeDeclined": Card(last4="0002", failure=_declined("generic_decline")),
    "pm_card_chargeDeclinedInsufficientFunds": Card(last4="9995", failure=_declined("insufficient_funds")),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Card(last4="9995", failure=_declined("insufficient_funds")),
    "pm_card_chargeDeclinedExpiredCard": Card(last4="0069", failure=Failure("expired_card", "Your card has expired.")),
    "pm_card_chargeDeclinedIncorrectCvc": Card(last4="0127", failure=Failure("incorrect_cvc", "Your card's security code is incorrect.")),
    "pm_card_chargeDeclinedProcessingError": Card(
        last4="0119", failure=Failure("processing_error", "An error occurred while processing your card. Try again in a little bit.")
    ),
    "pm_card_createDispute": Card(last4="0259", disputed=True),
    "pm_card_pendingRefund": Card(last4="7726", refunds="pending"),
    "pm_card_refundFail": Card(last4="5126", refunds="failed"),
}
BY_LAST4 = {card.last4: card for card in CARDS.values()}
