"""
What the provider told and we did not hear: its events are read over again, and attempts and refunds without news are asked about (§26, D30).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.payments import (
    ASK_FOR,
    AttemptState,
    IntentStatus,
    PaymentAttempt,
    PaymentEvent,
    PaymentEventKind,
    PaymentIntent,
    UnableToReachProviderError,
    ask_next,
)
from chalicelib.domain.provider import Bookmark
from chalicelib.domain.refunds import Refund, RefundState
from chalicelib.usecases.ports import Bookmarks, Clock, Committer, Ledger, PaymentProvider, Refunds, StoreBusyError, Write
from chalicelib.usecases.receive_payment import ReceivePayment
from chalicelib.usecases.settle_refund import SettleRefund

BOOKMARK: Final = "provider_events"
OVERLAP: Final = timedelta(minutes=10)
"""Read over again each time: an event appears in the provider's list a moment after its time, and its clock is not ours."""
FARTHEST: Final = timedelta(days=29)
"""The provider keeps events for thirty days."""
WINDOW: Final = timedelta(hours=1)
MOST_WINDOWS: Final = 24
MOST_ASKED: Final = 50


@dataclass(frozen=True, slots=True)
class Healed:
    """
    How many were asked about, how many changed something, and whether the provider did not answer.
    """

    asked: int = 0
    changed: int = 0
    silent: bool = False


@dataclass(frozen=True, slots=True)
class HealPayments:
    """
    Every five minutes: nothing here does what a webhook does not do, and whatever is known already changes nothing.
    """

    committer: Committer
    ledger: Ledger
    refunds: Refunds
    bookmarks: Bookmarks
    receive: ReceivePayment
    settle: SettleRefund
    provider: Callable[[], PaymentProvider]
    clock: Clock

    def __call__(self) -> Healed:
        """
        Read and ask, a bounded chunk at a time; a provider that does not answer is asked again by the next run.
        """
        asked = changed = 0
        try:
            for work in (self._events, self._attempts, self._refunds):
                more, did = work()
                asked, changed = asked + more, changed + did
        except UnableToReachProviderError:
            return Healed(asked, changed, silent=True)
        return Healed(asked, changed)

    def _events(self) -> tuple[int, int]:
        # the provider stamps by the wall's time, whatever the business clock says
        now, read, changed = self.clock.wall(), 0, 0
        mark = self.bookmarks.bookmark(BOOKMARK)
        since = max(mark.at if mark else now - WINDOW, now - FARTHEST)
        for _ in range(MOST_WINDOWS):
            until = min(since + WINDOW, now)
            events = self.provider().events(since=since - OVERLAP, until=until)
            taken = [self._take(event) for event in events]
            read, changed = read + len(taken), changed + sum(did is True for did in taken)
            if None in taken or until <= since:
                break  # what waits for something that comes before it is read again until that has come
            since = until
        self._remember(mark, since)
        return read, changed

    def _take(self, event: PaymentEvent) -> bool | None:
        try:
            return self.receive(event=event)
        except StoreBusyError:
            return None

    def _remember(self, mark: Bookmark | None, at: datetime) -> None:
        if mark is None:
            self.committer.commit(Write(Bookmark(BOOKMARK, at, version=1)))
        elif at > mark.at:
            self.committer.commit(Write(replace(mark, at=at, version=mark.version + 1), mark.version))

    def _attempts(self) -> tuple[int, int]:
        due = self.ledger.attempts_due(until=self.clock.now(), limit=MOST_ASKED)
        return len(due), sum([self._ask(attempt) for attempt in due])

    def _ask(self, attempt: PaymentAttempt) -> bool:
        now = self.clock.now()
        old = now - attempt.created_at >= ASK_FOR
        if attempt.intent is None:
            # nobody was given anything to pay with: it ends by itself
            ended = attempt.state is AttemptState.CANCELED or old
            return self._put(attempt, AttemptState.CANCELED if ended else attempt.state, None if ended else self._later(attempt.created_at))
        intent = self.provider().find_intent(intent=attempt.intent)
        if intent.status not in {IntentStatus.SUCCEEDED, IntentStatus.CANCELED} and (old or attempt.state is AttemptState.CANCELED):
            self.provider().cancel_intent(intent=attempt.intent)
            intent = self.provider().find_intent(intent=attempt.intent)
        if intent.status is IntentStatus.SUCCEEDED:
            return bool(self._take(_success(attempt, intent, self.clock.wall())))
        if intent.status is IntentStatus.CANCELED:
            return self._put(attempt, AttemptState.CANCELED, None)
        self._put(attempt, attempt.state, self._later(attempt.created_at))
        return False

    def _refunds(self) -> tuple[int, int]:
        due = self.refunds.due(until=self.clock.now(), limit=MOST_ASKED)
        return len(due), sum([self._ask_refund(refund) for refund in due])

    def _ask_refund(self, refund: Refund) -> bool:
        if refund.state is RefundState.STARTED or refund.provider_refund is None:
            self.settle.send(refund=refund.id)
        else:
            self.settle.heard(refund=refund.id, answer=self.provider().find_refund(refund=refund.provider_refund))
        after = self.refunds.refund(refund.id)
        if after is not None and after.version == refund.version:
            later = replace(refund, ask_at=self._later(refund.created_at), version=refund.version + 1)
            self.committer.commit(Write(later, refund.version))
            return False
        return True

    def _put(self, attempt: PaymentAttempt, state: AttemptState, ask_at: datetime | None) -> bool:
        # whoever changed it meanwhile knows better
        self.committer.commit(Write(replace(attempt, state=state, ask_at=ask_at, version=attempt.version + 1), attempt.version))
        return state is not attempt.state

    def _later(self, since: datetime) -> datetime:
        return ask_next(since=since, now=self.clock.now())


def _success(attempt: PaymentAttempt, intent: PaymentIntent, at: datetime) -> PaymentEvent:
    return PaymentEvent(
        id=f"asked:{intent.id}",
        kind=PaymentEventKind.INTENT_SUCCEEDED,
        intent=intent.id,
        attempt=attempt.id,
        amount=intent.received,
        currency=intent.currency,
        created=at,
        livemode=False,
        charge=intent.charge,
    )
