"""
The registrar's figures: effective-dated, never into the past, within what the Order says; in force everywhere within seconds (D1 and all figures).
"""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.policies import CAPACITY, FIGURES, CapacityRule, capacity_on, in_force
from chalicelib.jurisdictions import jurisdiction
from chalicelib.store.recent_policies import RecentPolicies
from chalicelib.usecases.decide_policy import DecidePolicy, Decision, Wrong, figures_on
from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import StoreBusyError
from tests.fakes import samples
from tests.fakes.gathering import at_once
from tests.fakes.outside import CountingChance, StandingClock
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

TODAY = RULES.today(NOW)
LAW = jurisdiction()
CHANCE = CountingChance()


def seed_on(day):
    """
    The jurisdiction's own figures.
    """
    return {name: policy.on(day) for name, policy in LAW.policies.items() if policy.history[0][0] <= day}


def deciding(store):
    """
    The use case on a store.
    """
    return DecidePolicy(store, store.policies, store.requests, StandingClock(), CHANCE, lambda _: RULES, seed_on)


def decide(store, policy, value, *, since=TODAY, until=None):
    """
    Decide a figure: the outcome.
    """
    return deciding(store)(registrar="acc_1", decision=Decision(policy, since, until, value, "order 12"), request=None)


def figures(store, day):
    """
    The figures in force on a day.
    """
    return figures_on(store.policies.of_scope(FIGURES), seed_on(day), day)


class TestDecision:
    def test_is_in_force_from_its_day_on(self, memory_store):
        """
        Ten days' moves from tomorrow: today seven, tomorrow ten; the rules of the domain say the same.
        """
        tomorrow = TODAY + timedelta(days=1)
        assert Done(200, "moved_within") == decide(memory_store, "moved_within", 10, since=tomorrow)

        assert [7, 10] == [figures(memory_store, day)["moved_within"] for day in (TODAY, tomorrow)]
        assert timedelta(days=10) == LAW.rules_on(tomorrow, figures(memory_store, tomorrow)).moved_within

    def test_for_a_while_gives_way_afterwards(self, memory_store):
        """
        A value for three days; after them what was decided before holds again.
        """
        decide(memory_store, "hold", 15)
        decide(memory_store, "hold", 5, since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=3))

        assert [15, 5, 5, 5, 15] == [figures(memory_store, TODAY + timedelta(days=n))["hold"] for n in range(5)]

    def test_said_last_counts(self, memory_store):
        """
        Of two that speak of one day the later said one holds; the earlier stays in the history.
        """
        for value in (12, 14):
            decide(memory_store, "hold", value)

        assert 14 == figures(memory_store, TODAY)["hold"]
        assert [12, 14] == [row.value["value"] for row in memory_store.policies.of_scope(FIGURES)]

    @pytest.mark.rule("22", "34", "29", "6", "6-2", "24", "28", "32", "8")
    @pytest.mark.parametrize(
        ("policy", "value", "kind"),
        [
            ("horizon_days", 91, "less_than_equal"),
            ("legal_call_lead_summer", 59, "greater_than_equal"),
            ("legal_call_lead_winter", 119, "greater_than_equal"),
            ("call_lead_winter", 100, "policy_order"),
            ("notice_before", 23, "greater_than_equal"),
            ("list_lead_days", 9, "greater_than_equal"),
            ("complaint_working_days", 6, "less_than_equal"),
            ("settlement_days", 4, "less_than_equal"),
            ("free_reschedules", 0, "greater_than_equal"),
            ("waiting_area_gate_video_kept", 59, "greater_than_equal"),
            ("autonomy_at_least", 4, "greater_than_equal"),
            ("no_show_grace", -1, "greater_than_equal"),
            ("cool_down_least", 31, "policy_order"),
        ],
    )
    def test_stays_within_what_the_order_says(self, memory_store, policy, value, kind):
        """
        What the Order fixes, nobody decides otherwise: the field and why are named, nothing is written.
        """
        refused = decide(memory_store, policy, value)

        assert isinstance(refused, Wrong)
        assert ("value", kind) == (refused.field, refused.kind)
        assert [] == list(memory_store.policies.of_scope(FIGURES))

    def test_never_reaches_into_the_past(self, memory_store):
        """
        Yesterday is as it was.
        """
        assert Wrong("from", "not_past", {}) == decide(memory_store, "hold", 12, since=TODAY - timedelta(days=1))

    def test_knows_its_figures(self, memory_store):
        """
        A name nobody keeps is no figure.
        """
        assert [Code.POLICY_UNKNOWN] == [reason.code for reason in decide(memory_store, "weather", 1).reasons]

    def test_is_written_down_once_each_for_two_at_once(self, store):
        """
        Two registrars at once: both decisions stand in the history, each with its event, one after the other.
        """
        act = deciding(store)
        decisions = [Decision("hold", TODAY, None, value, "order") for value in (11, 12)]
        at_once(*(lambda each=each: act(registrar=f"acc_{each.value}", decision=each, request=None) for each in decisions))

        assert 2 == len(store.policies.of_scope(FIGURES))
        events = store.histories.of_aggregate("policy-hold")
        assert [1, 2] == [event.aggregate_version for event in events]
        assert {"registrar:acc_11", "registrar:acc_12"} == {event.by for event in events}


@pytest.mark.rule("D1")
class TestCapacityInForce:
    def test_is_the_latest_word_on_the_day_else_the_seed(self):
        """
        Capacity, interval, hours and days off are effective-dated rows over the jurisdiction's seed.
        """
        seed = CapacityRule(300, 60, 0, 1440)
        everyday = samples_row(TODAY, None, 350, days_off=("sun",), at=NOW)
        week = samples_row(TODAY + timedelta(days=2), TODAY + timedelta(days=3), 100, at=NOW + timedelta(minutes=1))
        found = [capacity_on([everyday, week], seed, TODAY + timedelta(days=n)) for n in (-1, 0, 2, 3, 4)]

        assert [300, 350, 100, 100, 350] == [rule.per_day for rule in found]
        sunday = next(TODAY + timedelta(days=n) for n in range(7) if (TODAY + timedelta(days=n)).weekday() == 6)
        assert (0, 350) == (found[1].on(sunday), found[1].on(sunday + timedelta(days=1)))
        assert week == in_force([week, everyday], policy=CAPACITY, day=TODAY + timedelta(days=2))


def samples_row(since, until, per_day, *, at, days_off=()):
    """
    A capacity decision.
    """
    value = {"per_day": per_day, "interval_minutes": 60, "opens": 0, "closes": 1440}
    row = next(item for item in samples.everything() if getattr(item, "policy", None) == CAPACITY)
    return type(row)(row.scope, CAPACITY, since, until, value, "acc_1", "D1", at, f"pol_{per_day}", days_off)


class TestRecentPolicies:
    def watched(self, answers):
        """
        A cache over answers, with a clock of its own.
        """
        clock, asked = SimpleNamespace(now=0.0), []

        def of_scope(scope):
            asked.append(scope)
            answer = answers[min(len(asked), len(answers)) - 1]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return RecentPolicies(SimpleNamespace(of_scope=of_scope), monotonic=lambda: clock.now), clock, asked

    def test_reads_at_most_every_five_seconds(self):
        """
        A thousand questions in five seconds are one read; the sixth second knows what was decided meanwhile.
        """
        recent, clock, asked = self.watched([[], [SimpleNamespace(id="pol_1")]])
        first = {recent.on(TODAY, make=len) for _ in range(1000)}
        clock.now = 5.1

        assert ({0}, 1, 2) == (first, recent.on(TODAY, make=len), len(asked))

    def test_goes_on_with_what_it_knows_while_the_store_is_away(self):
        """
        A store that does not answer changes no figure.
        """
        recent, clock, _ = self.watched([[SimpleNamespace(id="pol_1")], StoreBusyError("x")])
        recent.rows()
        clock.now = 9.0

        assert ["pol_1"] == [row.id for row in recent.rows()]

    def test_knows_at_once_what_this_process_decided(self):
        """
        Who decides, sees it.
        """
        recent, _, _ = self.watched([[], [SimpleNamespace(id="pol_1")]])
        recent.rows()
        recent.forget()

        assert 1 == len(recent.rows())
