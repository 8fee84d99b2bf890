from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.api.languages import Language
from chalicelib.api.problems import written_rule
from chalicelib.api.schemas.sanctions import (
    AccountBlocksView,
    AccountBlockView,
    CasePage,
    CaseView,
    ComplaintPage,
    ComplaintView,
    EvidenceView,
    RivalView,
    RulingView,
)
from chalicelib.api.views.officer import reading_view
from chalicelib.domain.blocks import Block, standing_block
from chalicelib.domain.complaints import Ruling
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.ports import Page
from chalicelib.usecases.read_complaints import ComplaintSeen, is_overdue


def blocks_view(account: str, blocks: Sequence[Block]) -> AccountBlocksView:
    """
    Show an account's blocks to the registrar.
    """
    standing = standing_block(blocks)
    return AccountBlocksView(
        account=account, block=_block(standing) if standing is not None else None, items=[_block(block) for block in blocks]
    )


def _block(block: Block) -> AccountBlockView:
    return AccountBlockView(
        id=block.id,
        kind="false_data",
        rule=written_rule("6-2"),
        since=block.since,
        by=block.by,
        reason=block.reason,
        evidence=[EvidenceView(kind=each.kind, booking=each.booking, source=each.source, sha256=each.sha256) for each in block.evidence],
        bookings=list(block.bookings),
        complaint=block.complaint,
        upheld_at=block.upheld_at,
        lifted_at=block.lifted_at,
        lifted_by=block.lifted_by,
        lifted_because=block.lifted_because,
    )


def complaint_page(page: Page[ComplaintSeen], *, language: Language) -> ComplaintPage:
    """
    Show complaints to who made them.
    """
    return ComplaintPage(items=[complaint_view(seen, language=language) for seen in page.items], next_cursor=page.next_cursor)


def complaint_view(seen: ComplaintSeen, *, language: Language) -> ComplaintView:
    """
    Show a complaint to who made it.
    """
    return ComplaintView(**_shown(seen, language))


def case_page(page: Page[ComplaintSeen], *, language: Language, today: date, wall: datetime) -> CasePage:
    """
    Show complaints to the registrar.
    """
    items = [case_view(seen, language=language, today=today, wall=wall) for seen in page.items]
    return CasePage(items=items, next_cursor=page.next_cursor)


def case_view(seen: ComplaintSeen, *, language: Language, today: date, wall: datetime) -> CaseView:
    """
    Show a complaint to the registrar.
    """
    complaint = seen.complaint
    rivals = [RivalView(booking=each.id, account=each.account, status=each.status.value, number=each.number) for each in seen.rivals]
    return CaseView(
        **_shown(seen, language),
        account=complaint.account,
        against=complaint.against,
        block=complaint.case,
        overdue=is_overdue(complaint, today=today),
        reminded_at=complaint.reminded_at,
        rivals=rivals,
        sightings=[reading_view(each, wall) for each in seen.sightings],
    )


def _shown(seen: ComplaintSeen, language: Language) -> dict[str, Any]:
    complaint, words = seen.complaint, seen.words
    return {
        "id": complaint.id,
        "about": complaint.about,
        "booking": complaint.booking,
        "vehicle": complaint.vehicle,
        "status": complaint.status,
        "text": words.get(complaint.text) if words is not None else None,
        "registered_at": complaint.registered_at,
        "due_on": complaint.due_on,
        "decision": _ruling(complaint.ruling, seen, language) if complaint.ruling is not None else None,
        "personal_data": "unavailable" if words is None else None,
    }


def _ruling(ruling: Ruling, seen: ComplaintSeen, language: Language) -> RulingView:
    return RulingView(
        outcome=ruling.outcome,
        decided_at=ruling.at,
        effect=ruling.effect,
        grounds=seen.words.get(ruling.grounds) if seen.words is not None else None,
        court=jurisdiction().names["court"][language.value],
    )
