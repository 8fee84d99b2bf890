"""
The use cases of cabinets: notices to be read, devices that push notices go to, links by which drivers follow a booking.
"""

from chalicelib.usecases.keep_push_tokens import KeepPushTokens
from chalicelib.usecases.read_notifications import ReadNotifications
from chalicelib.usecases.share_booking import ShareBooking
from chalicelib.wiring.outside import configuration, once, parts


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
