from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic_core import PydanticCustomError

from chalicelib.api import field_errors
from chalicelib.api.schemas import fields
from chalicelib.jurisdictions import jurisdiction

ALMATY = timezone(timedelta(hours=5))


def refuses(check, value, kind):
    """
    Tell whether a check refuses a value by its name.
    """
    with pytest.raises(PydanticCustomError) as caught:
        check(value)
    return caught.value.type == kind


class TestMoment:
    @pytest.mark.parametrize(
        "written",
        [
            "2026-12-03T14:00:00+05:00",
            "2026-12-03T09:00:00Z",
            "2026-12-03t09:00z",
            "2026-12-03T14:00:00 05:00",
            "2026-12-03T14:00:00.000+05:00",
        ],
    )
    def test_is_read_in_every_spelling_of_the_standard(self, written):
        """
        RFC 3339, and the blank that an unescaped plus becomes in a query.
        """
        assert datetime(2026, 12, 3, 14, tzinfo=ALMATY) == fields.parse_moment(written)

    @pytest.mark.parametrize(
        "written",
        [
            "2026-12-03",
            "2026-12-03T14:00:00",
            "1764752400",
            "now",
            "2026-13-03T14:00:00Z",
            "0001-01-01T00:00:00Z",
            None,
            5,
            "٢٠٢٦-12-03T14:00:00Z",
        ],
    )
    def test_is_refused_without_offset_or_sense(self, written):
        """
        A number, a local time, an impossible day: one name for all.
        """
        assert refuses(fields.parse_moment, written, "moment")

    def test_is_shown_in_kazakhstans_time(self):
        """
        D32: +05:00 whatever zone it came in.
        """
        assert "2026-12-03T14:00:00+05:00" == fields.shown_moment(datetime(2026, 12, 3, 9, tzinfo=UTC))


class TestDay:
    def test_is_iso_and_nothing_else(self):
        """
        Weeks, times and impossible days are refused.
        """
        assert date(2026, 12, 3) == fields.parse_day("2026-12-03")
        assert all(
            refuses(fields.parse_day, value, "date") for value in ("2026-W49-4", "20261203", "2026-02-30", "2026-12-03T00:00:00Z", 5, None)
        )


class TestText:
    def test_is_composed_and_trimmed(self):
        """
        NFC, single blanks; control and direction-changing characters are refused.
        """
        assert "Ий а" == fields.clean_text("  И\u0438\u0306   а ")
        assert all(refuses(fields.clean_text, f"a{sign}b", "control_character") for sign in ("\n", "\0", "\u202e", "\u200b", "\ue000"))
        assert "a\nb" == fields.clean_prose("a\r\nb")


class TestPlate:
    @pytest.mark.parametrize("plate", ["123 ABC 02", "А 123 ВС 77", "新F12345", "01-KG-777-ABC"])
    def test_is_taken_as_printed(self, plate):
        """
        D9: a country's grammar warns, never refuses.
        """
        assert plate == fields.check_plate(plate)

    @pytest.mark.parametrize("plate", ["ABC", "---", "12", "1" * 13, "12'; DROP", "=1+ABC", "123\n02"])
    def test_without_digits_or_of_absurd_length_is_refused(self, plate):
        """
        Letters, digits and what is printed between them; 3 to 12 signs that count.
        """
        assert refuses(fields.check_plate, plate, "plate")


class TestVin:
    def test_is_a_number_that_a_register_may_know(self):
        """
        5–17 letters and digits: old and foreign chassis numbers keep no standard.
        """
        assert "WDB96340310123456" == fields.check_vin("wdb 9634031 0123456")
        assert "AB12345" == fields.check_vin("ab-12345")
        assert all(refuses(fields.check_vin, vin, "vin") for vin in ("1234", "A" * 18, "ВИН12345", "AB_12345"))


class TestNumbers:
    def test_iin_and_bin_have_twelve_digits(self):
        """
        Whether a number is anybody's is for the persons register to say.
        """
        assert "880101300123" == fields.check_iin("880101300123")
        assert "150340012340" == fields.check_bin("150340012340")
        wrong = ("88010130012", "8801013001234", "88010130012A", "８８０１０１３００１２３", "880101 30012")
        assert all(
            refuses(check, number, name) for number in wrong for check, name in ((fields.check_iin, "iin"), (fields.check_bin, "bin"))
        )


class TestPhone:
    def test_is_spelled_as_e164(self):
        """
        International only: a number without its country is nobody's.
        """
        assert "+77011234567" == fields.check_phone("+7 (701) 123-45-67")
        assert "+8613800138000" == fields.check_phone("+86 138 0013 8000")
        assert all(
            refuses(fields.check_phone, phone, "phone") for phone in ("87011234567", "+7701", "+7701123456789012", "phone", "+7701123456x")
        )


class TestTexts:
    def test_of_our_own_kinds_are_complete_and_nobody_elses(self):
        """
        Each in three languages, and none that the jurisdiction words already.
        """
        own = field_errors.texts()

        assert all(set(item) == {"kk", "ru", "en"} and all(item.values()) for item in own.values())
        assert set(own).isdisjoint(jurisdiction().field_messages)
