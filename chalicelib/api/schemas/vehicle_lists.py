"""
What is asked and shown of the lists of §6.
"""

from typing import Literal

from pydantic import Field

from chalicelib.api.schemas.base import Page, PageQuery, Query, Request, View, absent
from chalicelib.api.schemas.bookings import Slug
from chalicelib.api.schemas.fields import Bin, Day, Moment, Prose, Text
from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.vehicle_lists import Column, FaultCode, ListStatus

ListClass = Literal["priority_post", "priority_state"]


class UploadQuery(Query):
    """
    What a list is for, where the file is the body itself; a form gives the same fields as parts, and the file as `file`.
    """

    checkpoint: str | None = Field(default=None, max_length=40, examples=["nur-zholy"])
    class_: str | None = Field(default=None, alias="class", max_length=40, examples=["priority_post"])
    sender: str | None = Field(default=None, max_length=200, description="The organization that sent it.", examples=["Қазпошта"])
    sender_bin: str | None = Field(default=None, max_length=12, examples=["000140002217"])
    received_on: str | None = Field(default=None, max_length=10, description="When OGD received it (§6, D2).", examples=["2026-11-20"])


class UploadFields(Request):
    """
    The same, whole.
    """

    checkpoint: Slug
    class_: ListClass = Field(alias="class")
    sender: Text
    sender_bin: Bin | None = None
    received_on: Day


class ListsQuery(PageQuery):
    """
    Whose lists.
    """

    checkpoint: Slug
    status: ListStatus | None = None


class RejectListRequest(Request):
    """
    Why a list is rejected.
    """

    reason: Prose = Field(max_length=500, examples=["Список подан не назначенным оператором"])


class RowErrorView(View):
    """
    One thing wrong with a list: where, and how to mend it.
    """

    row: int
    column: Column | None = absent()
    code: FaultCode
    message: str


class VehicleListView(View):
    """
    One list; `errors` counts what is wrong with it.
    """

    id: str
    status: ListStatus
    checkpoint: str
    class_: PlaceClass = Field(alias="class")
    sender: str
    sender_bin: str | None = absent()
    received_on: Day
    uploaded_at: Moment
    uploaded_by: str
    rows: int
    errors: int
    decided_at: Moment | None = absent()
    decided_by: str | None = absent()
    reason: str | None = absent()


class VehicleListDetail(VehicleListView):
    """
    One list with a page of what is wrong with it, in the order of its rows.
    """

    report: Page[RowErrorView]


class VehicleListPage(Page[VehicleListView]):
    """
    A checkpoint's lists, latest first.
    """
