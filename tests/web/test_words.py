"""
The pages have words for everything a gateway may say.
"""

import re
from pathlib import Path

import pytest

from chalicelib.contracts.commands import Ground
from chalicelib.contracts.passages import Action, BarrierState, DecisionReason, LaneKind

WORDS = Path(__file__).resolve().parents[2] / "web" / "src" / "i18n"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
class TestWords:
    @pytest.mark.parametrize(
        ("group", "codes"),
        [("reason", DecisionReason), ("action", Action), ("barrier", BarrierState), ("lane", LaneKind), ("command.ground", Ground)],
        ids=["reasons", "actions", "barrier states", "lanes", "grounds"],
    )
    def test_exist_for_every_code_of_the_contract(self, language, group, codes):
        """
        A new reason in the contract that has no sentence in some language fails here, not before an officer's eyes.
        """
        keys = set(re.findall(r'^  "([\w.]+)":', (WORDS / f"{language}.ts").read_text(encoding="utf-8"), re.MULTILINE))

        assert set() == {f"{group}.{code.value}" for code in codes} - keys
