"""
Complaints to the head: registered with a clock of five working days, decided once, their effect carried out (§6-2, §28, D22).
"""

from datetime import date, timedelta

import pytest

from chalicelib.domain.bookings import Status
from chalicelib.domain.complaints import About, ComplaintStatus
from chalicelib.domain.decisions import Code
from chalicelib.domain.money import DepositState
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import PersonalDataUnavailableError
from tests import factories
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES
from tests.fakes.sanctions import DEPUTY, HEAD, REGISTRAR
from tests.usecases.test_blocks import kinds, told
from tests.usecases.test_payments import codes

pytestmark = pytest.mark.rule("6-2", "28", "D22")


@pytest.fixture
def office(quick_office):
    """
    An office with users 1 to 3 and the registrar's people.
    """
    quick_office.people_of(1, 2, 3)
    return quick_office


class TestRegistration:
    def test_is_open_to_a_blocked_account_and_starts_the_clock(self, office):
        """
        Registered on Tuesday 1 December 2026 it is due on Tuesday the 8th; its words lie in the personal data store alone.
        """
        office.block()
        office.clock.move_to(RULES.midnight(date(2026, 12, 1)) + timedelta(hours=23, minutes=59))
        complaint = office.complained().resource

        made = office.store.complaints.complaint(complaint)
        assert (date(2026, 12, 8), ComplaintStatus.REGISTERED, REGISTRAR) == (made.due_on, made.status, made.against)
        assert "Прошу пересмотреть" == office.people.get_many([made.text], purpose="test")[made.text].fields["text"]
        assert {"complaint_registered"} <= told(office)
        assert ["registered"] == kinds(office, complaint)
        seen = office.complaints_read.mine(account="acc_1", limit=9, cursor=None).items
        assert ["Прошу пересмотреть"] == [each.words[each.complaint.text] for each in seen]

    def test_about_a_block_needs_one_and_comes_once(self, office):
        """
        Without a block there is nothing to complain of; a second complaint about the same block is refused with the first one's term.
        """
        assert [Code.NOT_BLOCKED] == codes(office.complained())
        office.block()
        office.complained()

        assert [Code.COMPLAINT_MADE] == codes(office.complained())

    def test_knows_no_booking_of_another(self, office):
        """
        Another's booking is as unknown as none.
        """
        foreign = office.confirmed(2)

        assert Missing() == office.complained(About.FEE, booking=foreign)

    def test_without_a_place_for_its_words_registers_nothing(self, office, monkeypatch):
        """
        Words first, complaint second: with the personal data store away there is no complaint.
        """

        def away(_):
            raise PersonalDataUnavailableError

        monkeypatch.setattr(office.people, "put", away)
        with pytest.raises(PersonalDataUnavailableError):
            office.complained(About.OTHER)

        assert [] == list(office.store.complaints.of_account("acc_1", limit=9, cursor=None).items)


class TestWhoDecides:
    def test_is_the_head_alone(self, office):
        """
        A registrar without the head's marker decides nothing.
        """
        office.block()
        complaint = office.complained().resource

        assert [Code.HEAD_ONLY] == codes(office.ruled(complaint, upheld=True, by=REGISTRAR))
        assert [Code.HEAD_ONLY] == codes(office.ruled(complaint, upheld=True, by="acc_2"))
        assert Missing() == office.ruled("cmp_none", upheld=True)

    def test_is_never_the_one_complained_of(self, office):
        """
        The head who set the block leaves the complaint to another head.
        """
        office.block(by=HEAD)
        complaint = office.complained().resource

        assert [Code.COMPLAINT_AGAINST_YOU] == codes(office.ruled(complaint, upheld=False))
        assert 200 == office.ruled(complaint, upheld=False, by=DEPUTY).status

    def test_decides_once(self, office):
        """
        A decision stands: another one is refused, whatever it says.
        """
        office.block()
        complaint = office.complained().resource
        office.ruled(complaint, upheld=False)

        assert [Code.COMPLAINT_DECIDED] == codes(office.ruled(complaint, upheld=True))
        assert ComplaintStatus.DISMISSED == office.store.complaints.complaint(complaint).status
        assert ["registered", "dismissed"] == kinds(office, complaint)


class TestBlockComplaint:
    def test_upheld_in_time_lifts_the_block_and_revives(self, office):
        """
        The account books again at once, its suspended booking runs on, the user is told.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)
        office.ruled(office.complained().resource, upheld=True)

        assert (Status.CONFIRMED, None) == (office.booking(booking).status, office.booking(booking).suspended)
        assert 200 == office.take_for(office.verified(2, account="acc_1")).status
        assert {"complaint_upheld", "account_unblocked", "resumed"} <= told(office)

    def test_upheld_after_the_slot_withdraws(self, office):
        """
        Everything back, the block lifted.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)
        complaint = office.complained().resource
        office.clock.move_to(factories.SLOT + timedelta(days=1))
        office.ruled(complaint, upheld=True)

        assert Status.WITHDRAWN == office.booking(booking).status
        assert (FEE + DEPOSIT, 0) == office.wallet()

    def test_dismissed_cancels_and_the_block_stands(self, office):
        """
        The fee is kept, the deposit goes by the rules of a miss, the account stays blocked; the user learns of the court.
        """
        booking = office.confirmed(1)
        office.block("acc_1", booking)
        office.ruled(office.complained().resource, upheld=False)

        after = office.booking(booking)
        assert (Status.CANCELLED, DepositState.FORGIVEN) == (after.status, after.deposit)
        assert (DEPOSIT, 0) == office.wallet()
        assert {"complaint_dismissed", "cancelled"} <= told(office)
        assert [Code.ACCOUNT_BLOCKED] == codes(office.take_for(office.verified(2, account="acc_1")))


class TestReminders:
    def test_come_a_working_day_before_and_after_the_term(self, office):
        """
        Over New Year: due on 6 January, reminded on the 5th, alarmed on the 7th; each head once, a second run tells nothing.
        """
        office.clock.move_to(RULES.midnight(date(2026, 12, 28)) + timedelta(hours=10))
        complaint = office.complained(About.OTHER).resource
        assert date(2027, 1, 6) == office.store.complaints.complaint(complaint).due_on
        days = {}
        for day in range(1, 12):
            office.clock.move_to(RULES.midnight(date(2026, 12, 28) + timedelta(days=day)) + timedelta(hours=9))
            ran = [office.reminding() for _ in range(2)]
            days[RULES.today(office.clock.now())] = (ran[0].changed, ran[1].changed, ran[0].overdue)

        changed = {day for day, (first, _, _) in days.items() if first}
        assert {date(2027, 1, 5), date(2027, 1, 7)} == changed
        assert not any(second for _, second, _ in days.values())
        assert {day for day, (_, _, overdue) in days.items() if overdue} == {date(2027, 1, 7), date(2027, 1, 8)}
        assert {"complaint_due", "complaint_overdue"} <= told(office)
        assert ["registered", "complaint_due", "complaint_overdue"] == kinds(office, complaint)

    def test_end_with_the_decision(self, office):
        """
        A decided complaint is not reminded of; a late decision still counts.
        """
        complaint = office.complained(About.OTHER).resource
        office.clock.advance(days=30)
        office.ruled(complaint, upheld=False)

        assert (0, 0) == (office.reminding().seen, office.reminding().overdue)
