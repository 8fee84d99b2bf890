"""
By which ways a notice reaches people: push, messenger, SMS as they like, and what the law asks for in any case (§15, §29, §34).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.happenings import notice
from chalicelib.domain.schedule import Step, next_step
from chalicelib.usecases.keep_push_tokens import MOST_TOKENS
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import PersonRecord, Write
from tests.factories import SLOT
from tests.fakes import samples
from tests.fakes.mailroom import Mailroom
from tests.fakes.rules import RULES

PHONE, DRIVER = "+77011234567", "+79161234567"
MUST, MAY = "reminded", "rescheduled"


@pytest.fixture
def known(quick_office):
    """
    An account with a phone and a confirmed booking without drivers that have one; nothing waits to be told.
    """
    office = quick_office
    office.store.commit(Write(samples.account()))
    office.people.put([PersonRecord("per_1", "account", {"phone": PHONE})])
    office.confirmed()
    Mailroom(office).deliver()
    return office


def told(office, room, template, *, channels=("push", "sms")):
    """
    Tell a notice of the booking to an account that likes these channels: the channels and devices it arrived by.
    """
    account = office.store.accounts.account("acc_1")
    office.store.commit(Write(replace(account, channels=channels, version=account.version + 1), account.version))
    office.store.commit(Write(notice(template=template, booking=office.booking("bk_1"), at=office.clock.now())))
    return [(channel, to) for channel, to, _ in room.deliver()]


class TestWays:
    @pytest.mark.rule("29", "34")
    @pytest.mark.parametrize("channels", [("push", "sms"), ("push",), ("messenger", "push"), ("sms",)])
    def test_of_what_the_law_asks_for_are_sms_in_any_case_and_push(self, known, channels):
        """
        The text goes out whatever is liked; push beside it where it is liked and a device is known.
        """
        room = Mailroom(known)
        room.devices.put(account="acc_1", token="device")
        push = [("push", "device")] if "push" in channels else []

        assert [*push, ("sms", PHONE)] == told(known, room, MUST, channels=channels)

    @pytest.mark.rule("15")
    @pytest.mark.parametrize(
        ("channels", "way"),
        [
            (("push", "sms"), ("push", "device")),
            (("sms", "push"), ("sms", PHONE)),
            (("messenger", "sms"), ("messenger", PHONE)),
            (("push",), ("push", "device")),
        ],
    )
    def test_of_the_rest_are_the_first_one_liked(self, known, channels, way):
        """
        One way is enough for what the law leaves free.
        """
        room = Mailroom(known)
        room.devices.put(account="acc_1", token="device")

        assert [way] == told(known, room, MAY, channels=channels)

    def test_go_on_to_the_next_where_one_fails(self, known):
        """
        A dead device or a silent messenger is not the end: the next way is tried; with none left the message waits.
        """
        room = Mailroom(known)
        room.devices.put(account="acc_1", token="device")
        room.phones.dead.add("device")
        room.phones.away.add("messenger")
        assert [("sms", PHONE)] == told(known, room, MAY, channels=("push", "messenger", "sms"))

        room.phones.away |= {"sms", "push"}
        told(known, room, MUST)
        assert 1 == len(room.phones.texts)
        room.phones.away.clear()
        known.clock.advance(minutes=6)
        assert [("sms", PHONE)] * 2 == [(channel, to) for channel, to, _ in room.deliver()]

    def test_of_a_dead_number_are_enough_by_push(self, known):
        """
        Push *or* SMS is the law's word: where the number is out of service and the device took it, nothing is parked.
        """
        room = Mailroom(known)
        room.devices.put(account="acc_1", token="device")
        room.phones.dead.add(PHONE)

        assert [("push", "device")] == told(known, room, MUST)
        assert room.sweep.next_due() is None

    @pytest.mark.rule("34")
    def test_of_drivers_are_theirs(self, known):
        """
        A driver who likes the messenger is written to there, by SMS when it does not work.
        """
        known.people.put([PersonRecord("per_2", "driver", {"phone": DRIVER, "channel": "messenger"})])
        room = Mailroom(known)
        assert ("messenger", DRIVER) in told(known, room, MUST)
        room.phones.away.add("messenger")
        known.clock.advance(seconds=1)

        assert ("sms", DRIVER) in told(known, room, MUST)


class TestDevices:
    def test_are_ten_at_most_and_fresh(self, known):
        """
        The one not heard of for longest goes; one silent for two months gets nothing; putting it again makes it fresh.
        """
        room = Mailroom(known)
        for number in range(MOST_TOKENS + 1):
            known.clock.advance(minutes=1)
            room.devices.put(account="acc_1", token=f"device-{number:02d}")
        pushed = sorted(to for channel, to in told(known, room, MUST) if channel == "push")
        assert [f"device-{number:02d}" for number in range(1, MOST_TOKENS + 1)] == pushed

        known.clock.advance(days=59)
        room.devices.put(account="acc_1", token="device-05")
        known.clock.advance(days=2)
        seen = known.booking("bk_1")
        later = replace(
            seen, slot_start=seen.slot_start + timedelta(days=90), slot_end=seen.slot_end + timedelta(days=90), version=seen.version + 1
        )
        known.store.commit(Write(later, seen.version))
        room.phones.arrived.clear()
        assert [("push", "device-05"), ("sms", PHONE)] == told(known, room, MUST)

    def test_are_forgotten_when_taken_away(self, known):
        """
        A token that was removed gets nothing; nobody's account has none.
        """
        room = Mailroom(known)
        room.devices.put(account="acc_1", token="device")
        assert room.devices.remove(account="acc_1", token="device") is None
        assert room.devices.remove(account="acc_1", token="unknown") is None
        assert [Missing(), Missing()] == [change(account="acc_9", token="device") for change in (room.devices.put, room.devices.remove)]

        assert [("sms", PHONE)] == told(known, room, MUST)


class TestArrivalNotice:
    @pytest.mark.rule("29")
    def test_of_a_booking_made_inside_24_hours_is_due_at_once(self, known):
        """
        Whoever books for today is reminded today, with his confirmation.
        """
        known.clock.move_to(SLOT - timedelta(hours=10))
        booking = known.confirmed(2, account="acc_1")
        due = next_step(known.booking(booking), RULES)

        assert (Step.REMIND, True) == (due.step, due.at <= known.clock.now())
        assert known.time.remind(booking=booking)
        texts = [text for _, _, text in Mailroom(known).deliver()]
        assert [1, 1] == [sum(text.startswith(word) for text in texts) for word in ("Бронь подтверждена", "Напоминание")]
