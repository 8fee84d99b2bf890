"""
A user puts money on his wallet by card (§23); the webhook brings it in.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.payments import ASK_AFTER, AttemptState, PaymentAttempt
from chalicelib.usecases.open_intent import OpenIntent
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Outcome, replay
from chalicelib.usecases.ports import Clock, Committed, Committer, KeyedHash, Ledger, Requests, StoreBusyError, Write

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class TopUpWallet:
    """
    `POST /v1/me/wallet/top-ups`. The attempt's id comes from the request's key, so that a retry resumes the same attempt.
    """

    committer: Committer
    ledger: Ledger
    requests: Requests
    open: OpenIntent
    clock: Clock
    keyed: KeyedHash

    def __call__(self, *, account: str, amount: int, request: IdempotentRequest) -> Outcome:
        """
        Open a payment of `amount` tiyn: 201 with the attempt. Raises `StoreBusyError` and the provider's errors.
        """
        attempt_id = f"att_{self.keyed.of(request.key + request.body_hash)[:24]}"
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now)
            if known is not None:
                return known
            attempt = self.ledger.attempt(attempt_id)
            if attempt is None:
                self.committer.commit(
                    Write(
                        PaymentAttempt(attempt_id, account, "top_up", amount, AttemptState.STARTED, now, version=1, ask_at=now + ASK_AFTER)
                    )
                )
                continue
            intent = self.open(attempt)
            opened = replace(attempt, state=AttemptState.OPEN, intent=intent.id, version=attempt.version + 1)
            record = request.record(status=201, resource=attempt.id, answer={"attempt": attempt.id}, at=now)
            writes = [Write(record)] + ([Write(opened, attempt.version)] if attempt.state is AttemptState.STARTED else [])
            if isinstance(self.committer.commit(*writes), Committed):
                return Done(201, attempt.id, {"attempt": attempt.id})
        raise StoreBusyError("top-up")
