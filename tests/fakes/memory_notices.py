"""
The cabinets' and the links' ports of the store's stand-in.
"""
# ruff: noqa: D102  - each method is its port's

from chalicelib.domain.driver_links import DriverLink, LinkToken
from chalicelib.domain.notices import Notification
from chalicelib.domain.payment_links import PaymentLink
from tests.fakes.memory_reads import MemoryReads, page_of


class MemoryNotifications(MemoryReads):
    """
    The port `Notifications`.
    """

    def of_account(self, account, *, now, limit, cursor):
        mine = [each for each in self._shelves.all(Notification) if each.account == account and now < each.keep_until]
        return page_of(sorted(mine, key=lambda each: each.id, reverse=True), limit=limit, cursor=cursor)

    def notification(self, account, notification):
        return self._shelves.get(Notification, (account, notification))


class MemoryDriverLinks(MemoryReads):
    """
    The port `DriverLinks`.
    """

    def links(self, keys):
        return self._by_key(DriverLink, keys)

    def token(self, token_hash):
        return self._shelves.get(LinkToken, token_hash)


class MemoryPaymentLinks(MemoryReads):
    """
    The port `PaymentLinks`.
    """

    def link(self, booking):
        return self._shelves.get(PaymentLink, booking)
