"""
Registers asked again before the trip: the gate's list, the notice, the pass that returns; source 18 after it (§18.18, D11).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.vehicles import Party
from chalicelib.domain.verification import Source
from chalicelib.usecases.ports import PersonalDataUnavailableError, Write
from tests import factories
from tests.factories import SLOT, batch, seen
from tests.fakes.samples import DAY, HERE, NOW

INSURANCE = Source("8", "vehicle", residents=True, non_residents=True, before_place=True, recheck=True)
MOVEMENT = Source("18", "vehicle", residents=True, non_residents=True, before_place=False)
DAY_BEFORE = SLOT - timedelta(hours=24)


@pytest.fixture
def office(quick_office):
    """
    An office with one confirmed booking, a day before its slot, which asks about insurance and movement.
    """
    quick_office.recheck = replace(quick_office.recheck, sources=lambda: (INSURANCE, MOVEMENT))
    checks = (Answer("8", "vehicle", CheckResult.PASSED, DAY), Answer("18", "vehicle", CheckResult.LATER))
    quick_office.confirmed(checks=checks)
    quick_office.clock.move_to(DAY_BEFORE)
    return quick_office


def told(office):
    """
    List the templates of notices that wait to be sent.
    """
    now = office.clock.now()
    rows = [row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=now, limit=99)]
    return [row.payload["template"] for row in rows if row.task == "notify"]


def listed(office):
    """
    Publish the gate's list: why an officer must open, for each vehicle.
    """
    office.admissions(checkpoint=HERE)
    return [row.get("officer_only") for row in office.link.admissions[-1].rows]


@pytest.mark.rule("D11", "D23")
class TestRecheck:
    def test_that_passes_changes_nothing_at_the_gate(self, office):
        """
        Asked once a day before; the list stays as it was, nobody is told.
        """
        assert office.recheck(booking="bk_1")
        assert not office.recheck(booking="bk_1")

        done = office.booking("bk_1")
        assert (office.clock.now(), None, "rechecked") == (
            done.rechecked_at,
            done.officer_only,
            office.store.histories.of_aggregate("bk_1")[-1].kind,
        )
        assert [None] == listed(office)
        assert "renew" not in told(office)

    def test_that_fails_leaves_the_barrier_to_the_officer_and_says_what_to_renew(self, office):
        """
        The gate's list names the reason, the holder learns it once; the booking lives on.
        """
        office.registers.answers["8"] = CheckResult.FAILED
        office.recheck(booking="bk_1")
        office.clock.advance(hours=1)
        office.recheck(booking="bk_1")

        assert ["8:NOT_CONFIRMED"] == listed(office)
        assert 1 == told(office).count("renew")
        assert Status.CONFIRMED is office.booking("bk_1").status

    def test_lets_the_gate_decide_again_once_renewed(self, office):
        """
        An hour later the register confirms: the list says so.
        """
        office.registers.answers["8"] = CheckResult.FAILED
        office.recheck(booking="bk_1")
        del office.registers.answers["8"]
        office.clock.advance(hours=1)
        office.recheck(booking="bk_1")

        assert [None] == listed(office)

    def test_in_vain_leaves_the_pass_and_is_tried_again(self, office):
        """
        A silent register takes nothing away; the next try comes with back-off.
        """
        office.registers.answers["8"] = CheckResult.UNAVAILABLE
        office.recheck(booking="bk_1")
        asked = len(office.registers.asked)
        office.clock.advance(minutes=1)
        assert office.recheck(booking="bk_1")

        assert [None] == listed(office)
        assert (2, asked + 1) == (office.booking("bk_1").recheck_attempts, len(office.registers.asked))

    def test_without_the_personal_data_store_is_tried_again(self, office):
        """
        Nobody can be asked about; nothing passes, nothing fails.
        """

        class Away:
            def get_many(self, ids, *, purpose):
                """
                Be away.
                """
                raise PersonalDataUnavailableError(purpose)

        away = replace(office.recheck, ask=replace(office.recheck.ask, people=Away()))
        assert away(booking="bk_1")

        assert (1, None) == (office.booking("bk_1").recheck_attempts, office.booking("bk_1").officer_only)

    def test_twice_at_once_writes_once(self, office):
        """
        Two runs of the step look at one booking: the second finds its version changed.
        """
        first = replace(office.recheck)
        seen_before = office.booking("bk_1")
        assert first(booking="bk_1")
        stale = replace(office.recheck, bookings=Stale(seen_before))

        assert not stale(booking="bk_1")
        assert 1 == [event.kind for event in office.store.histories.of_aggregate("bk_1")].count("rechecked")

    @pytest.mark.rule("34")
    def test_overdue_does_not_hold_up_the_call(self, office):
        """
        Nobody rechecked in time: the truck is called all the same.
        """
        office.clock.move_to(SLOT - timedelta(hours=2))
        office.time.remind(booking="bk_1")
        office.time.call(booking="bk_1")

        assert Status.CALLED is office.booking("bk_1").status

    @pytest.mark.rule("18.18")
    @pytest.mark.parametrize("result", [CheckResult.PASSED, CheckResult.FAILED])
    def test_after_the_trip_asks_for_movement_and_weighing(self, office, result):
        """
        An hour after the crossing; its result is kept with the booking and changes nothing else.
        """
        office.clock.move_to(SLOT)
        office.time.remind(booking="bk_1")
        office.time.call(booking="bk_1")
        entries = [seen(number, lane, "bk_1", at=SLOT) for number, lane in ((1, "wa-in"), (2, "entry-1"), (3, "exit-1"))]
        office.journal.batch(checkpoint=HERE, batch=batch(*entries))
        crossed = office.booking("bk_1")
        assert not office.recheck(booking="bk_1")
        office.registers.answers["18"] = result
        office.clock.advance(hours=1)
        assert office.recheck(booking="bk_1")

        done = office.booking("bk_1")
        assert (Status.CROSSED, crossed.deposit, result) == (done.status, done.deposit, done.checks[1].result)
        assert not office.recheck(booking="bk_1")


class Stale:
    """
    Bookings as another run saw them a moment ago.
    """

    def __init__(self, booking):
        self._booking = booking

    def get(self, _):
        """
        Give the old one.
        """
        return self._booking


@pytest.mark.rule("D11")
class TestExpiry:
    def test_is_told_when_the_booking_is_confirmed(self, quick_office):
        """
        Insurance that ends before the booked day: a notice with the confirmation, no refusal.
        """
        quick_office.confirmed(checks=(Answer("8", "vehicle", CheckResult.PASSED, DAY - timedelta(days=1)),))

        assert ["confirmed", "expires_before_trip"] == sorted(set(told(quick_office)) - {"verified", "held"})

    def test_of_a_document_that_has_ended_is_told_too(self, quick_office):
        """
        An expired document does not stop the booking, and does not pass in silence.
        """
        drivers = (Party("per_2", resident=True, document_until=NOW.date() - timedelta(days=1)),)
        quick_office.confirmed(drivers=drivers)

        assert "expires_before_trip" in told(quick_office)

    def test_is_read_from_the_application(self, quick_office):
        """
        The document's last day goes with the driver, its number does not.
        """
        quick_office.store.commit(Write(factories.samples.account(person="per_me", agreement_version="2026-01")))
        driver = factories.person(document={"number": "N1", "expires_on": "2026-11-30"})
        application = factories.application(drivers=(driver,))
        made = quick_office.request(account="acc_1", application=application, request=factories.request())

        assert "2026-11-30" == str(quick_office.booking(made.resource).drivers[0].document_until)
