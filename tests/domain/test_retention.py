"""
How long personal data are needed (D31).
"""

from datetime import timedelta

import pytest

from chalicelib.domain.bank_lines import LineState
from chalicelib.domain.bookings import Status
from chalicelib.domain.complaints import ComplaintStatus, Effect, Ruling
from chalicelib.domain.retention import bank_data_until, booking_data_until, complaint_data_until, is_held, is_named
from chalicelib.domain.vehicles import Party
from tests.fakes import bank, samples
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

WEEK, FIVE_YEARS, THREE_MONTHS = timedelta(days=7), timedelta(days=1826), timedelta(days=90)
RUNNING = {Status.VERIFYING, Status.VERIFIED, Status.HELD, Status.CONFIRMED, Status.ARRIVED, Status.CALLED, Status.ADMITTED}


def hour(number):
    """
    An instant so many hours before now.
    """
    return NOW - timedelta(hours=number)


@pytest.mark.rule("D31")
class TestPeopleOfABooking:
    @pytest.mark.parametrize("status", list(Status))
    def test_are_needed_while_it_runs(self, status):
        """
        One that runs is looked at again in a week; one that is over has its term.
        """
        assert (status in RUNNING) == (NOW + WEEK == booking_data_until(samples.booking(status=status), now=NOW, rules=RULES))

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"crossed_at": hour(1), "ended_at": hour(2)}, hour(1) + FIVE_YEARS),
            ({"ended_at": hour(2)}, hour(2) + FIVE_YEARS),
            ({"verified_at": hour(3)}, hour(3) + FIVE_YEARS),
            ({"verified_at": None, "created_at": hour(4)}, hour(4) + FIVE_YEARS),
            ({"ended_at": hour(2), "confirmed_at": None}, hour(2) + THREE_MONTHS),
        ],
    )
    def test_are_kept_from_its_end_on(self, changes, expected):
        """
        Five years after a trip; as long as one may complain where nothing was paid. The crossing counts before the end, the end before the checks.
        """
        assert expected == booking_data_until(samples.booking(status=Status.CROSSED, **changes), now=NOW, rules=RULES)

    def test_are_those_it_names(self):
        """
        Owner, user and drivers; nobody else.
        """
        found = samples.booking(user=Party("per_9", resident=True))

        assert [True, True, True, True, False] == [is_named(found, person) for person in ("per_1", "per_2", "per_3", "per_9", "per_4")]


@pytest.mark.rule("D31")
class TestComplaint:
    def test_is_kept_five_years_after_the_decision(self):
        """
        Undecided it is looked at again in a week.
        """
        ruled = samples.complaint(ruling=Ruling(ComplaintStatus.UPHELD, "acc_8", hour(5), "per_8", Effect.DEPOSIT_RELEASED))

        assert hour(5) + FIVE_YEARS == complaint_data_until(ruled, now=NOW, rules=RULES)
        assert NOW + WEEK == complaint_data_until(samples.complaint(), now=NOW, rules=RULES)

    def test_holds_the_people_of_its_booking_until_it_is_decided(self):
        """
        Its own booking's or, where it names none, everybody's; another booking's or a decided one holds nobody.
        """
        ruling = Ruling(ComplaintStatus.UPHELD, "acc_8", hour(5), "per_8", Effect.DEPOSIT_RELEASED)
        mine, all_, other, over = (
            samples.complaint(),
            samples.complaint(booking=None),
            samples.complaint(booking="bk_2"),
            samples.complaint(ruling=ruling),
        )

        assert [True, True, False, False, False, True] == [
            is_held(samples.booking(), each) for each in ([mine], [all_], [other], [over], [], [over, other, mine])
        ]


@pytest.mark.rule("D31")
class TestPayer:
    @pytest.mark.parametrize("state", list(LineState))
    def test_is_kept_five_years_unless_his_money_waits(self, state):
        """
        From the decision, else from when the line came; unexplained, or on its way back, it is looked at again in a week.
        """
        line = bank.line(state=state, received_at=hour(9))
        decided = bank.line(state=state, received_at=hour(9), decided_at=hour(2))
        waits = state in {LineState.UNMATCHED, LineState.RETURNED}

        assert (NOW + WEEK if waits else hour(9) + FIVE_YEARS) == bank_data_until(line, now=NOW, rules=RULES)
        assert (NOW + WEEK if waits else hour(2) + FIVE_YEARS) == bank_data_until(decided, now=NOW, rules=RULES)
