"""
The use cases of cabinets: notices to be read, devices that push notices go to, links by which drivers follow a booking and others pay for it.
"""

from chalicelib.usecases.keep_push_tokens import KeepPushTokens
from chalicelib.usecases.pay_by_link import PayByLink
from chalicelib.usecases.read_notifications import ReadNotifications
from chalicelib.usecases.share_booking import ShareBooking
from chalicelib.usecases.share_payment import SharePayment
from chalicelib.wiring.outside import configuration, once, parts
from chalicelib.wiring.users import pay_booking


@once
def read_notifications() -> ReadNotifications:
    """
    §29, §34.
    """
    return ReadNotifications(**parts("committer", "notifications", "bookings", "clock", "rules_on"))


@once
def keep_push_tokens() -> KeepPushTokens:
    """
    §29, §34.
    """
    return KeepPushTokens(**parts("accounts", "people", "clock"))


@once
def share_booking() -> ShareBooking:
    """
    Driver links.
    """
    names = ("committer", "bookings", "driver_links", "requests", "keyed", "clock", "rules_on")
    return ShareBooking(**parts(*names), pages=lambda: configuration().pages_url)


@once
def share_payment() -> SharePayment:
    """
    §23: payment links.
    """
    names = ("committer", "bookings", "places", "locks", "ledger", "payment_links", "requests", "keyed", "clock", "rules_on")
    return SharePayment(**parts(*names), pages=lambda: configuration().pages_url)


@once
def pay_by_link() -> PayByLink:
    """
    §23: who pays by one.
    """
    return PayByLink(pay_booking(), **parts("payment_links", "driver_links"))
