"""
What users change in a paid booking, as the office does it: the use cases, and short words for them.
"""
# ruff: noqa: D102  - each property is the use case of its name

from functools import cached_property

from chalicelib.domain.bookings import Excuse, Happening
from chalicelib.domain.happenings import event_of
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.change_class import ChangeClass
from chalicelib.usecases.change_drivers import ChangeDrivers
from chalicelib.usecases.change_trailer import ChangeTrailer
from chalicelib.usecases.correct_plate import Correction, CorrectPlate
from chalicelib.usecases.moving import Moving
from chalicelib.usecases.ports import Committed, Write
from chalicelib.usecases.relocate_booking import Elsewhere, RelocateBooking
from chalicelib.usecases.reschedule_booking import RescheduleBooking, Wish
from chalicelib.usecases.verify_change import VerifyChange
from tests import factories
from tests.fakes.rules import RULES
from tests.fakes.samples import HERE

CODES = {HERE: "NZH", "dostyk": "DOS", "kordai": "KOR"}
COUNTRIES = {HERE: "CN", "dostyk": "CN", "kordai": "KG"}


class Changes:
    """
    Mixed into the office, whose store, clock and chance it uses.
    """

    @cached_property
    def moving(self):
        return Moving(**self._parts("committer", "places", "locks", "ledger", "chance"), code_of=lambda id_: CODES[id_])

    @cached_property
    def relocate(self):
        return RelocateBooking(**self._parts("bookings", "requests", "clock", "rules_on"), toward=COUNTRIES.get, moving=self.moving)

    @cached_property
    def reschedule(self):
        parts = self._parts("bookings", "accounts", "requests", "clock", "rules_on", "tariff_on")
        return RescheduleBooking(**parts, moving=self.moving, ground=self.ground, choose=self.relocate)

    @cached_property
    def verify_change(self):
        return VerifyChange(ask=self.verify.ask, sources=jurisdiction().verification_sources, inapplicable=lambda *_: False)

    @cached_property
    def drivers(self):
        names = ("committer", "bookings", "accounts", "ledger", "requests", "people", "clock", "chance", "rules_on")
        return ChangeDrivers(**self._parts(*names), verify=self.verify_change, consents=self.consents.start, proofs=self.consents.proofs)

    @cached_property
    def trailer(self):
        names = ("committer", "bookings", "accounts", "ledger", "requests", "clock", "rules_on")
        return ChangeTrailer(**self._parts(*names), verify=self.verify_change)

    @cached_property
    def plate(self):
        names = ("committer", "bookings", "accounts", "locks", "ledger", "requests", "clock", "rules_on")
        return CorrectPlate(**self._parts(*names), verify=self.verify_change, home=lambda: "KZ")

    @cached_property
    def demote(self):
        return ChangeClass(**self._parts("committer", "bookings", "requests", "clock", "rules_on"))

    def drivers_for(self, booking, *, index=None, person=None, key=None, consent=True):
        """
        Add, replace or take off a driver: the outcome.
        """
        account = self.store.bookings.get(booking).account
        request = factories.request(key or self.chance.id("crew"))
        return self.drivers(account=account, booking=booking, index=index, person=person, request=request, consent=consent)

    def trailer_for(self, booking, trailer, *, key=None):
        """
        Change the trailer: the outcome.
        """
        account = self.store.bookings.get(booking).account
        return self.trailer(account=account, booking=booking, trailer=trailer, request=factories.request(key or self.chance.id("trl")))

    def correct_for(self, booking, plate, *, key=None):
        """
        Correct the plate: the outcome.
        """
        account = self.store.bookings.get(booking).account
        request = factories.request(key or self.chance.id("plt"))
        return self.plate(account=account, booking=booking, correction=Correction(plate), request=request)

    def reschedule_for(self, booking, slot, *, pays=False, key=None):
        """
        Take another time: the outcome.
        """
        account = self.store.bookings.get(booking).account
        request = factories.request(key or self.chance.id("move"))
        return self.reschedule(account=account, booking=booking, wish=Wish(slot, pays), request=request)

    def relocate_for(self, booking, slot, *, checkpoint=HERE, key=None):
        """
        Take another place after D21: the outcome.
        """
        account = self.store.bookings.get(booking).account
        request = factories.request(key or self.chance.id("move"))
        return self.relocate(account=account, booking=booking, elsewhere=Elsewhere(checkpoint, slot), request=request)

    def preview_relocation(self, booking, slot, *, checkpoint=HERE):
        """
        Ask where the other place would be: the outcome.
        """
        account = self.store.bookings.get(booking).account
        return self.relocate.preview(account=account, booking=booking, elsewhere=Elsewhere(checkpoint, slot))

    def withdraw_for(self, booking, *, key=None):
        """
        End a booking with everything back: the outcome.
        """
        account = self.store.bookings.get(booking).account
        return self.cancel.withdraw(account=account, booking=booking, request=factories.request(key or f"withdraw-{booking}"))

    def excused(self, booking, ground="closure"):
        """
        Let something befall a booking through no fault of its user.
        """
        seen = self.booking(booking)
        now = self.clock.now()
        after = seen.after(Happening.SHIFTED, excuse=Excuse(ground, "msr_1", now))
        event = event_of(booking=after, happening=Happening.SHIFTED, at=now, by="officer:acc_o", rules=RULES, ground="D21")
        assert self.store.commit(Write(after, seen.version), Write(event)) == Committed()
