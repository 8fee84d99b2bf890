import hashlib
import json
import re
from http import HTTPStatus

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.driver_links import token_of
from chalicelib.domain.notices import KINDS, Holds
from chalicelib.jurisdictions import LANGUAGES, InvalidJurisdictionError, jurisdiction, texts
from chalicelib.jurisdictions.loading import KAZAKHSTAN as FOLDER
from chalicelib.jurisdictions.phone_languages import load_phone_languages
from chalicelib.jurisdictions.texts import placeholders

KAZAKHSTAN = jurisdiction()
SMS_TWO_PARTS = 134
"""UCS-2 characters: §29's two parts of 70 hold 67 each, as the header that joins them takes three."""
LONGEST_PAGES = "https://" + "q" * 20
"""What a deployment may call its pages; the local one, `http://127.0.0.1:65535`, is shorter."""
LONGEST = {
    "code": "000000",
    "minutes": 10,
    "number": "NZH-261203-14-07-12",
    "expected_at": "2026-12-03T14:00:00+05:00",
    "start": "2026-12-03T14:00:00+05:00",
    "leave_by": "2026-12-03T14:00:00+05:00",
    "until": "2026-12-03T14:00:00+05:00",
    "due_on": "2026-12-10",
    "amount": 8_650_050,
    "plate": "W" * 24,
    "what": "paper:4",
    "last_day": "2026-12-03",
    "valid_until": "2026-12-03T14:00:00+05:00",
}


def longest_name(language):
    """
    Name the checkpoint whose name is longest in a language.
    """
    return max(KAZAKHSTAN.checkpoints.values(), key=lambda checkpoint: len(checkpoint.names[language])).id


def worst(name, language):
    """
    Word a notice at its longest.
    """
    return KAZAKHSTAN.notice(name, language, checkpoint=longest_name(language), **LONGEST)


class TestProblems:
    @pytest.mark.parametrize("code", list(Code))
    def test_are_told_in_every_language(self, code):
        """
        Every code there is has a title, and a detail that says something even when no parameter is known.
        """
        for language in LANGUAGES:
            problem = KAZAKHSTAN.problem(code, language)
            assert problem.title.strip()
            assert problem.detail.strip()
            assert HTTPStatus(problem.status) in range(400, 500) or HTTPStatus.SERVICE_UNAVAILABLE == problem.status

    @pytest.mark.parametrize("code", list(Code))
    def test_begin_with_a_sentence_that_needs_nothing(self, code):
        """
        What happened is always said; only figures may be left out.
        """
        for language in LANGUAGES:
            assert not placeholders(KAZAKHSTAN.problems[code].sentences[language][0])

    @pytest.mark.parametrize("code", list(Code))
    def test_ask_for_the_same_parameters_in_every_language(self, code):
        """
        Sentence by sentence.
        """
        asked = {language: [placeholders(text) for text in KAZAKHSTAN.problems[code].sentences[language]] for language in LANGUAGES}

        assert asked["kk"] == asked["ru"] == asked["en"]

    def test_name_things_as_people_do(self):
        """
        A checkpoint by its name, an amount in tenge, an instant in local time, registers by theirs.
        """
        rival = KAZAKHSTAN.problem(Code.ACTIVE_BOOKING_EXISTS, "ru", {"checkpoint": "nur-zholy"})
        missing = KAZAKHSTAN.problem(Code.INSUFFICIENT_FUNDS, "en", {"missing": 865_050})
        full = KAZAKHSTAN.problem(Code.SLOT_FULL, "en", {"slot_start": "2026-12-03T09:00:00+00:00"})
        failed = KAZAKHSTAN.problem(Code.VERIFICATION_FAILED, "en", {"sources": "2,8"})

        assert "Нур Жолы" in rival.detail
        assert "8\u00a0650,50\u00a0₸" in missing.detail
        assert "03.12.2026 14:00" in full.detail
        assert "Liability insurance" in failed.detail

    def test_leave_out_a_sentence_whose_parameter_is_unknown(self):
        """
        A refusal without its figures is shorter, never broken.
        """
        bare, told = KAZAKHSTAN.problem(Code.DEBT, "en"), KAZAKHSTAN.problem(Code.DEBT, "en", {"debt": 100})

        assert "{" not in bare.detail
        assert len(bare.detail) < len(told.detail)

    def test_do_not_load_without_a_text_for_each_code(self, tmp_path):
        """
        A code without a text is found at load, not by a user.
        """
        document = json.loads((FOLDER / "problems.json").read_text(encoding="utf-8"))
        del document["DEBT"]
        (tmp_path / "problems.json").write_text(json.dumps(document), encoding="utf-8")

        with pytest.raises(InvalidJurisdictionError, match="DEBT"):
            texts.load_problems(tmp_path / "problems.json")

    def test_do_not_load_when_languages_ask_for_different_parameters(self, tmp_path):
        """
        A parameter forgotten in a translation is found at load.
        """
        document = json.loads((FOLDER / "problems.json").read_text(encoding="utf-8"))
        document["DEBT"]["detail"]["kk"][1] = "Берешек бар."
        (tmp_path / "problems.json").write_text(json.dumps(document), encoding="utf-8")

        with pytest.raises(InvalidJurisdictionError, match="DEBT"):
            texts.load_problems(tmp_path / "problems.json")


class TestFieldMessages:
    def test_say_the_limit_that_was_broken(self):
        """
        The figures of a validation error stand in its sentence.
        """
        assert "17" in KAZAKHSTAN.field_message("string_too_short", "kk", {"min_length": 17})

    def test_have_a_general_sentence_for_the_rest(self):
        """
        An unheard-of kind of error, or one without its figures, still reads as a sentence.
        """
        assert KAZAKHSTAN.field_messages["invalid"].en == KAZAKHSTAN.field_message("no_such_kind", "en")
        assert "{" not in KAZAKHSTAN.field_message("enum", "ru")


class TestFindings:
    def test_exist_for_every_message_a_register_may_give(self):
        """
        Each message code of the register adapters has its text.
        """
        sources = (FOLDER.parent.parent / "gateways" / "registries").glob("*.py")
        written = "".join(path.read_text(encoding="utf-8") for path in sources)
        used = {code for code in KAZAKHSTAN.findings if f'"{code}"' in written}

        assert {"VEHICLE_NOT_REGISTERED", "INSURANCE_MISSING", "DATA_MISSING", "REGISTER_SILENT", "TOLL_DEBT"} <= used
        assert KAZAKHSTAN.finding("INSURANCE_MISSING", "en") != KAZAKHSTAN.finding("NO_SUCH", "en")

    @pytest.mark.rule("19")
    @pytest.mark.parametrize("message", ["FINES_UNPAID", "TOLL_DEBT"])
    def test_tell_a_resident_without_refusing(self, message):
        """
        The same debt is worded as a notice for whom §19 merely notifies.
        """
        assert KAZAKHSTAN.finding(message, "ru", notice=True) != KAZAKHSTAN.finding(message, "ru")
        assert KAZAKHSTAN.finding(message, "ru", notice=True).startswith("Уведомляем")


@pytest.mark.rule("29", "34")
class TestNotices:
    @pytest.mark.parametrize("name", sorted(KAZAKHSTAN.notices))
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_fit_two_parts_of_an_sms(self, name, language):
        """
        With the longest checkpoint name, number, plate and amount, no notice takes more than two UCS-2 parts.
        """
        text = worst(name, language)

        assert len(text.encode("utf-16-be")) // 2 <= SMS_TWO_PARTS
        assert "{" not in text

    @pytest.mark.rule("D21")
    @pytest.mark.parametrize("name", sorted(name for name, kind in KINDS.items() if kind.trip and kind.holds is not Holds.IN_STATUS))
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("area", [False, True])
    def test_of_the_trip_fit_together_with_the_drivers_link(self, name, language, area):
        """
        What a driver is told on his way leaves room for the longest address that a link may have.
        """
        if name not in KAZAKHSTAN.notices:
            pytest.skip("no text of its own yet")
        link = f"{LONGEST_PAGES}/d/{token_of('f' * 64)}"
        told = {figure: value for figure, value in LONGEST.items() if area or figure != "leave_by"}
        text = KAZAKHSTAN.notice(name, language, checkpoint=longest_name(language), to="driver", **told)

        assert len(f"{text} {link}".encode("utf-16-be")) // 2 <= SMS_TWO_PARTS

    @pytest.mark.parametrize("name", sorted(KAZAKHSTAN.notices))
    def test_are_written_as_their_language_is(self, name):
        """
        No Kazakh or Russian text is put into Latin letters to be shorter.
        """
        for language in ("kk", "ru"):
            words = re.sub(r"\{\w+\}", "", KAZAKHSTAN.notices[name][language])
            assert not re.search("[A-Za-z]", words)
            assert re.search("[А-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі]", words)

    @pytest.mark.rule("28")
    @pytest.mark.parametrize("name", ["cancelled", "annulled"])
    def test_tell_what_became_of_the_deposit(self, name):
        """
        Forgiven, forfeited and untouched deposits are three different texts.
        """
        said = {KAZAKHSTAN.notice(name, "ru", number="NZH-261203-14-07", deposit=state) for state in ("forgiven", "forfeited", "none")}

        assert 3 == len(said)

    def test_call_from_the_waiting_area_by_when_to_leave_it(self):
        """
        A call with a leave-by moment says it, in local time.
        """
        said = KAZAKHSTAN.notice(
            "called", "en", number="N", checkpoint="nur-zholy", start=LONGEST["start"], leave_by="2026-12-03T10:30:00Z"
        )

        assert "15:30" in said

    def test_take_parameters_of_any_name(self):
        """
        An outbox message's own fields (`language`, `name`) may come along and mean nothing.
        """
        said = KAZAKHSTAN.notice("code", "en", code="123456", minutes=5, language="ru", name="x")

        assert said.startswith("Sign-in code: 123456")

    def test_refuse_to_be_sent_without_a_parameter(self):
        """
        A half-filled text never leaves.
        """
        with pytest.raises(KeyError):
            KAZAKHSTAN.notice("confirmed", "kk", number="N")


@pytest.mark.rule("3", "15", "16")
class TestAgreement:
    def test_is_whole_in_three_languages(self):
        """
        The same twelve clauses in each, naming the paragraphs they rest on.
        """
        agreement = KAZAKHSTAN.agreement()

        for language in LANGUAGES:
            assert all(f"\n{clause}. **" in agreement.texts[language] for clause in range(1, 13))
            assert "6-2" in agreement.texts[language]

    def test_is_sealed_by_its_content(self):
        """
        The fingerprint is that of version and texts: changing a letter changes it.
        """
        agreement = KAZAKHSTAN.agreement()
        content = {"version": agreement.version, "kk": agreement.texts.kk, "ru": agreement.texts.ru, "en": agreement.texts.en}
        written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

        assert hashlib.sha256(written.encode()).hexdigest() == agreement.sha256
        assert hashlib.sha256(f"{written} ".encode()).hexdigest() != agreement.sha256


class TestPhoneLanguages:
    @pytest.mark.rule("D21")
    @pytest.mark.parametrize(
        ("phone", "language"),
        [
            *(("+77011234567", None), ("+76001234567", None), ("+79161234567", "ru"), ("+78121234567", "ru")),
            *(("+998901234567", "ru"), ("+996555123456", "ru"), ("+8613812345678", "en"), ("+905551234567", "en"), ("+491701234567", "en")),
        ],
    )
    def test_give_the_language_of_a_number(self, phone, language):
        """
        By the longest prefix; our own numbers have none, a number of a country not listed is written to in English.
        """
        assert language == KAZAKHSTAN.language_of_phone(phone)

    def test_do_not_load_with_a_language_that_has_no_texts(self, tmp_path):
        """
        A misspelled language is found at load, not by a driver.
        """
        path = tmp_path / "phone_languages.json"
        path.write_text(json.dumps({"by_prefix": {"+49": "de"}, "otherwise": "en"}), encoding="utf-8")

        with pytest.raises(InvalidJurisdictionError, match="language"):
            load_phone_languages(path)
