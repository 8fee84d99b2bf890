"""
Complaints to the registrar's head; their words lie in the people's table.
"""

from collections.abc import Mapping

from pynamodb.attributes import UnicodeAttribute

from chalicelib.domain.complaints import About, Complaint, ComplaintStatus, Ruling
from chalicelib.store.attributes import ChoiceAttribute, DayAttribute, InstantAttribute, ValueAttribute
from chalicelib.store.indexes import index
from chalicelib.store.reading import Reader
from chalicelib.store.rows import Kind, Row
from chalicelib.usecases.ports import Page


class ComplaintRow(Row):
    """
    One complaint.
    """

    id = UnicodeAttribute(hash_key=True)
    account = UnicodeAttribute()
    about = ChoiceAttribute(About)
    text = UnicodeAttribute()
    registered_at = InstantAttribute()
    due_on = DayAttribute()
    booking = UnicodeAttribute(null=True)
    case = UnicodeAttribute(null=True)
    vehicle = UnicodeAttribute(null=True)
    against = UnicodeAttribute(null=True)
    ruling = ValueAttribute(Ruling, null=True)
    reminded_at = InstantAttribute(null=True)
    overdue_at = InstantAttribute(null=True)
    status = UnicodeAttribute()

    by_account = index(
        "by_account", {"account": UnicodeAttribute(hash_key=True), "registered_at": InstantAttribute(range_key=True)}, keys_only=True
    )
    by_status = index(
        "by_status", {"status": UnicodeAttribute(hash_key=True), "registered_at": InstantAttribute(range_key=True)}, keys_only=True
    )


def _of_complaint(complaint: Complaint) -> Mapping[str, object]:
    return {"status": complaint.status.value}


COMPLAINT = Kind(Complaint, ComplaintRow, "complaints", _of_complaint)


class StoredComplaints:
    """
    The port `Complaints`.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def complaint(self, complaint: str) -> Complaint | None:
        """
        Read one, consistently.
        """
        return self._reader.get(COMPLAINT, complaint)

    def of_account(self, account: str, *, limit: int, cursor: str | None) -> Page[Complaint]:
        """
        List an account's complaints, newest first.
        """
        page = self._reader.page(COMPLAINT, account, index="by_account", limit=limit, cursor=cursor)
        return Page(self._reader.get_many(COMPLAINT, [row.id for row in page.items]), page.next_cursor)

    def of_status(self, status: ComplaintStatus, *, limit: int, cursor: str | None) -> Page[Complaint]:
        """
        List complaints that stand so, newest first; one just decided is left out.
        """
        page = self._reader.page(COMPLAINT, status.value, index="by_status", limit=limit, cursor=cursor)
        found = self._reader.get_many(COMPLAINT, [row.id for row in page.items])
        return Page([complaint for complaint in found if complaint.status is status], page.next_cursor)
