"""
An office's part for other people who pay: links given, and paid by.
"""
# ruff: noqa: D102  - each property is the use case of its name

from functools import cached_property

from chalicelib.usecases.pay_by_link import PayByLink
from chalicelib.usecases.share_payment import SharePayment


class Payers:
    """
    What payment links need, on an office's own store and clock.
    """

    @cached_property
    def by_link(self):
        return PayByLink(self.pay, self.store.payment_links, self.store.driver_links)

    @cached_property
    def share_payment(self):
        names = ("committer", "bookings", "places", "locks", "ledger", "payment_links", "requests", "keyed", "clock", "rules_on")
        return SharePayment(**self._parts(*names), pages=lambda: "https://queue.test")

    def link_for(self, booking):
        """
        Give the payment link of a booking: its token.
        """
        account = self.store.bookings.get(booking).account
        return self.share_payment.give(account=account, booking=booking, request=None).answer["url"].rpartition("/")[2]
