"""
The printed pass and its code: what they say, what they never say, and that a camera reads them.
"""

import subprocess
import sys
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from chalicelib.domain.plans import PlaceClass
from chalicelib.domain.vehicles import Category, Trailer, Vehicle
from chalicelib.gateways import passes, passes_plate, passes_sheet, passes_words
from chalicelib.gateways.paper import page
from chalicelib.jurisdictions import jurisdiction
from chalicelib.usecases.issue_pass import Pass
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.gateways.cameras import PAGE, decoded, photograph_of_pdf, photograph_of_svg

LANGUAGES = ("kk", "ru", "en")
NAMES = {"kk": "Нұр Жолы", "ru": "Нур Жолы", "en": "Nur Zholy"}
TOKEN = ".".join(("eyJhbGciOiJFUzI1NiIsImtpZCI6IjEi" * 3, "eyJudW1iZXIiOiJOWkgtMjYxMjAzLTE0" * 7, "c2lnbmF0dXJl" * 7))


def a_pass(**changes):
    """
    A pass of the sample booking, varied by its fields.
    """
    return Pass(samples.booking(**changes), TOKEN, RULES)


def words(language="ru", **changes):
    """
    What such a pass says.
    """
    return passes_words.say(pass_=a_pass(**changes), names=NAMES, language=language)


def pdf(language="ru", **changes):
    """
    Such a pass drawn.
    """
    return passes.draw_pdf(pass_=a_pass(**changes), names=NAMES, language=language)


@pytest.mark.rule("D25")
class TestTheCode:
    def test_is_read_from_the_svg_by_a_camera(self):
        """
        What is drawn as SVG decodes to the signed token, character by character.
        """
        assert decoded(photograph_of_svg(passes.draw_qr_svg(token=TOKEN))) == TOKEN

    def test_is_read_from_the_sheet_by_a_camera(self):
        """
        The rectangles painted on the PDF page decode to the same token at the resolution of a poor printer.
        """
        assert decoded(photograph_of_pdf(pdf())) == TOKEN

    def test_is_large_enough_for_a_windscreen(self):
        """
        At least 40 mm, and modules of 0.6 mm at the length that tokens have here.
        """
        assert passes_sheet.CODE_SIDE >= 40
        assert passes_sheet.CODE_SIDE / len(passes.code_modules(TOKEN)) >= 0.6

    def test_keeps_its_quiet_zone(self):
        """
        Four modules of white surround the SVG's code (ISO/IEC 18004).
        """
        picture = photograph_of_svg(passes.draw_qr_svg(token=TOKEN))

        quiet = PAGE + 4 * 8

        assert (picture[:quiet] == 255).all()
        assert (picture[:, :quiet] == 255).all()
        assert (picture[quiet] == 0).any()


@pytest.mark.rule("20", "36")
class TestTheSheet:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_one_page_of_a5(self, language):
        """
        One page, 148 × 210 mm, in every language, with an ordinary trailer or none.
        """
        for document in (pdf(language), pdf(language, trailer=None)):
            assert document.startswith(b"%PDF-")
            assert document.count(b"/Type /Page\n") == 1
            assert b"/MediaBox [0 0 419.53 595.28]" in document

    def test_is_the_same_bytes_for_the_same_pass(self):
        """
        Drawing twice differs in nothing: the document's date is the booking's, not the clock's.
        """
        assert pdf() == pdf()
        assert b"/CreationDate (D:20261201093000" in pdf()

    def test_differs_with_the_booking(self):
        """
        Another number, plate or language is another sheet.
        """
        other = Vehicle("KZ", "777 AAA 02", "XTA", Category.TRUCK, "box")

        assert len({pdf(), pdf(number="NZH-261203-14-08"), pdf(vehicle=other), pdf("kk")}) == 4

    def test_is_small_enough_to_be_answered_directly(self):
        """
        A sheet weighs less than 60 KB: it leaves through the API without a link.
        """
        assert len(pdf()) < 60_000

    def test_loads_its_libraries_only_when_drawing(self):
        """
        Importing the module costs no PDF, no QR and no image library.
        """
        code = "import sys, chalicelib.gateways.passes; print(sorted({'fpdf', 'segno', 'PIL', 'fontTools'} & sys.modules.keys()))"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

        assert told.stdout.strip() == "[]"


@pytest.mark.rule("20")
class TestTheWords:
    def test_say_number_place_and_local_time(self):
        """
        Number, checkpoint, date, interval and the moment from which entry is open, in Almaty's time.
        """
        said = words(slot_start=datetime.fromisoformat("2026-12-03T09:00:00+00:00"))

        assert said.number == "NZH-261203-14-07"
        assert said.checkpoint == "Нур Жолы"
        assert said.other_names == "Нұр Жолы · Nur Zholy"
        assert said.date == "3 декабря 2026 г., четверг"
        assert said.interval == "14:00–15:00"
        assert "UTC+5" in said.zone
        assert "13:30" in said.enter

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_put_the_asked_language_first(self, language):
        """
        The title is the checkpoint's name in the language asked for, the others follow.
        """
        said = words(language)

        assert said.checkpoint == NAMES[language]
        assert all(name in said.other_names for other, name in NAMES.items() if other != language)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_give_two_steps_and_the_law(self, language):
        """
        Two things to do at the gate, and paragraphs 20 and 36 below.
        """
        said = words(language)

        assert len(said.steps) == 2
        assert "13:30" in said.steps[0]
        assert "QR" in said.steps[1]
        assert "20" in said.law
        assert "36" in said.law

    def test_never_name_a_person(self):
        """
        No word of a pass comes from owner, drivers, account or cargo.
        """
        foreign = {"per_1", "per_2", "per_3", "acc_1", "bk_1", "080810", "X1", "XTA21099043125678"}
        spoken = " ".join(str(getattr(words(), field.name)) for field in fields(passes_words.Words))

        assert not [word for word in foreign if word in spoken]

    def test_are_refused_before_a_place_is_confirmed(self):
        """
        A booking without number has no pass.
        """
        with pytest.raises(ValueError, match="no pass"):
            words(number=None)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("class_", list(PlaceClass))
    def test_have_a_name_for_every_class(self, language, class_):
        """
        Each class is called as the jurisdiction calls it.
        """
        assert words(language, class_=class_).class_ == jurisdiction().classes[class_.value].names[language]


class TestThePlate:
    @pytest.mark.parametrize(
        ("country", "entered", "printed"),
        [
            ("KZ", "123АВС02", "|123 ABC|02"),
            ("RU", "а123вс 777", "|A 123 BC|777"),
            ("CN", "新F·12345", "|新F·12345|"),
            ("UZ", "01 234 ABC", "01|234 ABC|"),
            ("KG", "01KG123ABC", "01|123 ABC|"),
            ("BY", "AB1234-7", "|AB 1234-7|"),
            ("TM", "AB 1234 AH", "|AB 1234 AH|"),
            ("DE", "B-AB 1234", "|B-AB 1234|"),
        ],
    )
    def test_falls_into_its_countrys_fields(self, country, entered, printed):
        """
        A known form is spread over fields as its country prints it; any other is shown as it was entered (D9).
        """
        laid = passes_plate.lay_out(entered, country)

        assert f"{laid.before}|{laid.main}|{laid.behind}" == printed

    def test_is_drawn_whatever_was_entered(self):
        """
        The longest and strangest plates still give a sheet.
        """
        for plate in ("新F·1234挂", "ÄÖÜ AB 1234E", "12 ب 345 67", "A" * 20):
            assert pdf(vehicle=Vehicle("IR", plate, "X", Category.TRUCK, "box"), trailer=Trailer("CN", plate)).startswith(b"%PDF-")


class TestTheFonts:
    def test_cover_every_letter_that_a_pass_writes(self):
        """
        Each character of the texts and of all checkpoint, class and country names has a glyph, Kazakh letters among them.
        """
        law = jurisdiction()
        named = [*law.names.values(), *(item.names for item in (*law.classes.values(), *law.checkpoints.values()))]
        needed = {letter for names in named for language in LANGUAGES for letter in names[language]} | set(
            "ӘәҒғҚқҢңӨөҰұҮүҺһІі0123456789§№·–"
        )
        needed |= set(Path(passes_words.WORDS).read_text(encoding="utf-8")) - {"\n"}

        for file in ("text", "bold"):
            assert not needed - {chr(code) for code in cmap(file)}

    def test_cover_numbers_and_plates(self):
        """
        Latin letters and digits in the plates' hand, and the provinces of Chinese plates.
        """
        assert not set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789- ") - {chr(code) for code in cmap("plate")}
        assert not set("新京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼挂") - {chr(code) for code in cmap("chinese")}

    def test_are_light_and_licensed(self):
        """
        All fonts together weigh less than 120 KB, and each family's license lies beside it.
        """
        folder = page.FONTS

        assert sum((folder / file).stat().st_size for file in page.FILES.values()) < 120_000
        assert all("SIL Open Font License" in path.read_text(encoding="utf-8") for path in folder.glob("*-license.txt"))
        assert len(list(folder.glob("*-license.txt"))) == 3


def cmap(name):
    """
    The characters that a font file has glyphs for.
    """
    return TTFont(page.FONTS / page.FILES[name]).getBestCmap()
