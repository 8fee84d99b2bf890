"""
Whoever writes a new notice says whom it concerns: a text of `messages.json` has its kind in `domain/notices.py`.
"""

import pytest

from chalicelib.domain.notices import KINDS
from chalicelib.jurisdictions import jurisdiction

VARIANTS = ("_driver", "_from_area", "_forgiven", "_forfeited", "_released", "_returned")
CODES = {"code"}
"""Texts that are no notice about an account or a booking."""


def base_of(name):
    """
    Name the notice that a text is a variant of.
    """
    return next((name.removesuffix(ending) for ending in VARIANTS if name.endswith(ending) and name.removesuffix(ending) in KINDS), name)


class TestNoticeKinds:
    @pytest.mark.rule("29", "34", "D21")
    def test_are_decided_for_every_text(self):
        """
        Is it of the trip, so that every driver is told; must it go by push and SMS; until when is it true: add it to `KINDS`.
        """
        assert not {base_of(name) for name in jurisdiction().notices} - set(KINDS) - CODES
