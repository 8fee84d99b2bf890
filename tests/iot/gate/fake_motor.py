"""
A motor that does what the test says.
"""

from iot.gate.motor import Boom


class FakeMotor:
    """
    Notes its orders; `at` and `blocked` are set by the test, or follow the orders when `obedient`.
    """

    def __init__(self, at=Boom.LOWERED, *, obedient=False):
        self.at = at
        self.blocked = False
        self.orders = []
        self._obedient = obedient

    def raise_boom(self):
        """
        Noted.
        """
        self._do("raise", Boom.RAISED)

    def lower_boom(self):
        """
        Noted.
        """
        self._do("lower", Boom.LOWERED)

    def stop(self):
        """
        Noted.
        """
        self.orders.append("stop")

    def boom(self):
        """
        Where the test put it.
        """
        return self.at

    def obstructed(self):
        """
        Whether the test put something under it.
        """
        return self.blocked

    def _do(self, order, end):
        self.orders.append(order)
        self.at = end if self._obedient else Boom.BETWEEN
