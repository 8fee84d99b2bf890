"""
A clock that the test moves.
"""

from datetime import timedelta


class MovableClock:
    """
    Business time as the test says.
    """

    def __init__(self, moment):
        self.moment = moment

    def now(self):
        """
        The moment set.
        """
        return self.moment

    def advance(self, seconds):
        """
        Move on.
        """
        self.moment += timedelta(seconds=seconds)


class Ticks:
    """
    Monotonic (or wall) seconds as the test says.
    """

    def __init__(self, start=0.0):
        self.seconds = start

    def __call__(self):
        """
        The seconds set.
        """
        return self.seconds

    def advance(self, seconds):
        """
        Move on.
        """
        self.seconds += seconds
