"""
The registrar sets a figure that the law leaves open, from a day on: added to its history, never into the past, within what the Order grants.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.policies import FIGURES, PolicyRow, in_force, limit_of, out_of_order
from chalicelib.domain.records import Event
from chalicelib.domain.rules import Rules
from chalicelib.usecases.outcomes import Done, IdempotentRequest, Outcome, replay
from chalicelib.usecases.ports import Chance, Clock, Committed, Committer, Policies, Requests, StoreBusyError, Write

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """
    A figure's value from a day to a day, both included; no end: until further notice. `ground` says why.
    """

    policy: str
    since: date
    until: date | None
    value: int
    ground: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """
    What cannot be decided: the field at fault, the kind of fault, the figure it breaks.
    """

    field: str
    kind: str
    context: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DecidePolicy:
    """
    `PUT /v1/registrar/policies/{name}`. `seed_on` gives every figure of the jurisdiction's own on a day.
    """

    committer: Committer
    policies: Policies
    requests: Requests
    clock: Clock
    chance: Chance
    rules_on: Callable[[datetime], Rules]
    seed_on: Callable[[date], Mapping[str, int]]

    def __call__(self, *, registrar: str, decision: Decision, request: IdempotentRequest | None) -> Outcome | Wrong:
        """
        Decide: `Done`, `POLICY_UNKNOWN`, or the field at fault. Raises `StoreBusyError`.
        """
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            known = replay(self.requests, request, now=now) if request is not None else None
            if known is not None:
                return known
            decided = self.policies.of_scope(FIGURES)
            refused = self._refusal(decision, decided, self.rules_on(now).today(now))
            if refused is not None:
                return refused
            row = self._row(decision, registrar, now)
            event = self._event(row, decided, self.rules_on(now))
            records = () if request is None else (request.record(status=200, resource=decision.policy, answer={}, at=now),)
            if isinstance(self.committer.commit(Write(row), Write(event), *map(Write, records)), Committed):
                return Done(200, decision.policy)
        raise StoreBusyError("policy")

    def _refusal(self, decision: Decision, decided: Sequence[PolicyRow], today: date) -> Refused | Wrong | None:
        seed = self.seed_on(decision.since)
        if decision.policy not in seed:
            return Refused.because(Code.POLICY_UNKNOWN, name=decision.policy)
        if decision.since < today:
            return Wrong("from", "not_past", {})
        least, most = limit_of(decision.policy)
        if decision.value < least:
            return Wrong("value", "greater_than_equal", {"ge": least})
        if decision.value > most:
            return Wrong("value", "less_than_equal", {"le": most})
        after = {**figures_on(decided, seed, decision.since), decision.policy: decision.value}
        return Wrong("value", "policy_order", {}) if out_of_order(after) else None

    def _row(self, decision: Decision, registrar: str, now: datetime) -> PolicyRow:
        return PolicyRow(
            scope=FIGURES,
            policy=decision.policy,
            since=decision.since,
            until=decision.until,
            value={"value": decision.value},
            by=registrar,
            ground=decision.ground,
            at=now,
            id=self.chance.id("pol"),
        )

    def _event(self, row: PolicyRow, decided: Sequence[PolicyRow], rules: Rules) -> Event:
        # numbered among the figure's decisions, so that two at once are one after the other
        version = sum(each.policy == row.policy for each in decided) + 1
        day, aggregate = rules.today(row.at), f"policy-{row.policy}"
        return Event(
            id=f"{FIGURES}.{day}.{aggregate}.{version:06d}",
            aggregate=aggregate,
            aggregate_version=version,
            checkpoint=FIGURES,
            day=day,
            kind="policy_decided",
            at=row.at,
            by=f"registrar:{row.by}",
            ground=row.ground,
            detail={"from": str(row.since), "to": None if row.until is None else str(row.until), "value": row.value["value"]},
        )


def figures_on(decided: Sequence[PolicyRow], seed: Mapping[str, int], day: date) -> Mapping[str, int]:
    """
    Give every figure in force on a day: the registrar's latest word on it, else the jurisdiction's.
    """
    found = {name: in_force(decided, policy=name, day=day) for name in seed}
    return {name: value if (row := found[name]) is None else row.value["value"] for name, value in seed.items()}
