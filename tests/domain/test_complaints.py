"""
A complaint's clock, who decides it, and what upholding it may do (§6-2, §28, D22).
"""

from datetime import date, timedelta

import pytest

from chalicelib.domain import complaints
from chalicelib.domain.blocks import block_of, lifted, standing_block, with_block
from chalicelib.domain.complaints import EFFECTS, About, ComplaintStatus, Effect, Nudge, Ruling, may_decide, nudge_now, nudged
from chalicelib.domain.decisions import Allowed, Code, Refused
from chalicelib.jurisdictions import jurisdiction
from tests.factories import block
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import NOW

KAZAKH = jurisdiction().calendar.working
HEAD = samples.account(id="acc_head", head=True)
DUE = date(2026, 12, 21)
"""A Monday; the working day before it is Friday the 18th."""
pytestmark = pytest.mark.rule("6-2", "D22")


def decided(outcome=ComplaintStatus.DISMISSED):
    """
    A complaint that the head has decided.
    """
    return complaints.decided(samples.complaint(), ruling=Ruling(outcome, "acc_head", NOW, "per_8"))


class TestClock:
    def test_counts_from_the_local_day_of_registration(self):
        """
        23:59 and 00:00 in Almaty are two days; the first of five working days is the one after.
        """
        midnight = RULES.midnight(date(2026, 12, 2))

        for moment, last in ((midnight - timedelta(seconds=1), date(2026, 12, 8)), (midnight, date(2026, 12, 9))):
            assert last == complaints.due_on(moment, calendar=KAZAKH, rules=RULES)

    @pytest.mark.parametrize(
        ("today", "nudge"),
        [(17, None), (18, Nudge.REMINDER), (19, Nudge.REMINDER), (21, Nudge.REMINDER), (22, Nudge.OVERDUE), (30, Nudge.OVERDUE)],
    )
    def test_reminds_from_the_working_day_before_and_alarms_after(self, today, nudge):
        """
        Friday for a Monday; each is told once, and nothing after the decision.
        """
        waiting, day = samples.complaint(due_on=DUE), date(2026, 12, today)

        assert nudge is nudge_now(waiting, today=day, calendar=KAZAKH)
        if nudge is not None:
            told = nudged(waiting, nudge=nudge, at=NOW)
            assert nudge_now(told, today=day, calendar=KAZAKH) is None
            assert waiting.version + 1 == told.version
        assert nudge_now(decided(), today=day, calendar=KAZAKH) is None

    def test_alarms_though_it_has_reminded(self):
        """
        The reminder does not use the alarm up.
        """
        told = nudged(samples.complaint(due_on=DUE), nudge=Nudge.REMINDER, at=NOW)

        assert (NOW, None) == (told.reminded_at, told.overdue_at)
        assert Nudge.OVERDUE is nudge_now(told, today=DUE + timedelta(days=1), calendar=KAZAKH)


class TestMayDecide:
    def test_the_head_once(self):
        """
        A head who is not concerned decides what is not decided yet; the decision carries status and version.
        """
        waiting = samples.complaint()

        assert Allowed() == may_decide(complaint=waiting, head=HEAD, effect=Effect.DEPOSIT_RELEASED, upheld=True)
        assert (ComplaintStatus.REGISTERED, ComplaintStatus.DISMISSED) == (waiting.status, decided().status)
        assert waiting.version + 1 == decided().version

    @pytest.mark.parametrize(
        ("complaint", "head", "code"),
        [
            (samples.complaint(), None, Code.HEAD_ONLY),
            (samples.complaint(), samples.account(id="acc_8", roles=("registrar",)), Code.HEAD_ONLY),
            (samples.complaint(against="acc_head"), HEAD, Code.COMPLAINT_AGAINST_YOU),
            (samples.complaint(account="acc_head"), HEAD, Code.COMPLAINT_AGAINST_YOU),
            (decided(), HEAD, Code.COMPLAINT_DECIDED),
        ],
    )
    def test_nobody_else(self, complaint, head, code):
        """
        Not without the head's marker, not the one complained of, not one's own, not twice.
        """
        refused = may_decide(complaint=complaint, head=head, effect=Effect.DEPOSIT_RELEASED, upheld=True)

        assert [(code, "6-2")] == [(reason.code, reason.rule) for reason in refused.reasons]

    def test_says_what_it_was_or_asked(self):
        """
        The decision that stands, or the effect that its subject does not know.
        """
        twice = may_decide(complaint=decided(), head=HEAD, effect=Effect.DEPOSIT_RELEASED, upheld=True)
        other = may_decide(complaint=samples.complaint(), head=HEAD, effect=Effect.DEPOSIT_RELEASED, upheld=False)

        assert Refused.because(Code.COMPLAINT_DECIDED, "6-2", status="dismissed") == twice
        assert Refused.because(Code.EFFECT_IMPOSSIBLE, "6-2", effect="deposit_released") == other

    @pytest.mark.rule("28")
    @pytest.mark.parametrize("about", About)
    def test_with_an_effect_of_its_subject_only(self, about):
        """
        Each subject has its effects; a dismissed complaint has none.
        """
        waiting = samples.complaint(about=about)
        for effect in Effect:
            upheld = may_decide(complaint=waiting, head=HEAD, effect=effect, upheld=True)
            dismissed = may_decide(complaint=waiting, head=HEAD, effect=effect, upheld=False)
            assert (effect in EFFECTS[about]) == isinstance(upheld, Allowed)
            assert (effect is Effect.NONE) == isinstance(dismissed, Allowed)
        assert Effect.NONE not in EFFECTS[about] or about is About.OTHER


class TestBlocks:
    def test_are_kept_in_order_and_one_stands(self):
        """
        A lifted one stays in the list with who lifted it and why; the next one stands.
        """
        first, second = block(), block(id="blk_2")
        gone = lifted(first, at=NOW, by="acc_9", because="ошибка")
        blocks = with_block(with_block((first,), changed=gone), changed=second)

        assert ((gone, second), second) == (blocks, standing_block(blocks))
        assert (NOW, "acc_9", "ошибка") == (gone.lifted_at, gone.lifted_by, gone.lifted_because)
        assert (first, None) == (standing_block((first,)), standing_block((gone,)))
        assert (second, None) == (block_of(blocks, block="blk_2"), block_of(blocks, block=None))
