"""
Notices are worded when they are sent: phone and language are looked up then; the profile's personal fields lie in their own store (§29, §34).
"""

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.records import OutboxMessage, Task
from chalicelib.usecases.keep_profile import KeepProfile
from chalicelib.usecases.notify import Notify
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import PersonalDataUnavailableError, PersonRecord, Write
from chalicelib.usecases.read_bookings import ReadBookings
from tests import factories
from tests.factories import SLOT
from tests.fakes import samples
from tests.fakes.office import AGREEMENT
from tests.fakes.outside import Messengers
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

PHONE = "+77011234567"


class Away:
    """
    A personal data store that does not answer.
    """

    def get_many(self, ids, *, purpose):
        """
        Fail.
        """
        raise PersonalDataUnavailableError(purpose)


def spelled(name, language, parameters):
    """
    Word a notice by its parts.
    """
    return f"{name}/{language}/{parameters.get('number', '')}/{parameters.get('code', '')}"


@pytest.fixture
def known(office):
    """
    An account whose person has a phone.
    """
    office.store.commit(Write(samples.account()))
    office.people.put([PersonRecord("per_1", "account", {"phone": PHONE})])
    return office


def notifying(office, **changes):
    """
    The use case with its messenger.
    """
    messengers = Messengers()
    parts = {"accounts": office.store.accounts, "bookings": office.store.bookings, "people": office.people, **changes}
    return messengers, Notify(**parts, codes=office.sign_in.codes, messengers=messengers, text=spelled, rules_on=lambda _: RULES)


def waiting(office, task=Task.NOTIFY):
    """
    Give the messages that wait.
    """
    return [row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=NOW, limit=50) if row.task is task]


class TestNotice:
    @pytest.mark.rule("29", "34")
    def test_goes_to_the_accounts_phone_in_the_bookings_language_once(self, known):
        """
        Sent twice it arrives once, by its id.
        """
        known.confirmed(language="kk")
        messengers, notify = notifying(known)
        for _ in range(2):
            for row in waiting(known):
                notify(row)

        assert [(PHONE, "confirmed/kk/NZH-261203-14-01/")] == list(messengers.sent.values())

    @pytest.mark.rule("15")
    def test_of_a_code_derives_it(self, known):
        """
        The row names the challenge; the code is only in the text.
        """
        challenge = known.sign_in.request_code(phone=PHONE, channel="sms", language="en")
        messengers, notify = notifying(known)
        notify(waiting(known)[0])

        ((to, text),) = messengers.sent.values()
        assert (PHONE, f"code/en//{known.sign_in.codes.code_of(challenge.id)}") == (to, text)

    def test_waits_for_the_personal_data_store(self, known):
        """
        Without the phone nothing is sent and the message stays: the error reaches the sweep.
        """
        known.confirmed()
        messengers, notify = notifying(known, people=Away())
        with pytest.raises(PersonalDataUnavailableError):
            notify(waiting(known)[0])

        assert {} == messengers.sent

    def test_to_nobody_is_no_error(self, known):
        """
        An account or phone that is gone has nobody to tell: the message is done with.
        """
        messengers, notify = notifying(known)
        notify(OutboxMessage("m", Task.NOTIFY, "a", 1, NOW, NOW, {"template": "t", "account": "acc_gone"}))
        known.people.erase(["per_1"])
        notify(OutboxMessage("n", Task.NOTIFY, "a", 1, NOW, NOW, {"template": "t", "account": "acc_1"}))

        assert {} == messengers.sent


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
        parts = {name: getattr(office.store, name) for name in ("bookings", "locks", "histories")} | {"people": office.people}
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
