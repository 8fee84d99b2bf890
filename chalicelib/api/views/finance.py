from datetime import datetime

from chalicelib.api.schemas.fields import money
from chalicelib.api.schemas.finance import (
    AccountBalanceView,
    DifferencePage,
    DifferenceView,
    DownloadPage,
    DownloadView,
    FileLinkView,
    SettlementDetailView,
    SettlementPage,
    SettlementRowView,
    SettlementView,
    TrialBalanceView,
)
from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.reconciliation import BANK, Difference
from chalicelib.domain.remittance import Download
from chalicelib.domain.settlements import Balance, Settlement, SettlementRow
from chalicelib.usecases.hand_out_files import FileLink
from chalicelib.usecases.ports import Page


def settlement_page(page: Page[Settlement]) -> SettlementPage:
    """
    Show settlements in a list.
    """
    return SettlementPage(items=[settlement_view(settlement) for settlement in page.items], next_cursor=page.next_cursor)


def settlement_view(settlement: Settlement) -> SettlementView:
    """
    Show a settlement without its rows.
    """
    return SettlementView(
        id=str(settlement.day),
        day=settlement.day,
        closed_at=settlement.closed_at,
        remit_on=settlement.remit_on,
        due_on=settlement.due_on,
        due=money(settlement.due),
        funded=money(settlement.funded),
        shortfall=money(settlement.shortfall),
    )


def settlement_detail(settlement: Settlement) -> SettlementDetailView:
    """
    Show a settlement with its rows.
    """
    return SettlementDetailView(**settlement_view(settlement).model_dump(), rows=[_row(row) for row in settlement.rows])


def _row(row: SettlementRow) -> SettlementRowView:
    return SettlementRowView(
        checkpoint=row.checkpoint,
        class_=row.place_class,
        region=row.region,
        fees=money(row.fees),
        fee_count=row.fee_count,
        forfeits=money(row.forfeits),
        forfeit_count=row.forfeit_count,
    )


def link_view(link: FileLink, *, base: str) -> FileLinkView:
    """
    Show a link; `base` is the API's own address.
    """
    return FileLinkView(url=f"{base}/v1/finance/files/{link.token}", expires_at=link.expires_at, name=link.name, sha256=link.sha256)


def download_page(page: Page[Download]) -> DownloadPage:
    """
    Show who took files.
    """
    return DownloadPage(items=[_download(each) for each in page.items], next_cursor=page.next_cursor)


def _download(taken: Download) -> DownloadView:
    return DownloadView(id=taken.id, kind=taken.kind.value, account=taken.account, at=taken.at, sha256=taken.sha256, size=taken.size)


def balance_view(balance: Balance) -> TrialBalanceView:
    """
    Show every account, those without money too.
    """
    return TrialBalanceView(
        day=balance.day,
        postings=balance.postings,
        accounts=[_account(balance, account) for account in LedgerAccount],
        total=money(sum(balance.totals.values())),
    )


def _account(balance: Balance, account: LedgerAccount) -> AccountBalanceView:
    closing, moved = balance.totals.get(account, 0), balance.moved.get(account, 0)
    return AccountBalanceView(account=account.value, opening=money(closing - moved), moved=money(moved), closing=money(closing))


def difference_page(page: Page[Difference], *, now: datetime, wall: datetime) -> DifferencePage:
    """
    Show what differs, with its age: by business time for what a bank's business day tells of, by the wall's for the provider's.
    """
    return DifferencePage(
        items=[_difference(difference, now if difference.side == BANK else wall) for difference in page.items], next_cursor=page.next_cursor
    )


def _difference(difference: Difference, now: datetime) -> DifferenceView:
    return DifferenceView(
        id=difference.id,
        side=difference.side,
        kind=difference.kind,
        subject=difference.subject,
        cause=difference.cause,
        ours=None if difference.ours is None else money(difference.ours),
        theirs=None if difference.theirs is None else money(difference.theirs),
        since=difference.since,
        found_at=difference.found_at,
        age_days=max(0, ((difference.cleared_at or now) - difference.since).days),
        cleared_at=difference.cleared_at,
        reference=difference.reference,
    )
