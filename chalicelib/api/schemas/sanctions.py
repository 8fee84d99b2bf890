from typing import Literal

from pydantic import Field, model_validator

from chalicelib.api.schemas.base import Page, PageQuery, Request, View, absent
from chalicelib.api.schemas.fields import Country, Day, Moment, Plate, Prose, fault
from chalicelib.api.schemas.officer import PlateReadView
from chalicelib.domain.blocks import EvidenceKind
from chalicelib.domain.complaints import About, ComplaintStatus, Effect

BOOKING = r"^[\w-]{1,64}$"
WITHOUT_NAMES = "Shown to the user, kept for years: no names, no numbers of documents."


class EvidenceRequest(Request):
    """
    A booking, a check of it by its source of §18, or a document by its hash.
    """

    kind: EvidenceKind
    booking: str | None = Field(default=None, pattern=BOOKING, examples=["bkg_0123456789abcdef01234567"])
    source: str | None = Field(default=None, pattern=r"^[0-9]{1,2}(-[12])?$", examples=["2"])
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")

    @model_validator(mode="after")
    def check_whole(self) -> "EvidenceRequest":
        """
        Refuse evidence that does not name what it is.
        """
        needed = {
            EvidenceKind.BOOKING: {"booking": self.booking},
            EvidenceKind.CHECK: {"booking": self.booking, "source": self.source},
            EvidenceKind.DOCUMENT: {"sha256": self.sha256},
        }
        missing = next((name for name, value in needed[self.kind].items() if value is None), None)
        if missing is not None:
            raise fault("at_least_one", field=missing, expected=missing)
        return self


class BlockRequest(Request):
    """
    Why an account is blocked (§6-2): `bookings` are those that rest on the false data.
    """

    kind: Literal["false_data"] = "false_data"
    reason: Prose = Field(max_length=500, description=WITHOUT_NAMES, examples=["VIN принадлежит другому ТС"])
    evidence: list[EvidenceRequest] = Field(
        min_length=1, max_length=20, examples=[[{"kind": "document", "sha256": "0123456789abcdef" * 4}]]
    )
    bookings: list[str] = Field(default_factory=list, max_length=20, examples=[[]])

    @model_validator(mode="after")
    def check_ids(self) -> "BlockRequest":
        """
        Refuse ids that could name nothing, and the same one twice.
        """
        if len(set(self.bookings)) != len(self.bookings) or not all(id_.isascii() and 1 <= len(id_) <= 64 for id_ in self.bookings):  # noqa: PLR2004
            raise fault("repeated", field="bookings")
        return self


class UnblockRequest(Request):
    """
    Why the block is lifted.
    """

    reason: Prose = Field(max_length=500, description=WITHOUT_NAMES, examples=["Сведения подтверждены документами"])


class EvidenceView(View):
    """
    One piece of evidence.
    """

    kind: EvidenceKind
    booking: str | None = absent()
    source: str | None = absent()
    sha256: str | None = absent()


class AccountBlockView(View):
    """
    One block for false data, with how it ended.
    """

    id: str
    kind: Literal["false_data"]
    rule: str = Field(examples=["§6-2"])
    since: Moment
    by: str
    reason: str
    evidence: list[EvidenceView]
    bookings: list[str]
    complaint: str | None = absent()
    upheld_at: Moment | None = absent()
    lifted_at: Moment | None = absent()
    lifted_by: str | None = absent()
    lifted_because: str | None = absent()


class AccountBlocksView(View):
    """
    The block that stands, if one does, and all there have been, the latest first.
    """

    account: str
    block: AccountBlockView | None = absent()
    items: list[AccountBlockView]


class VehicleRequest(Request):
    """
    The complainer's vehicle that a stranger has booked.
    """

    country: Country
    plate: Plate


class ComplaintRequest(Request):
    """
    A complaint to the registrar's head; its text is personal data.
    """

    about: About
    booking: str | None = Field(default=None, pattern=BOOKING)
    vehicle: VehicleRequest | None = None
    text: Prose = Field(examples=["Прошу пересмотреть решение"])


class RulingView(View):
    """
    The head's decision; `court` says what may follow it (§6-2).
    """

    outcome: ComplaintStatus
    decided_at: Moment
    effect: Effect
    grounds: str | None = absent()
    court: str


class ComplaintView(View):
    """
    A complaint as its maker sees it; `due_on` is the last day for the decision.
    """

    id: str
    about: About
    booking: str | None = absent()
    vehicle: str | None = absent()
    status: ComplaintStatus
    text: str | None = absent()
    registered_at: Moment
    due_on: Day
    decision: RulingView | None = absent()
    personal_data: Literal["unavailable"] | None = absent()


class ComplaintPage(Page[ComplaintView]):
    """
    Complaints, newest first.
    """


class RivalView(View):
    """
    A stranger's booking of the vehicle complained about.
    """

    booking: str
    account: str
    status: str
    number: str | None = absent()


class CaseView(ComplaintView):
    """
    A complaint as the registrar sees it: who is complained of does not decide it.
    """

    account: str
    against: str | None = absent()
    block: str | None = absent()
    overdue: bool
    reminded_at: Moment | None = absent()
    rivals: list[RivalView]
    sightings: list[PlateReadView] = Field(
        default_factory=list, description="What cameras saw of the bookings it is about, or of what may have been them; not in lists."
    )


class CasePage(Page[CaseView]):
    """
    Complaints, newest first.
    """


class CaseQuery(PageQuery):
    """
    Which complaints.
    """

    status: ComplaintStatus = ComplaintStatus.REGISTERED


class DecisionRequest(Request):
    """
    The head's decision: `effect` not given is the usual one of what was complained about; `booking` names a stranger's one to be ended.
    """

    outcome: Literal["upheld", "dismissed"]
    grounds: Prose = Field(examples=["Проверка подтвердила доводы заявителя"])
    effect: Effect | None = None
    booking: str | None = Field(default=None, pattern=BOOKING)
