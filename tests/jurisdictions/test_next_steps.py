"""
Every refusal says what to do next, in each language (§20; HTTP contract: code, paragraph, what to do).
"""

import json
import re

import pytest

from chalicelib.api.languages import Language
from chalicelib.api.openapi import PROBLEM
from chalicelib.api.problems import problem_response
from chalicelib.domain.decisions import Code, Reason, Refused
from chalicelib.jurisdictions import LANGUAGES, InvalidJurisdictionError, jurisdiction, texts
from chalicelib.jurisdictions.loading import KAZAKHSTAN as FOLDER

KAZAKHSTAN = jurisdiction()


@pytest.mark.rule("20")
class TestNextSteps:
    @pytest.mark.parametrize("code", list(Code))
    def test_are_said_for_every_code(self, code):
        """
        A sentence of its own in each language, in its own letters, that needs no figure; the detail ends with it, after what has happened.
        """
        said = {language: KAZAKHSTAN.problem(code, language) for language in LANGUAGES}

        assert 3 == len({problem.next for problem in said.values()})
        for language, problem in said.items():
            assert problem.next.endswith(".")
            assert "{" not in problem.next
            assert bool(re.search("[а-я]", problem.next)) is (language != "en")
            assert problem.detail.endswith(f" {problem.next}")

    @pytest.mark.parametrize("text", [None, {"kk": "Күтіңіз.", "ru": "Ждите."}, {"kk": "{a}", "ru": "{a}", "en": "Wait {a}."}])
    def test_are_missed_at_load(self, tmp_path, text):
        """
        Missing, missing in a language, or resting on a figure that may be unknown: found before anybody is refused.
        """
        document = json.loads((FOLDER / "problems.json").read_text(encoding="utf-8"))
        document["DEBT"] = {name: value for name, value in {**document["DEBT"], "next": text}.items() if value is not None}
        (tmp_path / "problems.json").write_text(json.dumps(document), encoding="utf-8")

        with pytest.raises(InvalidJurisdictionError, match="DEBT"):
            texts.load_problems(tmp_path / "problems.json")

    @pytest.mark.parametrize("language", list(Language))
    def test_are_answered_for_every_reason(self, language):
        """
        In the caller's language: the first reason's beside its code, each one's where there are several; the description knows the field.
        """
        refused = Refused((Reason(Code.DEBT, "27", {"debt": 100}), Reason(Code.AGREEMENT_REQUIRED, "15")))

        document = json.loads(problem_response(refused, language=language).body)

        wanted = [KAZAKHSTAN.problem(code, language.value).next for code in (Code.DEBT, Code.AGREEMENT_REQUIRED)]
        assert (wanted[0], wanted) == (document["next"], [reason["next"] for reason in document["reasons"]])
        assert {"next"} <= set(PROBLEM["properties"]) & set(PROBLEM["properties"]["reasons"]["items"]["properties"])
