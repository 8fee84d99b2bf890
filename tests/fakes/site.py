"""
The use cases of calling and of the gate, as `wiring/site.py` builds them, for tests.
"""
# ruff: noqa: D102  - each property is the use case of its name

from functools import cached_property

from chalicelib.usecases.annul_no_show import AnnulNoShow
from chalicelib.usecases.call_vehicle import CallVehicle
from chalicelib.usecases.confirm_crossing import ConfirmCrossing
from chalicelib.usecases.gather_evidence import GatherEvidence
from chalicelib.usecases.keep_time import KeepTime
from chalicelib.usecases.measure_line import MeasureLine
from chalicelib.usecases.passing import Passing
from chalicelib.usecases.publish_admissions import PublishAdmissions
from chalicelib.usecases.receive_journal import ReceiveJournal
from chalicelib.usecases.register_passage import RegisterPassage
from chalicelib.usecases.repace import Repace
from chalicelib.usecases.say_ready import SayReady
from chalicelib.usecases.show_board import ShowBoard
from chalicelib.usecases.state_register import StateRegister
from tests.factories import LANES


class Site:
    """
    Use cases by name, built at first use, out of an office's parts.
    """

    @cached_property
    def measure(self):
        return MeasureLine(**self._parts("bookings", "places", "passages", "clock", "rules_on"))

    @cached_property
    def calling(self):
        return CallVehicle(**self._parts("committer", "bookings", "passages", "clock", "rules_on"), measure=self.measure)

    @cached_property
    def passing(self):
        return Passing(**self._parts("places", "locks", "ledger"))

    @cached_property
    def repace(self):
        return Repace(**self._parts("committer", "bookings", "passages", "clock", "rules_on"))

    @cached_property
    def state_register(self):
        parts = self._parts("committer", "passages")
        return StateRegister(**parts, passing=self.passing, registers=lambda: self.registers)

    @cached_property
    def crossing(self):
        parts = self._parts("committer", "bookings", "passages", "clock", "rules_on")
        return ConfirmCrossing(**parts, register=self.state_register)

    @cached_property
    def annul(self):
        names = ("committer", "bookings", "places", "locks", "ledger", "clock", "chance", "rules_on")
        evidence = GatherEvidence(**self._parts("places", "passages"), lane_kind=lambda _, lane: LANES[lane][0], measure=self.measure)
        return AnnulNoShow(**self._parts(*names), evidence=evidence, register=self.state_register, repace=self.repace)

    @cached_property
    def time(self):
        names = ("committer", "bookings", "places", "locks", "ledger", "clock", "chance", "rules_on")
        return KeepTime(**self._parts(*names), call=self.calling, annul=self.annul)

    @cached_property
    def ready(self):
        return SayReady(**self._parts("committer", "bookings", "requests", "clock", "rules_on"))

    @cached_property
    def register(self):
        names = ("committer", "bookings", "passages", "requests", "clock", "chance", "rules_on")
        return RegisterPassage(**self._parts(*names), passing=self.passing)

    @cached_property
    def journal(self):
        parts = self._parts("committer", "bookings", "places", "locks", "ledger", "passages", "clock", "rules_on")
        return ReceiveJournal(**parts, link=lambda: self.link)

    @cached_property
    def admissions(self):
        parts = self._parts("committer", "bookings", "places", "passages", "clock", "rules_on")
        return PublishAdmissions(**parts, link=lambda: self.link, signer=lambda: self.signer)

    @cached_property
    def board(self):
        return ShowBoard(**self._parts("committer", "passages", "clock"), link=lambda: self.link, measure=self.measure)
