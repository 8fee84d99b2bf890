"""
Personal data are forgotten when nobody needs them any more: leftovers of half-finished requests, and what was kept as long as the law asks (D31).
"""

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bank_lines import LineState
from chalicelib.domain.bookings import Status
from chalicelib.domain.complaints import About, ComplaintStatus, Ruling
from chalicelib.domain.vehicles import Party
from chalicelib.usecases import forget_people
from chalicelib.usecases.forget_people import ForgetPeople
from chalicelib.usecases.ports import Conflict, PersonalDataUnavailableError, PersonRecord, StoreBusyError, Write
from tests import factories
from tests.fakes import bank, faults, samples
from tests.fakes.memory_people import MemoryPeople
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import AGREEMENT, Office
from tests.fakes.rules import RULES, next_step
from tests.fakes.samples import NOW

FIVE_YEARS = timedelta(days=1826)
DAY = timedelta(days=1)
SIDE = Party("per_owner", resident=True, kind="legal")


class Desk:
    """
    The step on a store and a room of its own.
    """

    def __init__(self, people=None):
        self.people = people or MemoryPeople()
        self.office = Office(MemoryStore(next_step=next_step), people=self.people)
        store = self.office.store
        parts = (store.accounts, store.bookings, store.complaints, store.bank_books, self.office.clock, lambda _: RULES)
        self.step = ForgetPeople(self.people, *parts)

    def keep(self, id_="per_d", kind="driver", **fields):
        """
        Put somebody there who is due now.
        """
        self.people.put([PersonRecord(id_, kind, {"name": "Анна", **fields}, self.office.clock.now())])

    def booked(self, **changes):
        """
        A booking that names the driver.
        """
        fields = {"owner": SIDE, "user": SIDE, "drivers": (Party("per_d", resident=True, kind="natural"),), **changes}
        self.office.store.commit(Write(samples.booking(**fields)))

    def night(self, **later):
        """
        Run the step to its end some time later: who is still known, and when he is looked at next.
        """
        self.office.clock.advance(**later)
        while self.step().more:
            pass
        known = self.people.get_many(["per_d", "per_owner", "per_t", "per_a"], purpose="test")
        return {id_: person.look_at for id_, person in known.items()}


@pytest.fixture
def desk():
    """
    A desk with nothing on it.
    """
    return Desk()


@pytest.mark.rule("D31")
class TestOrphans:
    def test_of_an_application_that_was_never_written_are_forgotten(self, desk):
        """
        Names lie there before the booking does: where it never came, they are gone after two days.
        """
        desk.keep(booking="bk_1")

        assert {} == desk.night()

    def test_of_drivers_who_were_replaced_are_forgotten(self, desk):
        """
        A booking that runs no longer names him.
        """
        desk.booked(drivers=())
        desk.keep(booking="bk_1")

        assert {} == desk.night()

    def test_of_complaints_that_were_never_registered_are_forgotten(self, desk):
        """
        Words without a complaint, and grounds of a decision that somebody else was faster with; those of a complaint stay.
        """
        desk.office.store.commit(Write(samples.complaint(text="per_t")))
        desk.keep("per_t", kind="complaint", complaint="cmp_1")
        desk.keep("per_d", kind="complaint", complaint="cmp_1")
        desk.keep("per_a", kind="complaint", complaint="cmp_9")

        assert ["per_t"] == list(desk.night())

    @pytest.mark.rule("15")
    def test_of_a_phone_that_never_signed_in_are_forgotten_an_account_stays(self, desk):
        """
        A code was asked for and never entered: the number goes; whoever has an account is not asked about again.
        """
        desk.office.store.commit(Write(samples.account(person="per_a")))
        desk.keep("per_a", kind="account")
        desk.keep("per_d", kind="account")

        assert {"per_a": None} == desk.night()

    def test_can_be_left_by_no_request_for_longer_than_two_days(self, quick_office):
        """
        Code, application, driver and complaint say when their people are to be looked at, before the store has written anything.
        """
        office, nothing = quick_office, Conflict(frozenset())
        office.people_of(1)
        office.store.commit(Write(samples.account(id="acc_9", person="per_9", agreement_version=AGREEMENT)))
        booking = office.confirmed(authorized_drivers=3)
        before = set(office.people._people)
        office.store.commit = lambda *_: nothing
        for act in (
            lambda: office.sign_in.request_code(phone="+77010000001", channel="sms", language="kk"),
            lambda: office.request(account="acc_9", application=factories.application(), request=factories.request("a")),
            lambda: office.drivers_for(booking, person=factories.person(name="Марат Ахметов", iin="900202300456")),
            lambda: office.complained(About.OTHER),
        ):
            with contextlib.suppress(StoreBusyError):
                act()

        left = [person for id_, person in office.people._people.items() if id_ not in before]
        assert {"owner", "driver", "complaint"} <= {person.kind for person in left}
        assert {office.clock.now() + 2 * DAY} == {person.look_at for person in left}


@pytest.mark.rule("D31")
class TestRetention:
    @pytest.mark.parametrize(
        ("status", "paid", "kept"), [("crossed", True, 1826), ("annulled", True, 1826), ("expired", False, 90), ("refused", False, 90)]
    )
    def test_lasts_five_years_after_a_trip_and_as_long_as_one_may_complain_after_none(self, desk, status, paid, kept):
        """
        To the day: the day before everything is there, the day after nothing.
        """
        desk.booked(
            status=Status(status), confirmed_at=NOW if paid else None, ended_at=NOW, crossed_at=NOW if status == "crossed" else None
        )
        desk.keep(booking="bk_1")
        desk.keep("per_owner", kind="owner", booking="bk_1")

        assert {NOW + kept * DAY} == set(desk.night().values())
        assert {"per_d", "per_owner"} == set(desk.night(days=kept - 1))
        assert {} == desk.night(days=1)

    def test_goes_on_while_the_booking_runs(self, desk):
        """
        Looked at once a week, forgotten by nobody.
        """
        desk.booked()
        desk.keep(booking="bk_1")

        assert {"per_d": NOW + 7 * DAY} == desk.night()
        assert ["per_d"] == list(desk.night(days=3000))

    @pytest.mark.rule("6-2")
    def test_is_held_while_a_complaint_is_undecided(self, desk):
        """
        Five years are over, the complaint is not decided: everything stays; decided, it goes, and the complaint's own words five years later.
        """
        store = desk.office.store
        desk.booked(status=Status.CROSSED, crossed_at=NOW)
        store.commit(Write(samples.complaint(text="per_t")))
        desk.keep(booking="bk_1")
        desk.keep("per_t", kind="complaint", complaint="cmp_1")
        assert {"per_d", "per_t"} == set(desk.night(days=1830))

        seen = store.complaints.complaint("cmp_1")
        ruling = Ruling(ComplaintStatus.DISMISSED, "acc_8", desk.office.clock.now(), "per_8")
        store.commit(Write(replace(seen, ruling=ruling, version=2), 1))

        assert ["per_t"] == list(desk.night(days=8))
        assert {} == desk.night(days=1830)

    def test_is_the_accounts_for_whom_it_is_known_by(self, desk):
        """
        The owner as whom the account's holder once proved himself stays as long as the account.
        """
        desk.office.store.commit(Write(samples.account(identity="per_d")))
        desk.booked(status=Status.CROSSED, crossed_at=NOW)
        desk.keep(booking="bk_1")

        assert ["per_d"] == list(desk.night(days=2000))

    def test_does_not_end_for_who_was_claimed_again_meanwhile(self, desk, monkeypatch):
        """
        A code asked for between the look and the forgetting keeps the number.
        """
        person = PersonRecord("per_a", "account", {"phone": "+77010000001"}, NOW)
        desk.people.claim(kind="phone", keyed_hash="ab", person=person)
        of_person = desk.office.store.accounts.of_person

        def claims(person_id):
            desk.people.claim(kind="phone", keyed_hash="ab", person=replace(person, look_at=NOW + 2 * DAY))
            return of_person(person_id)

        monkeypatch.setattr(desk.office.store.accounts, "of_person", claims)

        assert ["per_a"] == list(desk.night())


@pytest.mark.rule("D31")
class TestSweep:
    def test_works_in_bounded_parts_and_does_nothing_twice(self, desk, monkeypatch):
        """
        A part of each shard in a run, until none is due; another night finds nothing.
        """
        monkeypatch.setattr(forget_people, "CHUNK", 2)
        desk.people.put([PersonRecord(f"per_{n}", "driver", {"booking": "bk_9"}, NOW) for n in range(60)])
        runs = [desk.step()]
        while runs[-1].more:
            runs.append(desk.step())

        assert 60 == sum(ran.changed for ran in runs)
        assert {True} == {ran.seen <= 16 for ran in runs}
        assert 0 == desk.step().seen

    def test_keeps_nobody_back_for_one_that_cannot_be_looked_at(self, desk, monkeypatch):
        """
        The store fails for one booking: the others are forgotten, the fault is told, the next night does the rest.
        """
        for n in range(4):
            desk.keep(f"per_{n}", booking=f"bk_{n}")
        get = desk.office.store.bookings.get
        monkeypatch.setattr(desk.office.store.bookings, "get", lambda id_: 1 / 0 if id_ == "bk_2" else get(id_))
        with pytest.raises(ExceptionGroup, match="1 of 4"):
            desk.step()
        assert ["per_2"] == list(desk.people.get_many([f"per_{n}" for n in range(4)], purpose="test"))

        monkeypatch.undo()
        assert 1 == desk.step().changed

    @pytest.mark.parametrize("kind", ["crash_before", "crash_after", "timeout_after", "unreachable"])
    def test_ends_the_same_whatever_fails(self, people, kind):
        """
        At each call in turn: after the next night orphans are gone and the needed are there.
        """
        desk = Desk(people)
        desk.booked()
        for call in range(1, 15, 2):
            desk.keep("per_t", booking="bk_9")
            desk.keep(booking="bk_1")
            lasting = 1 if kind.startswith("crash") else 5
            struck = contextlib.suppress(faults.ProcessDiedError, PersonalDataUnavailableError, ExceptionGroup)
            with struck, faults.at(people, call=call, kind=kind, lasting=lasting):
                desk.step()

            assert ["per_d"] == list(desk.night())


@pytest.mark.rule("D31", "23")
class TestPayersOfTheBank:
    @pytest.mark.parametrize(
        ("state", "kept"), [(LineState.CREDITED, FIVE_YEARS), (LineState.OWN, FIVE_YEARS), (LineState.UNMATCHED, 7 * DAY)]
    )
    def test_are_kept_as_long_as_their_line_needs_them(self, desk, state, kept):
        """
        Five years from the line; while it waits for somebody they are looked at again every week.
        """
        desk.office.store.commit(Write(bank.line(person="per_d", state=state, received_at=NOW)))
        desk.keep(kind="bank_line", group="bln_1")

        assert {"per_d": NOW + kept} == desk.night()

    def test_that_no_line_has_are_forgotten(self, desk):
        """
        A file that was never taken in, or the other form of a line that is known: what its payer wrote goes after two days.
        """
        desk.office.store.commit(Write(bank.line(person="per_other")))
        desk.keep(kind="bank_line", group="bln_1")

        assert {} == desk.night()
