"""
What the registrar does for a booking and sees of the sites, and how people are looked up by name (§7, §8, §13, §14, §21, §29).
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.contracts import messages
from chalicelib.contracts.passages import DeviceHealth
from chalicelib.domain.bookings import Happening, Status
from chalicelib.domain.decisions import Code
from chalicelib.domain.names import spell_name
from chalicelib.domain.records import GatewayState
from chalicelib.domain.vehicles import VehicleLock, lock_keys
from chalicelib.usecases.help_booking import Help, HelpBooking
from chalicelib.usecases.outcomes import Done, Missing
from chalicelib.usecases.ports import PersonRecord, Write
from chalicelib.usecases.search_by_name import SearchByName
from chalicelib.usecases.watch_devices import WatchDevices
from tests import factories
from tests.fakes import samples
from tests.fakes.gathering import at_once
from tests.fakes.samples import HERE, NOW


@pytest.fixture
def desk(quick_office):
    parts = quick_office._parts("committer", "bookings", "locks", "requests", "clock", "rules_on")
    return HelpBooking(**parts)


def help_(booking, reason="не получил сообщение"):
    """
    A registrar's act.
    """
    return Help("acc_r", booking, reason)


def notices(store):
    """
    The notices that are on their way: template and version.
    """
    rows = [row for shard in range(8) for row in store.outbox.pending(shard=shard, until=NOW + timedelta(days=9), limit=99)]
    return sorted((row.payload["template"], row.aggregate_version) for row in rows if row.task == "notify")


class TestResend:
    @pytest.mark.rule("29", "34")
    def test_tells_again_how_the_booking_stands_with_a_reason_in_its_timeline(self, quick_office, desk):
        """
        Once a key; the notice is another message than the first; the user reads the registrar's reason.
        """
        booking = quick_office.confirmed()
        before = quick_office.booking(booking)
        answers = [desk.resend(help_=help_(booking), request=factories.request("r")) for _ in range(2)]
        last = quick_office.store.histories.of_aggregate(booking)[-1]

        assert [Done(200, booking)] * 2 == answers
        assert [("confirmed", before.version), ("confirmed", before.version + 1)] == notices(quick_office.store)
        assert (Happening.NOTICES_RESENT, "не получил сообщение", "registrar:acc_r") == (last.kind, last.detail["reason"], last.by)
        assert replace(before, version=before.version + 1) == quick_office.booking(booking)

    @pytest.mark.parametrize("status", list(Status))
    def test_has_its_notice_in_every_status_or_says_that_there_is_none(self, quick_office, desk, status):
        """
        While registers are asked or a place is held there is nothing to tell; else the notice of that very status.
        """
        quick_office.store.commit(Write(samples.booking(status=status, hold_expires_at=NOW + timedelta(hours=1), verified_at=NOW)))
        done = desk.resend(help_=help_("bk_1"), request=factories.request("r"))

        if status in {Status.VERIFYING, Status.HELD}:
            assert [Code.NOTHING_TO_RESEND] == [reason.code for reason in done.reasons]
        else:
            assert (Done(200, "bk_1"), [(status.value, 2)]) == (done, notices(quick_office.store))

    def test_of_a_reminded_booking_is_its_reminder_and_of_none_is_missing(self, quick_office, desk):
        """
        After the 24-hour notice that one is repeated.
        """
        quick_office.store.commit(Write(samples.booking(reminded_at=NOW)))

        assert Done(200, "bk_1") == desk.resend(help_=help_("bk_1"), request=factories.request("r"))
        assert [("reminded", 2)] == notices(quick_office.store)
        assert Missing() == desk.resend(help_=help_("bk_none"), request=factories.request("x"))


@pytest.mark.rule("21", "D8")
class TestReleaseLock:
    def stuck(self, office, status, **changes):
        """
        Put a booking there with its locks still its own.
        """
        booking = samples.booking(status=status, **{"verified_at": NOW, "hold_expires_at": NOW + timedelta(hours=1), **changes})
        locks = [VehicleLock(key, "bk_1", HERE, 1) for key in lock_keys(booking.vehicle, toward=booking.toward)]
        office.store.commit(Write(booking), *map(Write, locks))
        return [lock.key for lock in locks]

    def holders(self, office, keys):
        """
        Tell whose the locks are.
        """
        return {lock.booking for lock in office.store.locks.locks(keys).values()}

    @pytest.mark.parametrize(
        "status", [Status.EXPIRED, Status.CROSSED, Status.CANCELLED, Status.ANNULLED, Status.RETURNED, Status.WITHDRAWN]
    )
    def test_of_an_ended_booking_lets_both_go(self, quick_office, desk, status):
        """
        Both locks free, the reason kept; again: nothing left to release, nothing written.
        """
        keys = self.stuck(quick_office, status)
        first, again = (desk.release_lock(help_=help_("bk_1", "застрял"), request=factories.request(key)) for key in ("a", "b"))

        assert ({"released": 2}, {"released": 0}) == (first.answer, again.answer)
        assert {None} == self.holders(quick_office, keys)
        (event,) = quick_office.store.histories.of_aggregate("bk_1")
        assert (Happening.LOCK_RELEASED, "застрял", 2) == (event.kind, event.detail["reason"], event.detail["released"])

    @pytest.mark.parametrize("status", [Status.HELD, Status.CONFIRMED, Status.ARRIVED, Status.CALLED, Status.ADMITTED])
    def test_of_an_active_booking_is_refused(self, quick_office, desk, status):
        """
        Whoever is still coming keeps his vehicle.
        """
        keys = self.stuck(quick_office, status)
        refused = desk.release_lock(help_=help_("bk_1"), request=factories.request("a"))

        assert [(Code.LOCK_IN_USE, "21")] == [(reason.code, reason.rule) for reason in refused.reasons]
        assert {"bk_1"} == self.holders(quick_office, keys)

    def test_never_touches_a_lock_that_another_booking_has(self, quick_office, desk):
        """
        The vehicle was booked anew meanwhile: its lock stays.
        """
        keys = self.stuck(quick_office, Status.CROSSED)
        for lock in quick_office.store.locks.locks(keys).values():
            quick_office.store.commit(Write(replace(lock, booking="bk_2", version=2), 1))

        assert {"released": 0} == desk.release_lock(help_=help_("bk_1"), request=factories.request("a")).answer
        assert {"bk_2"} == self.holders(quick_office, keys)

    def test_happens_once_of_two_at_once(self, quick_office, desk):
        """
        Two clicks with two keys: two locks released in all, one event.
        """
        self.stuck(quick_office, Status.CROSSED)
        acts = [lambda key=key: desk.release_lock(help_=help_("bk_1"), request=factories.request(key)) for key in "abc"]

        assert 2 == sum(done.answer["released"] for done in at_once(*acts))
        assert 1 == len(quick_office.store.histories.of_aggregate("bk_1"))


@pytest.mark.rule("7", "8", "13", "14")
class TestDevices:
    def test_are_shown_for_every_checkpoint_as_told_last(self, quick_office):
        """
        One that tells, one that fell silent, one never heard of; the shortest autonomy counts; what never told is named.
        """
        camera = DeviceHealth("camera-entry-1", "camera", "entry-1", ok=True, state="seen", since=NOW)
        supplies = [DeviceHealth(f"ups-{minutes}", "power", None, True, "on grid", NOW, minutes) for minutes in (400, 280)]
        told = json.dumps([messages.to_document(item) for item in (camera, *supplies)])
        states = [
            GatewayState(HERE, 1, last_seen=NOW - timedelta(seconds=19), devices=told),
            GatewayState("dostyk", 1, last_seen=NOW - timedelta(seconds=20)),
        ]
        quick_office.store.commit(*map(Write, states))
        expected = {HERE: ["camera-entry-1", "barrier-entry-1"], "dostyk": [], "kolzhat": ["camera-entry-1"]}
        watch = WatchDevices(**quick_office._parts("passages", "clock"), expected=lambda: expected)
        sites = {site.checkpoint: site for site in watch()}

        assert {HERE: True, "dostyk": False, "kolzhat": False} == {name: site.connected for name, site in sites.items()}
        assert (timedelta(minutes=280), None) == (sites[HERE].autonomy, sites["dostyk"].autonomy)
        assert (["barrier-entry-1"], ["camera-entry-1"]) == (sites[HERE].unheard, sites["kolzhat"].unheard)
        assert [camera, *supplies] == sites[HERE].devices


class TestSearchByName:
    @pytest.fixture(params=["people", "memory_people"])
    def search(self, request, quick_office):
        """
        The search over the real room and its stand-in; three people, two of one name.
        """
        room = request.getfixturevalue(request.param)
        for number, name in ((1, "Асқар Серіков"), (2, "Фёдор Иванов"), (3, "серіков  АСҚАР")):
            room.put([PersonRecord(f"per_{number}", "owner", {"name": name, "booking": f"bk_{number}"})])
            quick_office.store.commit(Write(samples.booking(id=f"bk_{number}", checkpoint=HERE if number < 3 else "dostyk")))
        return SearchByName(**quick_office._parts("committer", "bookings", "clock", "chance", "rules_on"), people=room)

    @pytest.mark.rule("4")
    def test_finds_everybody_of_a_name_however_it_is_spelled(self, search):
        """
        Order of words, case, blanks and ё do not matter; another name finds nobody; an officer finds at his own checkpoints.
        """
        found = [
            {each.id for each in search(officer="acc_o", checkpoints=None, name=name)} for name in ("Серіков Асқар", "ИВАНОВ федор", "Иван")
        ]

        assert [{"bk_1", "bk_3"}, {"bk_2"}, set()] == found
        assert ["bk_1"] == [each.id for each in search(officer="acc_o", checkpoints=frozenset({HERE}), name="Асқар Серіков")]

    def test_is_kept_without_the_name(self, search, quick_office):
        """
        Who looked, when, and how many he found.
        """
        search(officer="acc_o", checkpoints=frozenset({HERE}), name="Асқар Серіков")
        (event,) = [
            each for each in quick_office.store.histories.of_day(HERE, quick_office.clock.now().date()) if each.kind == "people_searched"
        ]

        assert ("officer:acc_o", 1) == (event.by, event.detail["found"])
        assert "ер" not in json.dumps(dict(event.detail), ensure_ascii=False)

    def test_forgets_a_name_that_was_taken_back(self, search, quick_office):
        """
        Written again without a name, or under another, nobody is found under the old one.
        """
        search.people.put([PersonRecord("per_1", "owner", {"booking": "bk_1"})])
        search.people.put([PersonRecord("per_3", "owner", {"name": "Другой", "booking": "bk_3"})])

        assert [] == search(officer="acc_o", checkpoints=None, name="Асқар Серіков")
        assert ["bk_3"] == [each.id for each in search(officer="acc_o", checkpoints=None, name="другой")]


class TestSpelling:
    @pytest.mark.parametrize("name", ["Серіков Асқар", "  асқар   СЕРІКОВ ", "Асқар, Серіков."])
    def test_of_a_name_is_one(self, name):
        """
        Words in any order and case, with any punctuation.
        """
        assert spell_name("Асқар Серіков") == spell_name(name)

    def test_of_no_name_is_empty(self):
        """
        Blanks and punctuation are nobody's name.
        """
        assert "" == spell_name(" .-— ")
