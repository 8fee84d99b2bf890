"""
The devices that an account's push notices go to. A token is personal data: it lies in their store, in a record of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Accounts, Clock, PersonalDataStore, PersonRecord

MOST_TOKENS: Final = 10


@dataclass(frozen=True, slots=True)
class KeepPushTokens:
    """
    `PUT/DELETE /v1/me/push-tokens/{token}`: ten at most, the one not heard of for longest goes. Of two changes at one instant one may be
    lost: an application names its token at every start.
    """

    accounts: Accounts
    people: PersonalDataStore
    clock: Clock

    def put(self, *, account: str, token: str) -> datetime | Missing:
        """
        Keep a token, or note that its device is still there: since when it is fresh. Raises `PersonalDataUnavailableError`.
        """
        now = self.clock.now()
        return self._change(account, lambda known: {**known, token: now.isoformat()}) or now

    def remove(self, *, account: str, token: str) -> Missing | None:
        """
        Forget a token; an unknown one is forgotten already. Raises `PersonalDataUnavailableError`.
        """
        return self._change(account, lambda known: {name: seen for name, seen in known.items() if name != token})

    def _change(self, account: str, change: Callable[[Mapping[str, str]], Mapping[str, str]]) -> Missing | None:
        found = self.accounts.account(account)
        if found is None:
            return Missing()
        id_ = tokens_id(found.person)
        known = _tokens(self.people.get_many([id_], purpose="own_profile").get(id_))
        changed = change(known)
        if changed != known:
            latest = sorted(changed.items(), key=lambda each: datetime.fromisoformat(each[1]), reverse=True)[:MOST_TOKENS]
            self.people.put([PersonRecord(id_, "devices", {"tokens": dict(latest)})])
        return None


def tokens_id(person: str) -> str:
    """
    Name the record of a person's devices.
    """
    return f"{person}.devices"


def fresh_tokens(record: PersonRecord | None, *, now: datetime, rules: Rules) -> Sequence[str]:
    """
    Give the tokens heard of not too long ago, the latest first.
    """
    since = now - rules.push_token_fresh
    seen = sorted(((datetime.fromisoformat(at), token) for token, at in _tokens(record).items()), reverse=True)
    return [token for at, token in seen if at > since]


def _tokens(record: PersonRecord | None) -> Mapping[str, str]:
    return dict(record.fields.get("tokens") or {}) if record is not None else {}
