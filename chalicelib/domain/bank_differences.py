"""
What lies between the bank's books and ours for longer than it usually does, as differences that are kept until they are gone (D30).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from chalicelib.domain.bank_lines import LineState
from chalicelib.domain.bank_postings import once_id
from chalicelib.domain.bank_reconciliation import BankDifference, BankReconciliation, DifferenceCause
from chalicelib.domain.calendar import WorkingCalendar, add_working_days
from chalicelib.domain.money import SYSTEM_WALLET
from chalicelib.domain.payouts import payout_posting_id
from chalicelib.domain.reconciliation import BANK, Cause, Difference
from chalicelib.domain.rules import Rules

PATIENCE: Final[Mapping[DifferenceCause, int]] = {
    DifferenceCause.STATEMENTS_DO_NOT_JOIN: 0,
    DifferenceCause.UNEXPLAINED: 0,
    DifferenceCause.NOT_POSTED_YET: 2,
    DifferenceCause.REMITTANCE_NOT_SEEN: 2,
    DifferenceCause.UNMATCHED_LINE: 3,
    DifferenceCause.PERHAPS_KNOWN_LINE: 3,
    DifferenceCause.RETURN_NOT_SEEN: 5,
    DifferenceCause.PAYOUT_NOT_SEEN: 5,
}
"""
On which working day after it began something is no longer usual: books that cannot both be right at once; an order to the budget once the
statement of its day should be here; a line once finance has had three days to explain it; money on its way between banks after five.
"""
WHERE: Final[Mapping[DifferenceCause, Cause]] = {
    DifferenceCause.STATEMENTS_DO_NOT_JOIN: Cause.UNKNOWN_HERE,
    DifferenceCause.NOT_POSTED_YET: Cause.UNKNOWN_HERE,
    DifferenceCause.UNMATCHED_LINE: Cause.UNKNOWN_HERE,
    DifferenceCause.PERHAPS_KNOWN_LINE: Cause.UNKNOWN_HERE,
    DifferenceCause.RETURN_NOT_SEEN: Cause.UNKNOWN_THERE,
    DifferenceCause.PAYOUT_NOT_SEEN: Cause.UNKNOWN_THERE,
    DifferenceCause.REMITTANCE_NOT_SEEN: Cause.UNKNOWN_THERE,
    DifferenceCause.UNEXPLAINED: Cause.AMOUNT_DIFFERS,
}
ONCE: Final = {DifferenceCause.PAYOUT_NOT_SEEN: LineState.PAYOUT, DifferenceCause.REMITTANCE_NOT_SEEN: LineState.REMITTED}


def overdue(found: Iterable[BankDifference], *, today: date, calendar: WorkingCalendar) -> Sequence[BankDifference]:
    """
    Choose what has lasted for as many working days as it may.
    """
    return [each for each in found if add_working_days(each.since, count=PATIENCE[each.cause], calendar=calendar) <= today]


def kept(each: BankDifference, *, books: BankReconciliation, rules: Rules) -> Difference:
    """
    Write it down as a difference: the same thing has the same id every day. Sums are tiyn as the bank's balance feels them; where the books
    differ as a whole, `ours` is the ledger's sum and `theirs` what it would be if nothing were unexplained.
    """
    cause = WHERE[each.cause]
    ours = {Cause.UNKNOWN_HERE: None, Cause.UNKNOWN_THERE: each.amount}.get(cause, books.ledger)
    theirs = {Cause.UNKNOWN_HERE: each.amount, Cause.UNKNOWN_THERE: None}.get(cause, books.ledger + each.amount)
    of = each.of or BANK
    return Difference(
        id=f"{BANK}:{each.cause}:{of}",
        side=BANK,
        kind=each.cause.value,
        subject=of,
        cause=cause,
        ours=ours,
        theirs=theirs,
        since=rules.at(each.since, 0),
        found_at=books.as_of,
        version=1,
        wallet=SYSTEM_WALLET if each.cause in ONCE else None,
        posting=once_id(ONCE[each.cause], of) if each.cause in ONCE else None,
        reference=each.of,
    )


def settling(difference: Difference) -> Sequence[str]:
    """
    Name the postings of the system's wallet any of which ends it; none where only the books as a whole can tell.
    """
    if difference.posting is None:
        return ()
    failed = [payout_posting_id("payout_failed", difference.subject)] if difference.kind == DifferenceCause.PAYOUT_NOT_SEEN else []
    return [difference.posting, *failed]


def renewed(known: Difference | None, seen: Difference) -> Difference | None:
    """
    Say what is to be written when it is seen; none where nothing is new, or a later look has cleared it. What comes again is open again.
    """
    if known is None:
        return seen
    if known.cleared_at is not None:
        return replace(seen, version=known.version + 1) if known.cleared_at <= seen.found_at else None
    if (known.ours, known.theirs) == (seen.ours, seen.theirs):
        return None
    return replace(known, ours=seen.ours, theirs=seen.theirs, version=known.version + 1)
