"""
A list's life and the entries that it stands for (§6, D2).
"""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.decisions import Allowed, Code, Refused
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.vehicle_lists import ListedRow, ListEntry, ListStatus, earliest_day, entries_of, entry_key_of, may_decide
from tests.fakes import samples
from tests.fakes.samples import DAY, HERE, NOW


@pytest.mark.rule("6")
class TestList:
    @pytest.mark.parametrize(
        ("status", "officer", "approving", "refused"),
        [
            (ListStatus.SUBMITTED, "acc_2", True, None),
            (ListStatus.SUBMITTED, "acc_2", False, None),
            (ListStatus.SUBMITTED, "acc_1", False, None),
            (ListStatus.SUBMITTED, "acc_1", True, Refused.because(Code.ANOTHER_OFFICER_REQUIRED, "6")),
            (ListStatus.APPROVED, "acc_2", True, Refused.because(Code.LIST_NOT_SUBMITTED, "6", list_status="approved")),
            (ListStatus.REJECTED, "acc_2", False, Refused.because(Code.LIST_NOT_SUBMITTED, "6", list_status="rejected")),
        ],
    )
    def test_is_approved_by_another_officer_than_brought_it(self, status, officer, approving, refused):
        """
        Whoever brought it may reject it; what is decided is decided.
        """
        found = may_decide(samples.vehicle_list(status=status), officer=officer, approving=approving)

        assert (refused or Allowed()) == found

    def test_keeps_who_decided_when_and_why(self):
        """
        The next version.
        """
        made = samples.vehicle_list().decided(ListStatus.REJECTED, by="acc_2", at=NOW, reason="x")

        fields = {"version": 2, "status": ListStatus.REJECTED, "decided_by": "acc_2", "decided_at": NOW}
        assert samples.vehicle_list(**fields, reason="x") == made
        assert samples.vehicle_list(**fields) == samples.vehicle_list().decided(ListStatus.REJECTED, by="acc_2", at=NOW)

    def test_books_from_ten_days_after_its_receipt(self):
        """
        Calendar days.
        """
        assert date(2026, 12, 30) == earliest_day(date(2026, 12, 20), 10)


@pytest.mark.rule("6", "D2")
class TestEntries:
    def test_are_made_of_rows_that_were_understood(self):
        """
        A row without vehicle or day stands for nothing.
        """
        rows = [
            ListedRow(2, (), "KZ#123ABC02", "VIN1", DAY),
            ListedRow(3, (), "KZ#124ABC02", None, DAY),
            ListedRow(4, (), None, None, DAY),
            ListedRow(5, (), "KZ#125ABC02", None, None),
        ]
        key = f"priority_post#{HERE}#KZ#"

        assert (
            ListEntry(f"{key}123ABC02", DAY, "lst_1", 2, "VIN1", 1),
            ListEntry(f"{key}124ABC02", DAY, "lst_1", 3, None, 1),
        ) == entries_of(samples.vehicle_list(), rows)

    def test_are_found_by_the_booking_that_they_are_for(self):
        """
        By class, checkpoint and plate however it is printed; once taken the entry names its booking.
        """
        found = samples.booking(class_=PlaceClass.PRIORITY_POST, vehicle=replace(samples.booking().vehicle, plate="123 abc 02"))

        assert f"priority_post#{HERE}#KZ#123ABC02" == entry_key_of(found)
        assert samples.list_entry(booking="bk_1", version=2) == samples.list_entry().taken("bk_1")
