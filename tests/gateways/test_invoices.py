"""
The printed invoice: one page that says everything a payment order needs, in three languages.
"""

import json
import re
import subprocess
import sys
import zlib

import pytest
from fontTools.ttLib import TTFont

from chalicelib.domain.references import written_references
from chalicelib.gateways import invoices
from chalicelib.gateways.invoices import words
from chalicelib.gateways.paper import page
from tests.fakes import bank

LANGUAGES = ("kk", "ru", "en")
PAYER = "ТОО «Жол», 150340012340"


def pdf(language="ru", *, payer=PAYER, **changes):
    """
    An invoice drawn.
    """
    return invoices.draw_pdf(invoice=bank.invoice(**changes), payer=payer, language=language)


def said(language="ru", *, payer=PAYER, **changes):
    """
    What it says.
    """
    return words.say(invoice=bank.invoice(**changes), payer=payer, language=language)


@pytest.mark.rule("23")
class TestTheSheet:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_one_light_page_of_a4(self, language):
        """
        One page, 210 × 297 mm, less than 60 KB: it leaves through the API without a link.
        """
        document = pdf(language)

        assert document.startswith(b"%PDF-")
        assert 1 == document.count(b"/Type /Page\n")
        assert b"/MediaBox [0 0 595.28 841.89]" in document
        assert len(document) < 60_000

    def test_is_the_same_bytes_for_the_same_invoice(self):
        """
        Drawn twice it differs in nothing, and in everything that it says from another's.
        """
        assert pdf() == pdf()
        assert 4 == len({pdf(), pdf("kk"), pdf(amount=1), pdf(payer=None)})

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_asks_for_what_comes_back_as_a_reference(self, language):
        """
        The purpose, copied unchanged, is found again in a statement; printed in groups it is the same reference.
        """
        text = said(language)

        assert [bank.invoice().reference] == written_references(text.purpose.value) == written_references(text.reference)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_names_all_that_a_payment_order_asks_for(self, language):
        """
        Name, BIN, IIK, Kbe, bank, BIC, KNP; the sum always with tiyn; the last day in local time.
        """
        text = said(language)
        payee = bank.payee()

        assert {cell.value for row in text.order for cell in row} == {
            *(payee.title, payee.number, payee.iik, payee.kbe),
            *(payee.bank, payee.bic, payee.knp),
        }
        assert "90\u00a0825,00\u00a0₸" == text.sum_
        assert "0,05\u00a0₸" == words.spell_sum(5)
        assert "11" in text.until
        assert PAYER in [cell.value for cell in text.about]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_of_a_sample_warns(self, language):
        """
        Where nobody is paid the sheet says so across its whole width, and is painted in another color; a real one has no such words.
        """
        sample = bank.payee(sample=True)

        assert said(language, payee=sample).warning
        assert said(language).warning is None
        assert painted(pdf(language, payee=sample)) > painted(pdf(language))

    def test_fits_the_longest_texts(self):
        """
        A payee and payer of two hundred letters still give one page.
        """
        long = bank.payee(title="Ұ" * 200, bank="Щ" * 200)

        assert 1 == pdf("kk", payer="Ш" * 300, payee=long, amount=10**10).count(b"/Type /Page\n")


class TestTheWords:
    def test_are_the_same_in_every_language(self):
        """
        Every language has the same keys and as many steps and months.
        """
        texts = json.loads(words.WORDS.read_text(encoding="utf-8"))

        assert set(LANGUAGES) == set(texts)
        assert 1 == len({json.dumps(shape(text), sort_keys=True) for text in texts.values()})

    def test_have_a_glyph_for_every_letter(self):
        """
        Each character of the texts is in both hands of the text's font.
        """
        needed = set(words.WORDS.read_text(encoding="utf-8")) - {"\n"} | set("₸\u00a0,0123456789")
        for font in ("text", "bold"):
            assert not needed - {chr(code) for code in TTFont(page.FONTS / page.FILES[font]).getBestCmap()}

    def test_load_their_libraries_only_when_drawing(self):
        """
        Importing the module costs no PDF library.
        """
        code = "import sys, chalicelib.gateways.invoices; print(sorted({'fpdf', 'PIL', 'fontTools'} & sys.modules.keys()))"

        assert "[]" == subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def shape(text):
    """
    The keys of a text and the lengths of its lists.
    """
    if isinstance(text, dict):
        return {name: shape(value) for name, value in text.items()}
    return len(text) if isinstance(text, list) else 0


def painted(document):
    """
    How often the page changes to the color of alarm.
    """
    streams = re.findall(rb"stream\n(.*?)\nendstream", document, re.DOTALL)
    return sum(zlib.decompress(stream).count(b"0.6392 0.0784 0.0471 rg") for stream in streams if stream[:1] == b"x")
