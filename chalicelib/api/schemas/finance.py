from pydantic import Field

from chalicelib.api.schemas.base import Page, PageQuery, Query, View, absent
from chalicelib.api.schemas.fields import Day, Moment, Money
from chalicelib.domain.reconciliation import Cause


class SettlementRowView(View):
    """
    What one checkpoint and class brought in.
    """

    checkpoint: str = Field(description="`carried`: what earlier days' reversals took beyond their revenue.")
    class_: str = Field(alias="class")
    region: str = Field(description="Whose budget it goes to.")
    fees: Money
    fee_count: int
    forfeits: Money
    forfeit_count: int


class SettlementView(View):
    """
    One closed day's remittance to the budget (§24, D29): closed once and forever.
    """

    id: str = Field(examples=["2026-12-03"])
    day: Day
    closed_at: Moment
    remit_on: Day = Field(description="The business day on which it is ordered to be paid.")
    due_on: Day = Field(description="When it must have reached the budget.")
    due: Money
    funded: Money = Field(description="What of it had come to the registrar's account by the day's end.")
    shortfall: Money


class SettlementDetailView(SettlementView):
    """
    A settlement with its rows.
    """

    rows: list[SettlementRowView]


class SettlementPage(Page[SettlementView]):
    """
    Settlements, latest first.
    """


class FileLinkView(View):
    """
    Where a file can be taken, for a minute.
    """

    url: str
    expires_at: Moment
    name: str
    sha256: str


class DownloadView(View):
    """
    A file that somebody took.
    """

    id: str
    kind: str
    account: str = Field(description="Who asked for the link.")
    at: Moment
    sha256: str
    size: int


class DownloadPage(Page[DownloadView]):
    """
    Files taken, latest first.
    """


class BalanceQuery(Query):
    """
    Of which day.
    """

    date: Day | None = Field(default=None, description="None: today, as of now.")


class AccountBalanceView(View):
    """
    One account. What the registrar owes or earned is above zero, what he is owed or owns below.
    """

    account: str
    opening: Money
    moved: Money
    closing: Money


class ReconciliationQuery(PageQuery):
    """
    Which differences.
    """

    cleared: bool = Field(default=False, description="Those that have cleared instead of those that stand.")


class DifferenceView(View):
    """
    Something that the payment provider or the bank and the ledger do not agree on; nothing is corrected by itself.
    """

    id: str
    side: str = Field(
        description="Whose book shows it. `provider`: it moved there; `ledger`: it is posted here; `bank`: it lies between the bank's statements and the ledger.",
        examples=["provider"],
    )
    kind: str = Field(description="What moved; for `bank` the cause as in the bank's reconciliation.", examples=["charge"])
    subject: str = Field(
        description="The provider's id, or the posting's; for `bank` the statement, line, payout or order, `bank` where it is the whole."
    )
    cause: Cause
    ours: Money | None = absent()
    theirs: Money | None = absent()
    since: Moment = Field(description="When it happened.")
    found_at: Moment
    age_days: int = Field(description="Whole days since it happened, until it cleared.")
    cleared_at: Moment | None = absent()
    reference: str | None = absent()


class DifferencePage(Page[DifferenceView]):
    """
    Differences, the latest first.
    """


class TrialBalanceView(View):
    """
    The whole ledger at the end of a day; all accounts together are zero.
    """

    day: Day
    postings: int
    accounts: list[AccountBalanceView]
    total: Money
