"""
What the night does beside opening and settling days.
"""

from chalicelib.usecases.follow_figures import FollowFigures
from chalicelib.usecases.forget_people import ForgetPeople
from chalicelib.wiring.outside import once, parts


@once
def follow_figures() -> FollowFigures:
    """
    §29, §34, D16.
    """
    return FollowFigures(**parts("committer", "bookings", "walks", "clock", "rules_on"))


@once
def forget_people() -> ForgetPeople:
    """
    D31.
    """
    return ForgetPeople(**parts("people", "accounts", "bookings", "complaints", "bank_books", "clock", "rules_on"))
