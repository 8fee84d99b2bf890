"""
Sign-in by a code sent to the phone (§15): the same answer whether the phone is known or not; codes are derived, never stored.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.records import Account, Challenge, OutboxMessage, Quota, Session, Task
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import (
    Accounts,
    Chance,
    Clock,
    Committed,
    Committer,
    KeyedHash,
    PersonalDataStore,
    PersonRecord,
    StoreBusyError,
    TokenIssuer,
    Write,
)

CODE_LIFE: Final = timedelta(minutes=5)
CODE_TRIES: Final = 5
CODES_A_WINDOW: Final = 10
WINDOW: Final = timedelta(minutes=10)
SESSION_LIFE: Final = timedelta(days=30)
MOST_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Tokens:
    """
    What a sign-in gives: an access token, a refresh token to be used once, and seconds until the first expires.
    """

    access: str
    refresh: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Codes:
    """
    Six-digit codes as a keyed function of their challenge, so that no table and no message row ever holds one.
    """

    keyed: KeyedHash

    def code_of(self, challenge: str) -> str:
        """
        Derive a challenge's code.
        """
        return f"{int(self.keyed.of(f'otp:{challenge}'), 16) % 1_000_000:06d}"


@dataclass(frozen=True, slots=True)
class SignIn:
    """
    Codes, tokens and sessions; all lives follow the wall clock.
    """

    committer: Committer
    accounts: Accounts
    people: PersonalDataStore
    clock: Clock
    chance: Chance
    keyed: KeyedHash
    codes: Codes
    issuer: Callable[[], TokenIssuer]
    limits_factor: Callable[[], float]
    rules_on: Callable[[datetime], Rules]

    def request_code(self, *, phone: str, channel: str, language: str) -> Challenge | Refused:
        """
        Send a code to a phone in E.164: a challenge, or refused for asking too often. Raises `StoreBusyError`.
        """
        wall = self.clock.wall()
        hashed = self.keyed.of(phone)
        if not self._within_quota(f"otp#{hashed}", wall):
            return Refused.because(Code.RATE_LIMITED, minutes=int(WINDOW.total_seconds() // 60))
        fields = {"phone": phone}
        now = self.clock.now()
        record = PersonRecord(self.chance.id("per"), "account", fields, now + self.rules_on(now).unclaimed_kept)
        person = self.people.claim(kind="phone", keyed_hash=hashed, person=record)
        challenge = Challenge(self.chance.id("chl"), person, "", wall + CODE_LIFE, CODE_TRIES, used=False, version=1)
        payload: dict[str, str | int | None] = {
            "person": person,
            "template": "code",
            "challenge": challenge.id,
            "channel": channel,
            "minutes": int(CODE_LIFE.total_seconds() // 60),
            "language": language,
        }
        note = OutboxMessage(f"otp.{challenge.id}", Task.TELL, challenge.id, 1, now, now, payload)
        if not isinstance(self.committer.commit(Write(challenge), Write(note)), Committed):
            raise StoreBusyError("challenge")
        return challenge

    def _within_quota(self, key: str, wall: datetime) -> bool:
        most = CODES_A_WINDOW * self.limits_factor()
        for _ in range(MOST_TRIES):
            seen = self.accounts.quota(key)
            version = seen.version if seen else 0
            fresh = seen is None or seen.until <= wall
            quota = (
                Quota(key, 1, wall + WINDOW, version + 1)
                if seen is None or fresh
                else replace(seen, count=seen.count + 1, version=version + 1)
            )
            if quota.count > most:
                return False
            if isinstance(self.committer.commit(Write(quota, version)), Committed):
                return True
        raise StoreBusyError("quota")

    def verify_code(self, *, challenge: str, code: str) -> Tokens | Refused:
        """
        Exchange a code for tokens, opening the account at the first sign-in; five wrong codes burn the challenge.
        """
        for _ in range(MOST_TRIES):
            seen = self.accounts.challenge(challenge) if challenge else None
            wall = self.clock.wall()
            if seen is None or seen.used or seen.tries_left <= 0 or seen.expires_at <= wall:
                return Refused.because(Code.OTP_INVALID)
            right = hmac.compare_digest(code.encode(), self.codes.code_of(challenge).encode())
            after = replace(seen, used=right, tries_left=seen.tries_left - 1, version=seen.version + 1)
            if not isinstance(self.committer.commit(Write(after, seen.version)), Committed):
                continue
            return self._open_session(self._account(seen.person)) if right else Refused.because(Code.OTP_INVALID)
        raise StoreBusyError("challenge")

    def _account(self, person: str) -> Account:
        for _ in range(MOST_TRIES):
            known = self.accounts.of_person(person)
            if known is not None:
                return known
            fresh = Account(self.chance.id("acc"), person, self.clock.now(), version=1)
            if isinstance(self.committer.commit(Write(fresh)), Committed):
                return fresh
        raise StoreBusyError("account")

    def _open_session(self, account: Account) -> Tokens:
        secret = self.chance.secret()
        session = Session(self.chance.id("ses"), account.id, digest(secret), self.clock.wall() + SESSION_LIFE, revoked=False, version=1)
        if not isinstance(self.committer.commit(Write(session)), Committed):
            raise StoreBusyError("session")
        return self._tokens(session, secret)

    def _tokens(self, session: Session, secret: str) -> Tokens:
        access = self.issuer().issue(account=session.account, session=session.id)
        return Tokens(access.token, f"{session.id}.{secret}", access.expires_in)

    def refresh(self, *, token: str) -> Tokens | Refused:
        """
        Rotate a refresh token; a spent one revokes its whole family.
        """
        name, _, secret = token.partition(".")
        for _ in range(MOST_TRIES):
            seen = self.accounts.session(name) if name else None  # a token like `.x` names no session
            if seen is None or seen.revoked or seen.expires_at <= self.clock.wall():
                return Refused.because(Code.UNAUTHENTICATED)
            fresh = self.chance.secret()
            good = hmac.compare_digest(seen.token_hash, digest(secret))
            after = replace(seen, token_hash=digest(fresh), version=seen.version + 1) if good else revoked(seen)
            if isinstance(self.committer.commit(Write(after, seen.version)), Committed):
                return self._tokens(after, fresh) if good else Refused.because(Code.UNAUTHENTICATED)
        raise StoreBusyError("session")

    def sign_out(self, *, token: str) -> None:
        """
        Revoke a refresh token's family; an unknown token changes nothing.
        """
        name, _, secret = token.partition(".")
        seen = self.accounts.session(name) if name else None  # a token like `.x` names no session
        if seen is not None and hmac.compare_digest(seen.token_hash, digest(secret)):
            self.committer.commit(Write(revoked(seen), seen.version))


def digest(secret: str) -> str:
    """
    Hash a random secret of 256 bits; no key is needed.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def revoked(session: Session) -> Session:
    """
    End a session's family.
    """
    return replace(session, revoked=True, version=session.version + 1)
