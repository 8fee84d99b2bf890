"""
What every change writes beside itself: one event that says who, when and on what ground, and messages of their own ids.
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Happening
from chalicelib.domain.happenings import (
    account_notice,
    event_of,
    gate_changes,
    load_change,
    message,
    notice,
    office_event,
    photographs_of,
    standing_change,
)
from chalicelib.domain.notices import told_of
from chalicelib.domain.records import Event, OutboxMessage, Task
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

LATE = RULES.midnight(DAY) - timedelta(minutes=1)
BOOKING = samples.booking(version=7)
OWN = {"booking": "bk_1", "account": "acc_1", "checkpoint": HERE}


def asked(task, payload, *, suffix=""):
    """
    What a message of the booking's seventh version is.
    """
    id_ = f"{task.value}.{HERE}.bk_1.000007{suffix}"
    return OutboxMessage(id_, task, "bk_1", 7, NOW, NOW, {**OWN, **payload})


class TestEvent:
    def test_of_a_booking_is_named_by_its_version_and_local_day(self):
        """
        Who, what, when, why, and the fields that changed.
        """
        called = samples.booking(version=6).after(Happening.CALLED, called_at=NOW)

        made = event_of(
            booking=called, happening=Happening.CALLED, at=LATE, by="officer:1", rules=RULES, ground="34", detail={"minutes": 5}
        )

        day = DAY - timedelta(days=1)
        expected = Event(f"{HERE}.2026-12-02.bk_1.000007", "bk_1", 7, HERE, day, "called", LATE, "officer:1", "34", {"minutes": 5})
        assert expected == Event(**{**{name: getattr(made, name) for name in Event.__slots__}, "change": {}})
        assert {"status": called.status, "version": 7, "called_at": NOW} == made.change

    def test_may_have_no_ground_and_no_detail(self):
        """
        What nobody had to decide.
        """
        made = event_of(booking=BOOKING, happening=Happening.HELD, at=NOW, by="user", rules=RULES)

        assert (None, {}) == (made.ground, made.detail)

    @pytest.mark.parametrize(("subject", "room"), [(samples.account(version=3), "accounts"), (samples.complaint(version=3), "complaints")])
    def test_of_no_checkpoint_lies_in_a_room_of_its_own(self, subject, room):
        """
        An account's and a complaint's.
        """
        made = office_event(subject=subject, kind="blocked", at=LATE, by="officer:1", rules=RULES, ground="6-2", detail={"since": "x"})
        bare = office_event(subject=subject, kind="blocked", at=LATE, by="officer:1", rules=RULES, ground="6-2")

        day = DAY - timedelta(days=1)
        id_ = f"{room}.2026-12-02.{subject.id}.000003"
        assert Event(id_, subject.id, 3, room, day, "blocked", LATE, "officer:1", "6-2", {"since": "x"}) == made
        assert {} == bare.detail


class TestMessage:
    def test_is_one_of_a_kind_a_version(self):
        """
        Due at once, with the booking's ids; a template or a day of its own makes another of the same version.
        """
        assert asked(Task.VERIFY, {}) == message(task=Task.VERIFY, booking=BOOKING, at=NOW)
        assert asked(Task.LOAD, {"day": "x"}, suffix=".x") == message(task=Task.LOAD, booking=BOOKING, at=NOW, day="x")
        assert asked(Task.TELL, {"template": "t", "day": "x", "fee": 5}, suffix=".t.x") == message(
            task=Task.TELL, booking=BOOKING, at=NOW, day="x", template="t", fee=5
        )
        assert asked(Task.TELL, {"template": None}) == message(task=Task.TELL, booking=BOOKING, at=NOW, template=None)

    def test_of_a_notice_says_the_figures_of_its_version(self):
        """
        So that it can be seen when they are none any more; one that is said expressly counts.
        """
        told = {"template": "called", **told_of(BOOKING), "number": "X", "fee": 5}

        assert asked(Task.NOTIFY, told, suffix=".called") == notice(template="called", booking=BOOKING, at=NOW, number="X", fee=5)

    def test_of_a_load_is_about_the_booked_day_or_the_one_it_has_left(self):
        """
        Both may follow one version.
        """
        assert asked(Task.LOAD, {"day": "2026-12-03"}, suffix=".2026-12-03") == load_change(BOOKING, NOW)
        assert asked(Task.LOAD, {"day": "2026-12-09"}, suffix=".2026-12-09") == load_change(BOOKING, NOW, day=DAY + timedelta(days=6))

    def test_at_the_gate_is_for_its_list_and_its_board(self):
        """
        Each of its own.
        """
        assert (asked(Task.ADMISSIONS, {}), asked(Task.BOARD, {})) == gate_changes(BOOKING, NOW)

    def test_to_an_account_is_in_its_language(self):
        """
        About an account or a complaint, one a version, template and person.
        """
        payload = {"account": "acc_1", "template": "debt", "language": "kk", "amount": 5}
        made = account_notice(template="debt", account="acc_1", aggregate="cmp_1", version=3, at=NOW, language="kk", amount=5)

        assert OutboxMessage("notify.cmp_1.000003.debt.acc_1", Task.NOTIFY, "cmp_1", 3, NOW, NOW, payload) == made

    def test_of_a_standing_makes_its_bookings_follow(self):
        """
        Named by what changed it.
        """
        made = standing_change(account="acc_1", cause="wallet.acc_1", version=3, at=NOW)

        assert OutboxMessage("standing.wallet.acc_1.000003", Task.STANDING, "acc_1", 3, NOW, NOW, {"account": "acc_1"}) == made

    def test_of_photographs_follows_its_complaint(self):
        """
        One a version: held while it is open, left to their term once it is decided.
        """
        made = photographs_of(samples.complaint(version=3), NOW)

        assert OutboxMessage("photographs.cmp_1.000003", Task.PHOTOGRAPHS, "cmp_1", 3, NOW, NOW, {"complaint": "cmp_1"}) == made
