"""
A notice goes to the user and to every driver it concerns, each in his language, each on his own, and only while it is true (§29, §34, D21).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.bookings import Happening, Status
from chalicelib.domain.happenings import notice
from chalicelib.usecases.deliver_outbox import UndeliveredError
from chalicelib.usecases.ports import PersonRecord, Write
from tests.factories import SLOT
from tests.fakes import samples
from tests.fakes.mailroom import Away, Earlier, Mailroom, Phones

USER, FIRST, SECOND = "+77011234567", "+79161234567", "+8613812345678"


def spelled(name, language, parameters):
    """
    Word a notice by its parts.
    """
    return f"{name}/{language}/{parameters.get('to', 'user')}"


@pytest.fixture
def known(quick_office):
    """
    An account with a phone, and two drivers of a booking: a Russian and a Chinese number.
    """
    office = quick_office
    office.store.commit(Write(samples.account()))
    phones = {"per_1": USER, "per_2": FIRST, "per_3": SECOND}
    office.people.put([PersonRecord(id_, "account", {"phone": phone}) for id_, phone in phones.items()])
    return office


def said(room, office, template, **changes):
    """
    Let something befall the confirmed booking and be told: what arrived.
    """
    seen = office.booking("bk_1")
    after = replace(seen, version=seen.version + 1, **changes)
    office.store.commit(Write(after, seen.version), Write(notice(template=template, booking=after, at=office.clock.now())))
    return room.deliver()


class TestRecipients:
    @pytest.mark.rule("29", "34", "D21")
    @pytest.mark.parametrize("template", ["confirmed", "reminded", "called", "moved", "delayed", "extended", "must_choose", "cancelled"])
    def test_are_the_user_and_every_driver_each_in_his_language(self, known, template):
        """
        The user reads the language of his booking, a driver that of his phone's country; a Kazakh number says nothing of it.
        """
        known.confirmed(language="kk")
        room = Mailroom(known, word=spelled)
        room.deliver()
        room.phones.arrived.clear()
        arrived = said(room, known, template, called_at=known.clock.now())

        told = {to: text.split(" ")[0] for _, to, text in arrived}
        assert {USER: f"{template}/kk/user", FIRST: f"{template}/ru/driver", SECOND: f"{template}/en/driver"} == told

    def test_read_the_language_they_chose(self, known):
        """
        A driver's own language goes before his phone's; the user's, once chosen in the profile, before the booking's.
        """
        known.people.put([PersonRecord("per_3", "driver", {"phone": SECOND, "language": "kk"})])
        account = known.store.accounts.account("acc_1")
        known.store.commit(Write(replace(account, language="en", language_chosen=True, version=2), 1))
        known.confirmed(language="ru")

        told = {to: text.split("/")[1] for _, to, text in Mailroom(known, word=spelled).deliver()}
        assert {USER: "en", FIRST: "ru", SECOND: "kk"} == told

    @pytest.mark.rule("29")
    def test_are_told_once_where_one_phone_is_two_of_them(self, known):
        """
        The user who drives himself gets his own notice; two drivers with one phone get one.
        """
        known.people.put([PersonRecord("per_2", "driver", {"phone": USER}), PersonRecord("per_3", "driver", {"phone": USER})])
        known.confirmed()

        assert [USER] == [to for _, to, _ in Mailroom(known).deliver()]

    def test_of_money_and_papers_are_the_account_alone(self, known):
        """
        A late payment, a verification and a lapsed hold are nobody's but the user's.
        """
        known.confirmed()
        room = Mailroom(known, word=spelled)
        room.deliver()
        room.phones.arrived.clear()
        for template in ("payment_late", "topped_up", "no_such_template"):
            said(room, known, template)

        assert {USER} == {to for _, to, _ in room.phones.texts}
        assert 3 == len(room.phones.texts)

    def test_who_are_gone_are_no_error(self, known):
        """
        No account, no phone, a driver replaced meanwhile: there is nobody to tell, and nothing waits.
        """
        known.confirmed()
        room = Mailroom(known, word=spelled)
        room.sweep()
        seen = known.booking("bk_1")
        known.store.commit(Write(replace(seen, drivers=(samples.Party("per_9", resident=True),), version=seen.version + 1), seen.version))
        known.people.erase(["per_1"])

        assert [] == room.deliver()
        assert room.sweep.next_due() is None


class TestContents:
    @pytest.mark.rule("28")
    def test_for_drivers_name_no_money(self, known):
        """
        What becomes of fee and deposit is between the user and the queue.
        """
        known.confirmed()
        known.cancel_for("bk_1")
        arrived = Mailroom(known).deliver()

        assert [True] == ["взнос" in text.lower() for _, to, text in arrived if to == USER]
        assert not any("взнос" in text.lower() or "deposit" in text for _, to, text in arrived if to != USER)

    @pytest.mark.rule("34")
    def test_for_drivers_end_with_the_way_to_follow_the_booking(self, known):
        """
        Each driver has a link of his own, the same in every notice, none in a notice of the end.
        """
        known.confirmed()
        room = Mailroom(known)
        room.deliver()
        said(room, known, "called", called_at=known.clock.now())
        links = {to: {text.rpartition(" ")[2] for text in room.phones.of(to)} for to in (FIRST, SECOND)}

        assert [1, 1] == [len(each) for each in links.values()]
        assert links[FIRST] != links[SECOND]
        assert all(link.startswith("https://queue.test/d/") for link in links[FIRST] | links[SECOND])
        assert not any("/d/" in text for text in room.phones.of(USER))
        assert not any(
            "/d/" in text for _, _, text in said(Mailroom(known), known, "crossed", status=Status.CROSSED, ended_at=known.clock.now())
        )

    @pytest.mark.rule("15")
    def test_of_a_code_are_derived_and_no_line_in_a_cabinet(self, known):
        """
        The row names the challenge; the code is only in the text.
        """
        challenge = known.sign_in.request_code(phone=USER, channel="messenger", language="en")
        ((channel, to, text),) = Mailroom(known).deliver()

        assert ("messenger", USER) == (channel, to)
        assert known.sign_in.codes.code_of(challenge.id) in text
        assert [] == Mailroom(known).cabinet.mine(account="acc_1", limit=9, cursor=None).items


class TestTruth:
    @pytest.mark.rule("29", "34")
    @pytest.mark.parametrize(
        ("template", "before", "after"),
        [
            ("reminded", {}, {"slot_start": samples.NOW + timedelta(days=9)}),
            ("reminded", {}, {"status": Status.CANCELLED}),
            ("called", {"called_at": samples.NOW}, {"called_at": None}),
            ("called", {"called_at": samples.NOW}, {"slot_start": samples.NOW + timedelta(days=9)}),
            ("repaced", {"leave_by": SLOT + timedelta(hours=2)}, {"leave_by": SLOT + timedelta(hours=3)}),
            ("delayed", {"shift_minutes": 60}, {"shift_minutes": 90}),
            ("annulled", {"status": Status.ANNULLED}, {"status": Status.ADMITTED}),
            ("suspended", {"suspended": samples.suspension()}, {"suspended": None}),
        ],
    )
    @pytest.mark.parametrize("spread_first", [True, False])
    def test_older_versions_are_dropped(self, known, template, before, after, spread_first):
        """
        A notice that is not so any more goes to nobody, whether it was spread before the change or not; nothing is left waiting.
        """
        known.confirmed()
        room = Mailroom(known, word=spelled)
        room.deliver()
        room.phones.arrived.clear()
        seen = known.booking("bk_1")
        then = replace(seen, version=seen.version + 1, **before)
        known.store.commit(Write(then, seen.version), Write(notice(template=template, booking=then, at=known.clock.now())))
        if spread_first:
            room.sweep()
        known.store.commit(Write(replace(then, version=then.version + 1, **after), then.version))

        assert [] == room.deliver()
        assert room.sweep.next_due() is None

    @pytest.mark.rule("29")
    def test_several_notices_of_one_version_all_go(self, known):
        """
        Versions alone drop nothing: two templates of one version, and an older one that is still true, arrive.
        """
        known.confirmed()
        seen = known.booking("bk_1")
        for template in ("reminded", "delayed"):
            known.store.commit(Write(notice(template=template, booking=seen, at=known.clock.now())))
        known.store.commit(Write(seen.after(Happening.REMINDED, reminded_at=known.clock.now()), seen.version))

        Mailroom(known, word=spelled, phones=(phones := Phones())).deliver()
        assert {"confirmed", "reminded", "delayed"} == {text.split("/")[0] for text in phones.of(USER)}


class TestDelivery:
    @pytest.mark.rule("29", "34")
    def test_to_one_dead_phone_keeps_nobody_elses_back(self, known):
        """
        A number out of service is tried ten times and parked alone; the others have theirs at the first sweep, once.
        """
        known.confirmed()
        room = Mailroom(known)
        room.phones.dead.add(FIRST)
        room.deliver()
        assert {USER, SECOND} == {to for _, to, _ in room.phones.texts}
        for _ in range(20):
            known.clock.advance(minutes=6)
            room.deliver()

        assert (10, 1, 1) == tuple(room.phones.tried.count(("sms", to)) for to in (FIRST, USER, SECOND))
        assert [True] == ["per_2" in id_ for id_ in room.alarms]

    @pytest.mark.rule("29", "34")
    def test_waits_for_the_personal_data_store_and_parks_nothing(self, known):
        """
        Without phones nothing is sent, however long; the cabinet knows already, and when the store is back all is sent once.
        """
        known.confirmed()
        away = Mailroom(known, people=Away())
        for _ in range(30):
            away.deliver()
            known.clock.advance(minutes=6)

        assert ([], []) == (away.phones.texts, away.alarms)
        assert 1 == len(away.cabinet.mine(account="acc_1", limit=9, cursor=None).items)
        back = Mailroom(known)
        back.deliver()
        assert [FIRST, USER, SECOND] == sorted((to for _, to, _ in back.phones.texts), key=[FIRST, USER, SECOND].index)

    def test_knocks_once_a_sweep_where_nobody_answers(self, known):
        """
        A silent messaging service is asked once a sweep, not once a message; what is no notice goes on.
        """
        for number in (1, 2):
            known.confirmed(number)
        room = Mailroom(known)
        room.phones.away.add("sms")
        room.sweep()
        room.phones.tried.clear()
        room.sweep()

        assert 1 == len(room.phones.tried)

    def test_by_two_sweeps_at_once_arrives_once(self, known):
        """
        Both read the same row; one spreads it, the other finds it gone and adds nothing.
        """
        known.confirmed()
        rows = [row for shard in range(8) for row in known.store.outbox.pending(shard=shard, until=known.clock.now(), limit=50)]
        one = Mailroom(known)
        other = Mailroom(known, phones=one.phones)
        told = [row for row in rows if row.task == "notify"]

        assert [True] == [one.spread(row) for row in told]
        with pytest.raises(UndeliveredError):
            other.spread(told[0])
        late = replace(other.sweep, outbox=Earlier(told))()
        assert (0, len(told), 0) == (late.delivered, late.failed, late.parked)
        one.deliver()
        other.deliver()
        assert 3 == len(one.phones.texts)
