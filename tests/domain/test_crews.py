"""
Who drives: within the number declared, never nobody, and whose checks go with whom (§16.2, §36, D15).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.bookings import Status, Suspension
from chalicelib.domain.crews import CrewChange, changed_crew, may_change, may_change_crew
from chalicelib.domain.decisions import Allowed, Code, Refused
from chalicelib.domain.registers import Answer, CheckResult
from chalicelib.domain.vehicles import Party
from tests.fakes import samples
from tests.fakes.samples import NOW


def driver(number):
    """
    A driver of some name.
    """
    return Party(f"per_{number}", resident=True)


def crew(count, *, acts_as="owner", **changes):
    """
    A booking with drivers 0 … count - 1, each with a check of his own, and one check of the vehicle.
    """
    checks = tuple(Answer("3", f"driver:{each}", CheckResult.PASSED, message=f"per_{each}") for each in range(count))
    fields = {"drivers": tuple(driver(each) for each in range(count)), "checks": (Answer("1", "vehicle", CheckResult.PASSED), *checks)}
    return samples.booking(**{**fields, "authorized_drivers": 3, "acts_as": acts_as, **changes})


@pytest.mark.rule("D15", "D22")
class TestMayChange:
    @pytest.mark.parametrize("status", list(Status))
    def test_is_for_who_is_expected(self, status):
        """
        Paid and not admitted; before and after that nothing of a booking changes.
        """
        found = may_change(samples.booking(status=status), rule="D15")

        assert isinstance(found, Allowed) == (status in {Status.CONFIRMED, Status.ARRIVED, Status.CALLED})
        assert isinstance(found, Allowed) or found == Refused.because(Code.NOT_CHANGEABLE, "D15", status=status.value)

    @pytest.mark.parametrize(("reason", "code"), [("debt", Code.DEBT), ("false_data", Code.ACCOUNT_BLOCKED)])
    def test_is_not_for_who_stands_still(self, reason, code):
        """
        A suspended booking says why, by which paragraph and since when.
        """
        found = may_change(samples.booking(suspended=Suspension("27", reason, "x", NOW)), rule="D15")

        assert Refused.because(code, "27", since=NOW.isoformat()) == found


@pytest.mark.rule("16.2", "36", "3", "D15")
class TestMayChangeCrew:
    @pytest.mark.parametrize(
        ("count", "change", "refused"),
        [
            (2, CrewChange(None, driver(9)), None),
            (3, CrewChange(None, driver(9)), Refused.because(Code.TOO_MANY_DRIVERS, "16", limit=3)),
            (4, CrewChange(None, driver(9)), Refused.because(Code.TOO_MANY_DRIVERS, "16", limit=3)),
            (3, CrewChange(1, driver(9)), None),
            (1, CrewChange(0, driver(9)), None),
            (2, CrewChange(0, None), None),
            (1, CrewChange(0, None), Refused.because(Code.LAST_DRIVER, "16")),
        ],
    )
    def test_keeps_within_the_declared_number_and_never_leaves_nobody(self, count, change, refused):
        """
        Three were declared: a fourth does not come, one may be replaced, the last does not go.
        """
        assert (refused or Allowed()) == may_change_crew(crew(count), change, same_person=False)

    @pytest.mark.parametrize(
        ("change", "same_person", "allowed"),
        [
            (CrewChange(1, driver(9)), False, False),
            (CrewChange(1, None), False, False),
            (CrewChange(1, driver(9)), True, True),
            (CrewChange(0, driver(9)), False, True),
            (CrewChange(None, driver(9)), False, True),
        ],
    )
    def test_never_takes_off_the_one_who_applied(self, change, same_person, allowed):
        """
        The account's holder applied as the second driver: he stays, with other papers if he likes.
        """
        found = may_change_crew(crew(2, acts_as="driver:1"), change, same_person=same_person)

        assert (Allowed() if allowed else Refused.because(Code.NOT_OWNER_OR_DRIVER, "3")) == found


CHANGES = st.integers(1, 4).flatmap(lambda count: st.tuples(st.just(count), st.none() | st.integers(0, count - 1), st.booleans()))


@pytest.mark.rule("16.2", "D15")
class TestChangedCrew:
    @given(CHANGES, st.integers(0, 3))
    def test_is_a_list_in_which_everybody_keeps_his_checks_and_role(self, change, acting):
        """
        As if seats were people: whoever stays has his own check and, if he applied, is still the one who did.
        """
        count, index, comes = change
        new = driver(9) if comes or index is None else None
        before = crew(count, acts_as=f"driver:{acting % count}")
        names = [each.person for each in before.drivers]
        expected = [*names, "per_9"] if index is None else names[:index] + (["per_9"] if new else []) + names[index + 1 :]

        after = changed_crew(before, CrewChange(index, new))

        assert expected == [each.person for each in after.drivers]
        assert (None if index is None else names[index]) == after.gone
        assert (None if new is None else f"driver:{expected.index('per_9')}") == after.came
        assert [before.checks[0], *(Answer("3", f"driver:{expected.index(name)}", CheckResult.PASSED, message=name)
                for name in names if name in expected)] == list(after.checks)  # fmt: skip
        if index != acting % count:
            assert f"driver:{expected.index(names[acting % count])}" == after.acts_as

    def test_leaves_the_owner_the_owner(self):
        """
        Whoever applied as the owner is he still, whoever drives.
        """
        assert "owner" == changed_crew(crew(2), CrewChange(0, None)).acts_as

    def test_with_other_papers_keeps_the_seat_of_who_applied(self):
        """
        The driver who applied comes with a new passport: his seat is his.
        """
        assert "driver:1" == changed_crew(crew(2, acts_as="driver:1"), CrewChange(1, driver(9))).acts_as
