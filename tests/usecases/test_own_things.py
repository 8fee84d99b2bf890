"""
The profile's personal fields lie in their own store; a booking is shown to its owner, and to officers of its checkpoint.
"""

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.usecases.keep_profile import KeepProfile
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import PersonRecord, Write
from chalicelib.usecases.read_bookings import ReadBookings
from tests import factories
from tests.factories import SLOT
from tests.fakes import samples
from tests.fakes.mailroom import Away
from tests.fakes.office import AGREEMENT
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

PHONE = "+77011234567"


@pytest.fixture
def known(office):
    """
    An account whose person has a phone.
    """
    office.store.commit(Write(samples.account()))
    office.people.put([PersonRecord("per_1", "account", {"phone": PHONE})])
    return office


class TestProfile:
    def profile(self, office, **changes):
        """
        The use case.
        """
        parts = {"committer": office.store, "accounts": office.store.accounts, "people": office.people, "ledger": office.store.ledger}
        return KeepProfile(**{**parts, **changes}, clock=office.clock, agreement_version=lambda: AGREEMENT)

    def test_keeps_personal_fields_in_their_store_only(self, known):
        """
        Language is the account's, the name the person's; both are read together, without the store the account alone.
        """
        seen = self.profile(known).change(account="acc_1", changes={"language": "en", "name": "Асқар"})

        assert ("en", {"phone": PHONE, "name": "Асқар"}) == (seen.account.language, seen.fields)
        away = self.profile(known, people=Away()).read(account="acc_1")
        assert ("en", None) == (away.account.language, away.fields)
        assert Missing() == self.profile(known).read(account="acc_none")

    @pytest.mark.rule("3", "15")
    def test_signs_the_agreement_in_force(self, known):
        """
        Another version is refused; the right one is signed once.
        """
        profile = self.profile(known)

        assert [Code.AGREEMENT_OUTDATED] == [reason.code for reason in profile.agree(account="acc_1", version="1999").reasons]
        signed = [profile.agree(account="acc_1", version=AGREEMENT) for _ in range(2)]
        assert (AGREEMENT, NOW, 2) == (signed[0].agreement_version, signed[0].agreed_at, signed[1].version)
        assert Missing() == profile.agree(account="acc_none", version=AGREEMENT)


class TestReading:
    def reads(self, office, **changes):
        """
        The use case.
        """
        parts = {name: getattr(office.store, name) for name in ("bookings", "locks", "histories", "passages")} | {"people": office.people}
        return ReadBookings(**{**parts, **changes}, clock=office.clock, rules_on=lambda _: RULES)

    def test_shows_the_owner_his_booking_with_its_history(self, known):
        """
        His own, with its events in order; anybody else's is missing; without the personal data store it says so.
        """
        booking = known.confirmed()
        reads = self.reads(known)

        assert ["held", "confirmed"] == [event.kind for event in reads.own(account="acc_1", booking=booking).timeline]
        assert Missing() == reads.own(account="acc_2", booking=booking)
        assert self.reads(known, people=Away()).own(account="acc_1", booking=booking).people is None
        assert [booking] == [seen.booking.id for seen in reads.mine(account="acc_1", limit=10, cursor=None).items]

    @pytest.mark.rule("4")
    def test_shows_officers_what_is_at_their_checkpoints(self, known):
        """
        By plate, VIN, number or day, at their own checkpoints only; somebody of all checkpoints sees all.
        """
        known.open(factories.plan(DAY, checkpoint="dostyk"))
        here, there = known.confirmed(1), known.confirmed(2, checkpoint="dostyk", vehicle=factories.vehicle(1), toward="KG")
        reads = self.reads(known)
        find = lambda where, **by: {seen.booking.id for seen in reads.search(checkpoints=where, **by)}  # noqa: E731
        officer = frozenset({HERE})

        assert [{here}, {here, there}] == [find(where, plates=("KZ#001ABC02",)) for where in (officer, None)]
        assert (
            {here} == find(officer, vin="WDB9634031L000001") == find(officer, day=SLOT.date()) == find(officer, number="NZH-261203-14-01")
        )
        assert set() == find(officer, plates=("KZ#001ABC02",), day=DAY.replace(day=9))
        assert {here} == find(officer, plates=("CN#001ABC02", "KZ#001ABC02"))
        assert Missing() == reads.of_checkpoint(checkpoints=officer, booking=there)
        assert there == reads.of_checkpoint(checkpoints=None, booking=there).booking.id
