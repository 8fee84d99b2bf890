"""
The public board in a real browser: from twenty meters, upright, on a phone, and when its server is silent.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web import recordings

pytestmark = pytest.mark.slow

LANGUAGES = {
    "kk": ("Нұр жолы", "Шақырылды", "Кіріп жатыр", "Шығып жатыр"),
    "ru": ("Нур Жолы", "Вызваны", "Въезжают", "Выезжают"),
    "en": ("Nur Zholy", "Called", "Entering", "Leaving"),
}


def plates(page: Page, column: str) -> list[str]:
    """
    The plates that a column shows, as a screen reader says them.
    """
    shown = page.locator(f".column-{column} .plate").all()
    return [plate.get_attribute("aria-label") or "" for plate in shown]


@pytest.mark.rule("12")
class TestBoard:
    def test_shows_who_is_called_entering_and_leaving(self, visit, queue, complaints):
        """
        Each plate stands in its column, drawn as its country prints it, under the checkpoint's name and time.
        """
        page = visit("/board/nur-zholy?lang=en")

        expect(page.get_by_role("heading", level=1)).to_have_text("Nur Zholy")
        expect(page.locator(".column-called .row").first).to_contain_text("NZH-261203-14-07")
        assert ["KZ 123 ABC 02", "CN 新F·12345", "RU A 123 BC 77"] == plates(page, "called")[:3]
        assert ["KZ 080 BOD 17", "BY AB 1234-7"] == plates(page, "entering")
        assert ["KZ 555 SSS 10"] == plates(page, "leaving")
        expect(page.locator(".board-clock")).to_have_text(re.compile(r"^14:0\d:\d\d$"))
        assert [] == complaints

    def test_fills_a_1080p_screen_without_scrolling_and_with_large_plates(self, visit):
        """
        Characters are at least 80 of 1080 pixels high in size (1/13 of the screen): on a 1.2 m high screen some 6 cm tall.
        """
        page = visit("/board/nur-zholy")
        page.locator(".row").first.wait_for()

        size, overflow = page.evaluate("""() => [
            parseFloat(getComputedStyle(document.querySelector('.column-called .plate')).fontSize),
            document.documentElement.scrollHeight - innerHeight]""")

        assert size >= 80
        assert overflow <= 0

    def test_turns_pages_until_everybody_was_shown(self, visit, queue):
        """
        Five of seven called trucks fit; within two page times the other two have been shown.
        """
        page = visit("/board/nur-zholy")
        page.locator(".row").first.wait_for()
        first = plates(page, "called")

        expect(page.locator(".column-called .row")).to_have_count(len(queue.board["called"]) - len(first), timeout=9_000)

        assert len(queue.board["called"]) == len({*first, *plates(page, "called")})

    def test_shows_a_new_plate_within_seconds_and_lights_it_up(self, visit, queue, complaints):
        """
        A truck that enters appears lit on the next poll; the others are not lit; unchanged polls are 304s.
        """
        page = visit("/board/nur-zholy")
        page.locator(".row").first.wait_for()
        expect(page.locator(".row.fresh")).to_have_count(0)
        came = recordings.row("321XYZ01", "KZ", "14:06", number="NZH-261203-13-13", lane="entry-1")

        queue.board = {**queue.board, "version": 42, "at": recordings.at("14:06"), "entering": [came, *queue.board["entering"]]}

        expect(page.locator(".row.fresh .plate")).to_have_attribute("aria-label", "KZ 321 XYZ 01", timeout=4_000)
        page.wait_for_timeout(2_500)
        asked = [tag for what, tag in queue.asked if what.endswith("/board")]
        assert asked[0] is None
        assert asked[-1] is not None
        assert [] == complaints

    def test_drops_an_older_view(self, visit, queue):
        """
        A straggling server with an older version does not turn the board back.
        """
        page = visit("/board/nur-zholy")
        page.locator(".row").first.wait_for()

        queue.board = {**queue.board, "version": 40, "leaving": []}
        page.wait_for_timeout(3_000)

        assert ["KZ 555 SSS 10"] == plates(page, "leaving")

    def test_says_when_it_is_out_of_date_and_recovers_by_itself(self, visit, queue):
        """
        Ten seconds without an answer, and the board says so in three languages; with the server back it is live again.
        """
        page = visit("/board/nur-zholy?lang=ru")
        page.locator(".row").first.wait_for()

        queue.silent = True
        page.wait_for_timeout(6_000)
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.get_by_role("alert")).to_contain_text("Нет связи. Данные на 14:0", timeout=8_000)
        expect(page.get_by_role("alert")).to_contain_text("Байланыс жоқ")
        expect(page.get_by_role("alert")).to_contain_text("No connection")
        queue.silent = False

        expect(page.get_by_role("alert")).to_have_count(0, timeout=6_000)

    def test_comes_up_when_the_server_was_away_at_its_start(self, visit, queue):
        """
        After a power cut the screen may be there before the server: the board waits and needs no hand.
        """
        queue.silent = True
        page = visit("/board/nur-zholy?lang=en")
        expect(page.locator(".board-state")).to_have_text("Connecting…")

        queue.silent = False

        expect(page.get_by_role("heading", level=1)).to_have_text("Nur Zholy", timeout=10_000)
        expect(page.locator(".column-leaving .row")).to_have_count(1)

    def test_says_that_nobody_is_there(self, visit, queue):
        """
        Empty columns are calm, not broken.
        """
        queue.board = {**queue.board, "called": [], "entering": [], "leaving": []}

        page = visit("/board/nur-zholy?lang=en")

        expect(page.locator(".column-empty")).to_have_text(["Nobody now"] * 3)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_speaks_its_language_first_and_the_others_beside(self, visit, complaints, language):
        """
        Name and columns in the language of the address; the other two stand beside in smaller letters.
        """
        name, *columns = LANGUAGES[language]

        page = visit(f"/board/nur-zholy?lang={language}")

        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.get_by_role("heading", level=2)).to_have_text(columns)
        expect(page.locator("html")).to_have_attribute("lang", language)
        others = " ".join(page.locator(".column-called .column-other").all_inner_texts())
        assert all(LANGUAGES[other][1] in others for other in LANGUAGES if other != language)
        assert [] == complaints

    def test_stands_upright_in_three_bands(self, visit):
        """
        On a portrait screen the columns lie one above another, nothing overflows, plates stand two in a row.
        """
        page = visit("/board/nur-zholy", width=1080, height=1920)
        page.locator(".row").first.wait_for()

        tops = [page.locator(f".column-{name}").bounding_box() or {} for name in ("called", "entering", "leaving")]
        rows = [row.bounding_box() or {} for row in page.locator(".column-called .row").all()[:2]]

        assert tops[0]["y"] < tops[1]["y"] < tops[2]["y"]
        assert rows[0]["y"] == rows[1]["y"]
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")

    def test_scrolls_on_a_phone_and_shows_everybody(self, visit, queue):
        """
        On a phone nothing turns pages: all called trucks are in the list, and nothing is wider than the screen.
        """
        page = visit("/board/nur-zholy", width=360, height=740)

        expect(page.locator(".column-called .row")).to_have_count(len(queue.board["called"]))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_tells_that_a_checkpoint_is_not_known(self, visit):
        """
        An address with a wrong name says so instead of waiting forever.
        """
        page = visit("/board/atlantis?lang=en")

        expect(page.get_by_role("heading", level=1)).to_have_text("This checkpoint is not known")
