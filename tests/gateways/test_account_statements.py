"""
The account statement on paper and as a table: every movement, in three languages, and nothing that runs.
"""

import csv
import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from fontTools.ttLib import TTFont

from chalicelib.domain.account_statements import Period, draw_up
from chalicelib.domain.money import LedgerAccount, Leg, Posting, transfer
from chalicelib.gateways import account_statements
from chalicelib.gateways.account_statements import words
from chalicelib.gateways.paper import page
from chalicelib.usecases.draw_statement import StatementSeen
from tests.fakes.samples import ALMATY, HERE

LANGUAGES = ("kk", "ru", "en")
START = datetime(2026, 11, 1, tzinfo=ALMATY)
FIGURE = re.compile(r"-?\d+\.\d\d")
HOSTILE = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "a;b", 'a"b', "a\nb", "\u202eevil", "＝1", "x" * 5000)


def posting(number, kind="top_up", *, legs=None, booking=None, checkpoint=None):
    """
    A posting of a numbered hour.
    """
    at = START + timedelta(hours=number)
    legs = legs or transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, 9_082_500)
    return Posting(f"{kind}:{number}", "acc_1", kind, at, at.date(), legs, checkpoint=checkpoint, booking=booking)


def month():
    """
    A card pays, a deposit is held, and a dispute takes more than there is.
    """
    deposit = (
        Leg(LedgerAccount.WALLET_AVAILABLE, -9_082_500),
        Leg(LedgerAccount.WALLET_HELD, 8_650_000),
        Leg(LedgerAccount.FEE_REVENUE, 432_500),
    )
    debt = (Leg(LedgerAccount.PROVIDER, 9_082_500), Leg(LedgerAccount.USER_DEBT, -9_082_500))
    return [
        posting(1, "card_payment", booking="bk_1"),
        posting(1, "booking_fee", legs=deposit, booking="bk_1", checkpoint=HERE),
        posting(30, "payment_reversed", legs=debt, booking="bk_1"),
    ]


def seen(postings=None, *, numbers=None):
    """
    A statement of November.
    """
    period = Period(date(2026, 11, 1), date(2026, 11, 30), START, START + timedelta(days=30))
    made = draw_up(month() if postings is None else postings, period=period, drawn_at=START + timedelta(days=40), skip=0, most=9999)
    return StatementSeen(made, numbers or {"bk_1": "NZH-261203-14-07"})


def rows(of=None, language="en"):
    """
    Read the table as an independent reader does.
    """
    text = account_statements.write_csv(seen=of or seen(), language=language).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.rule("23")
class TestTable:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_adds_up(self, language):
        """
        Between the opening and the closing row every movement; sums are numbers; in less out is the difference of the balances.
        """
        head, opening, *lines, closing = rows(language=language)

        assert len(head) == len(opening) == len(closing) == 11
        assert 3 == len(lines)
        assert all(FIGURE.fullmatch(cell) for row in (opening, *lines, closing) for cell in row[6:10])
        moved = sum(Decimal(line[4] or 0) - Decimal(line[5] or 0) for line in lines)
        assert moved == Decimal(closing[9]) - Decimal(opening[9]) == Decimal("-4325.00")
        assert (Decimal(closing[4]), Decimal(closing[5])) == tuple(sum(Decimal(line[at] or 0) for line in lines) for at in (4, 5))
        assert ["0.00", "86500.00", "90825.00", "-4325.00"] == closing[6:10]
        assert ["2026-11-01 01:00:00+05:00", "NZH-261203-14-07"] == [lines[0][0], lines[0][2]]

    @pytest.mark.parametrize("text", HOSTILE)
    def test_is_never_a_formula(self, text):
        """
        Whatever a number or an id is, it comes back as the same text, harmless, in its own cell; sums stay sums.
        """
        made = [replace(posting(1, booking="bk_1"), id=text)]
        _, _, line, closing = rows(seen(made, numbers={"bk_1": text}))

        straight = text.replace("\u202e", "")
        assert {straight} == {cell.removeprefix("'") for cell in (line[2], line[10])}
        assert not line[2].startswith(tuple("=+-@\t\r＝"))
        assert "90825.00" == line[4] == closing[9]


@pytest.mark.rule("23")
class TestSheet:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_the_same_bytes_for_the_same_statement(self, language):
        """
        A4, small, and nothing of the moment it is drawn at.
        """
        document = account_statements.draw_pdf(seen=seen(), holder="ТОО «Жол», 150340012340", language=language)

        assert document == account_statements.draw_pdf(seen=seen(), holder="ТОО «Жол», 150340012340", language=language)
        assert (True, 1) == (document.startswith(b"%PDF-"), document.count(b"/Type /Page\n"))
        assert b"/MediaBox [0 0 595.28 841.89]" in document
        assert len(document) < 60_000

    @pytest.mark.parametrize("count", [0, 17, 18, 19, 42, 43, 44, 100])
    def test_has_every_movement_on_some_page(self, count):
        """
        Whatever their number, on as many pages as they need; none is empty.
        """
        text = words.say(seen=seen([posting(number) for number in range(count)]), holder=None, language="en")
        sheets = account_statements.sheet.sheets_of(text)

        assert text.entries == tuple(entry for sheet in sheets for entry in sheet.entries)
        assert all(sheet.entries for sheet in sheets) or len(sheets) == 1
        document = account_statements.draw_pdf(seen=seen([posting(number) for number in range(count)]), holder=None, language="en")
        assert len(sheets) == document.count(b"/Type /Page\n")

    @pytest.mark.parametrize("count", [1, 13, 14, 17, 18, 19, 40, 200])
    def test_lists_all_that_is_held_below_the_last_movement(self, count):
        """
        Every booking once with what is held for it, on pages of their own where the last one is full; nothing runs out of a page.
        """
        held = transfer(LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD, 8_650_000)
        many = [posting(number, "reserve", legs=held, booking=f"bk_{number}") for number in range(count)]
        text = words.say(seen=seen(many, numbers={f"bk_{number}": f"N-{number}" for number in range(count)}), holder=None, language="ru")
        sheets = account_statements.sheet.sheets_of(text)

        assert [f"N-{number}" for number in range(count)] == [figure.label for sheet in sheets for figure in sheet.held]
        heights = [
            len(sheet.entries) * account_statements.sheet.ROW + len(sheet.held) * account_statements.sheet.HELD_ROW for sheet in sheets
        ]
        assert max(heights) <= account_statements.sheet.BOTTOM - account_statements.sheet.NEXT_TOP

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_words_every_kind_in_letters_that_the_fonts_have(self, language):
        """
        No movement is nameless, no letter is a box.
        """
        text = words.texts()[language]
        known = set(TTFont(page.FONTS / page.FILES["text"]).getBestCmap())

        assert set(words.texts()["en"]["kinds"]) == set(text["kinds"])
        assert not [
            letter for kind in (*text["kinds"].values(), text["law"], text["period"]) for letter in kind if ord(letter) not in known
        ]
        assert text["kinds"]["other"] == words.what_of(posting(1, "something_new"), language)
        assert len(set(text["kinds"].values())) == len(text["kinds"])
