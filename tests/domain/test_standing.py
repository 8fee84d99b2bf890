"""
What a block and a debt close, and what they leave open (§6-2, §27, D22, D28).
"""

from dataclasses import replace

import pytest

from chalicelib.domain.decisions import Allowed, Code
from chalicelib.domain.money import Wallet
from chalicelib.domain.standing import Deed, may_act
from tests.factories import block
from tests.fakes import samples

CLOSED_BY_BOTH = {Deed.APPLY, Deed.TAKE_PLACE, Deed.PAY, Deed.RESCHEDULE}
CLOSED_BY_BLOCK = CLOSED_BY_BOTH | {Deed.CHANGE}


def codes(decision):
    """
    Name the reasons of a decision.
    """
    return [reason.code for reason in decision.reasons]


@pytest.mark.parametrize("deed", Deed)
class TestMayAct:
    @pytest.mark.rule("6-2", "D22")
    def test_by_a_block(self, deed):
        """
        A blocked account brings no new data and takes no place; it reads, cancels, complains and takes its money out.
        """
        decision = may_act(account=samples.account(blocks=(block(),)), wallet=Wallet("acc_1"), deed=deed)

        assert ([Code.ACCOUNT_BLOCKED] if deed in CLOSED_BY_BLOCK else []) == codes(decision)

    @pytest.mark.rule("27", "D28")
    def test_by_a_debt(self, deed):
        """
        A debt of one tiyn closes every operation of booking at once; paying it stays open.
        """
        decision = may_act(account=samples.account(), wallet=Wallet("acc_1", debt=1), deed=deed)

        assert ([Code.DEBT] if deed in CLOSED_BY_BOTH else []) == codes(decision)

    @pytest.mark.rule("6-2", "27")
    def test_by_both(self, deed):
        """
        Every reason is named, the block first.
        """
        decision = may_act(account=samples.account(blocks=(block(),)), wallet=Wallet("acc_1", debt=1), deed=deed)

        both = [Code.ACCOUNT_BLOCKED] if deed in CLOSED_BY_BLOCK else []
        assert both + ([Code.DEBT] if deed in CLOSED_BY_BOTH else []) == codes(decision)

    @pytest.mark.rule("6-2", "27")
    def test_by_nothing(self, deed):
        """
        A block that was lifted and a debt that was paid leave everything open; so does an account nobody knows.
        """
        gone = replace(block(), lifted_at=samples.NOW, lifted_by="acc_2", lifted_because="ошибка")

        for account in (samples.account(), samples.account(blocks=(gone,)), None):
            assert Allowed() == may_act(account=account, wallet=Wallet("acc_1", available=5, held=5), deed=deed)


class TestReasons:
    @pytest.mark.rule("6-2", "27")
    def test_say_since_when_why_and_how_much(self):
        """
        The block names its day and reason with its paragraph, the debt its amount.
        """
        decision = may_act(account=samples.account(blocks=(block(),)), wallet=Wallet("acc_1", debt=432_500), deed=Deed.PAY)

        blocked, debt = decision.reasons
        assert ("6-2", {"since": samples.NOW.isoformat(), "reason": block().reason}) == (blocked.rule, blocked.parameters)
        assert ("27", {"debt": 432_500}) == (debt.rule, debt.parameters)
