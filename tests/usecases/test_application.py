"""
Applying and being verified: the form, the registers, silence, and what a personal data store that is away means (§3, §15–20, D8, D10–D13).
"""

import json
from dataclasses import replace

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.money import Wallet
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.registers import CheckResult
from chalicelib.domain.vehicles import Cargo, Category
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import PersonalDataUnavailableError, Write
from tests import factories
from tests.fakes import samples
from tests.fakes.office import AGREEMENT
from tests.fakes.samples import NOW
from tests.fakes.snapshots import Snapshots


class NobodyHome:
    """
    A personal data store that does not answer.
    """

    def __getattr__(self, name):
        def fail(*_, **__):
            raise PersonalDataUnavailableError(name)

        return fail


@pytest.fixture
def holder(office):
    """
    An account that has signed the agreement.
    """
    office.store.commit(Write(samples.account(agreement_version=AGREEMENT)))
    return "acc_1"


def apply(office, *, key="k", body="b", **changes):
    """
    Apply.
    """
    return office.request(account="acc_1", application=factories.application(**changes), request=factories.request(key, body))


def codes(outcome):
    """
    Name the reasons of a refusal.
    """
    return [reason.code for reason in outcome.reasons]


class TestApplication:
    @pytest.mark.rule("16", "D8")
    def test_is_taken_in_and_locks_nothing(self, office, holder):
        """
        202, `verifying`, once a key; a message asks for its verification; two applications of one vehicle do not disturb each other.
        """
        first = apply(office)
        assert first == apply(office)
        second = apply(office, key="other")

        assert (202, Status.VERIFYING) == (first.status, office.booking(first.resource).status)
        assert first.resource != second.resource
        assert {} == office.store.locks.locks(("CN#plate#KZ#001ABC02", "CN#vin#WDB9634031L000001"))
        tasks = [row.task for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=NOW, limit=50)]
        assert ["verify", "verify"] == tasks

    def test_leaves_no_personal_value_in_the_queues_tables(self, office, holder):
        """
        Names, IIN and phones are in the personal data store, the booking has ids.
        """
        booking = office.booking(apply(office).resource)
        rows = json.dumps(Snapshots(office.store).take(), ensure_ascii=False)

        assert not [value for value in ("Асқар", "880101300123", "+77011234567") if value in rows]
        kept = office.people.get_many([booking.owner.person, booking.drivers[0].person], purpose="test")
        assert {"Асқар Серіков"} == {record.fields["name"] for record in kept.values()}

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            pytest.param({"vehicle": factories.vehicle(category=Category.BUS)}, Code.NOT_A_TRUCK, marks=pytest.mark.rule("3")),
            pytest.param({"consent": False}, Code.CONSENT_REQUIRED, marks=pytest.mark.rule("16")),
            pytest.param({"checkpoint": "dostyk"}, Code.CHECKPOINT_CLOSED),
            pytest.param({"class_": PlaceClass.PRIORITY_POST}, Code.LIST_REQUIRED, marks=pytest.mark.rule("6.1")),
            pytest.param(
                {"class_": PlaceClass.PRIORITY_STATE, "cargo": Cargo("military")}, Code.LIST_REQUIRED, marks=pytest.mark.rule("6.3")
            ),
            pytest.param({"class_": PlaceClass.PRIORITY_GOODS}, Code.CLASS_NOT_ENTITLED, marks=pytest.mark.rule("6.2", "D13")),
        ],
    )
    def test_is_refused_for_its_reason(self, office, holder, changes, code):
        """
        Each ground has its code, and nothing was written.
        """
        states = Snapshots(office.store)
        before = states.take()

        assert [code] == codes(apply(office, **changes))
        assert before == states.take()

    @pytest.mark.rule("6", "D13")
    @pytest.mark.parametrize(
        ("cargo", "entitled"),
        [
            (Cargo("perishable", exclusive=True, declaration_kind="transit", declaration_number="X1"), True),
            (Cargo("perishable", exclusive=False, declaration_kind="transit", declaration_number="X1"), False),
            (Cargo("perishable", exclusive=True), False),
            (Cargo("general", exclusive=True, declaration_kind="goods", declaration_number="X1"), False),
        ],
    )
    def test_of_priority_goods_needs_goods_alone_and_a_declaration(self, office, holder, cargo, entitled):
        """
        Priority goods, only such goods, declared.
        """
        outcome = apply(office, class_=PlaceClass.PRIORITY_GOODS, cargo=cargo)

        assert entitled == isinstance(outcome, Done)

    @pytest.mark.rule("15", "27")
    def test_names_every_reason_at_once(self, office):
        """
        No agreement, debt, no truck: all are told together.
        """
        office.store.commit(Write(samples.account(agreement_version=None)))
        office.store.commit(Write(Wallet("acc_1", debt=5, version=1)))

        outcome = apply(office, vehicle=factories.vehicle(category=Category.CAR))

        assert [Code.NOT_A_TRUCK, Code.AGREEMENT_REQUIRED, Code.DEBT] == codes(outcome)

    def test_with_another_body_under_its_key_is_refused(self, office, holder):
        """
        The key of an accepted application is spent on its body.
        """
        apply(office)

        assert Refused.because(Code.IDEMPOTENCY_KEY_REUSED) == apply(office, body="other")

    def test_is_not_taken_in_without_the_personal_data_store(self, office, holder):
        """
        Person first, booking second: with the store away there is no booking.
        """
        states = Snapshots(office.store)
        before = states.take()
        with pytest.raises(PersonalDataUnavailableError):
            replace(office.request, people=NobodyHome())(account="acc_1", application=factories.application(), request=factories.request())

        assert before == states.take()


@pytest.mark.rule("17", "18", "20", "D11")
class TestVerification:
    def applied(self, office):
        """
        Apply: the booking's id.
        """
        return apply(office).resource

    def results(self, office, booking):
        """
        Read a booking's checks: source → result.
        """
        return {answer.source: answer.result for answer in office.booking(booking).checks}

    def test_passes_when_every_register_agrees(self, office, holder):
        """
        Verified with every check's result; what comes later says so; once.
        """
        booking = self.applied(office)
        for _ in range(2):
            office.verify(booking=booking)

        done = office.booking(booking)
        assert (Status.VERIFIED, NOW, 2) == (done.status, done.verified_at, done.version)
        assert {"consent": "passed", "1": "passed", "2": "passed", "10": "passed", "13": "passed", "17-1": "later"} == self.results(
            office, booking
        )

    def test_fails_by_one_register(self, office, holder):
        """
        One failed check refuses, with its reason kept; another application may follow.
        """
        office.registers.answers["2"] = CheckResult.FAILED
        booking = self.applied(office)
        office.verify(booking=booking)

        done = office.booking(booking)
        assert (Status.REFUSED, "VERIFICATION_FAILED") == (done.status, done.refusal)
        assert CheckResult.FAILED == self.results(office, booking)["2"]
        assert [Code.NOT_VERIFIED] == codes(office.take_for(booking))
        assert isinstance(apply(office, key="again"), Done)

    @pytest.mark.rule("19")
    @pytest.mark.parametrize(("resident", "status"), [(True, Status.VERIFIED), (False, Status.REFUSED)])
    def test_only_tells_residents_about_fines(self, office, holder, resident, status):
        """
        Source 10: a notice for a resident, a refusal for anybody else.
        """
        office.registers.answers["10"] = CheckResult.FAILED
        owner = replace(factories.person(), resident=resident)
        booking = apply(office, owner=owner).resource
        office.verify(booking=booking)

        assert status == office.booking(booking).status
        assert ("notice" if resident else "failed") == self.results(office, booking)["10"]

    def test_asks_a_silent_register_again_and_no_other(self, office, holder):
        """
        Silence keeps it `verifying`, due again after a minute, then two; the retry asks what was silent, and whether consents still stand; then it passes.
        """
        office.registers.answers["2"] = CheckResult.UNAVAILABLE
        booking = self.applied(office)
        waits = []
        for _ in range(3):
            office.registers.asked.clear()
            office.verify(booking=booking)
            waits.append(int((office.booking(booking).verify_at - office.clock.now()).total_seconds()))
            office.clock.move_to(office.booking(booking).verify_at)

        assert ([60, 120, 240], ["2", "consent"]) == (waits, [question.source for question in office.registers.asked])
        assert (Status.VERIFYING, "unavailable") == (office.booking(booking).status, self.results(office, booking)["2"])
        del office.registers.answers["2"]
        office.verify(booking=booking)
        assert Status.VERIFIED == office.booking(booking).status

    def test_is_refused_after_a_day_of_silence(self, office, holder):
        """
        24 hours after the application: refused as unavailable, never passed.
        """
        office.registers.answers["2"] = CheckResult.UNAVAILABLE
        booking = self.applied(office)
        office.clock.advance(hours=24)
        office.verify(booking=booking)

        done = office.booking(booking)
        assert (Status.REFUSED, "VERIFICATION_UNAVAILABLE") == (done.status, done.refusal)

    def test_waits_for_the_personal_data_store(self, office, holder):
        """
        Without it no register can be asked: nothing passes, nothing fails; when it is back, it goes on.
        """
        booking = self.applied(office)
        replace(office.verify, ask=replace(office.verify.ask, people=NobodyHome()))(booking=booking)
        assert Status.VERIFYING == office.booking(booking).status
        assert "unavailable" == self.results(office, booking)["1"]

        office.verify(booking=booking)
        assert Status.VERIFIED == office.booking(booking).status

    def test_is_not_needed_by_place_payment_and_call(self, office, holder):
        """
        After `verified` everything goes on without the personal data store.
        """
        office.people = NobodyHome()
        booking = office.confirmed()

        assert Status.CONFIRMED == office.booking(booking).status

    def test_of_a_cancelled_application_changes_nothing(self, office, holder):
        """
        Given up while the registers were asked: it stays given up.
        """
        booking = self.applied(office)
        office.cancel_for(booking)
        office.verify(booking=booking)

        assert Status.CANCELLED == office.booking(booking).status
