"""
What every page owes its reader: names for everything, one language throughout, nothing wider than the screen, no complaint.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.web.test_officer import sign_in

pytestmark = pytest.mark.slow

PAGES = {"start": "/", "board": "/board/nur-zholy", "sign-in": "/officer/nur-zholy", "lost": "/board/nur-zholy/x"}

NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, select, textarea, img, dialog')]
    .filter((element) => element.checkVisibility())
    .filter((element) => {
        const labels = element.labels ? [...element.labels].map((label) => label.textContent).join('') : '';
        const by = element.getAttribute('aria-labelledby');
        const name = element.getAttribute('aria-label') || (by && document.getElementById(by)?.textContent)
            || labels || element.textContent || element.getAttribute('alt');
        return element.tagName === 'IMG' ? element.getAttribute('alt') === null : !name?.trim();
    }).map((element) => element.outerHTML.slice(0, 120))"""

SMALL = """() => [...document.querySelectorAll('button, a[href], input, select, textarea')]
    .filter((element) => element.checkVisibility() && !element.classList.contains('skip'))
    .map((element) => [element.getBoundingClientRect(), element.outerHTML.slice(0, 90)])
    .filter(([box]) => Math.min(box.width, box.height) < 23.5).map(([, what]) => what)"""

FAINT = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
    const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (element) => { for (let at = element; at; at = at.parentElement) {
        const color = rgba(getComputedStyle(at).backgroundColor); if (color[3] > 250) return color; } return [255, 255, 255]; };
    return [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility() && !element.closest('[disabled]')
        && !element.classList.contains('visually-hidden') && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
        .map((element) => { const [a, b] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 90)]; })
        .filter(([ratio]) => ratio < 4.5).map(([ratio, what]) => `${ratio.toFixed(2)} ${what}`);
}"""


def faults(page: Page) -> list[str]:
    """
    Controls without a name, controls too small to hit (WCAG 2.2: 2.5.8), text fainter than 4.5 : 1 (1.4.3), headings amiss.
    """
    found = [
        f"{what}: {where}"
        for what, script in (("nameless", NAMELESS), ("small", SMALL), ("faint", FAINT))
        for where in page.evaluate(script)
    ]
    if page.get_by_role("heading", level=1).count() != 1:
        found.append("not one h1")
    if page.get_by_role("main").count() != 1:
        found.append("not one main")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
class TestEveryPage:
    @pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
    def test_is_readable_and_named_by_day_and_by_night(self, visit, complaints, path, scheme):
        """
        Every control has a name and a size, every text its contrast, in both themes; the browser complains of nothing.
        """
        page = visit(path, width=1280, height=800, color_scheme=scheme)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(400)

        assert [] == faults(page)
        assert [] == complaints

    def test_is_so_where_officers_work(self, visit, complaints, scheme):
        """
        The live view and its dialog, too.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en", width=1366, height=900, color_scheme=scheme))
        expect(page.get_by_role("heading", name="Devices")).to_be_visible()
        assert [] == faults(page)

        page.get_by_role("button", name="Open the barrier: Entry 1").click()
        expect(page.get_by_role("dialog")).to_be_visible()

        assert [] == page.evaluate(NAMELESS)
        assert [] == complaints


class TestStartPage:
    def test_leads_to_every_checkpoint_by_country(self, visit, complaints):
        """
        Checkpoints stand under their neighbor country; the search narrows them; a link opens the board.
        """
        page = visit("/?lang=en", width=1280, height=900)
        expect(page.get_by_role("heading", level=3)).to_have_text(
            ["To China", "To Russia", "To Kyrgyzstan", "To Uzbekistan", "To Turkmenistan"],
        )

        page.get_by_placeholder("Find a checkpoint").fill("нур")
        expect(page.locator(".checkpoint")).to_have_count(1)
        page.get_by_role("link", name="Board: Nur Zholy").click()

        expect(page.locator(".column-called .row").first).to_be_visible()
        assert [] == complaints

    def test_remembers_the_language_chosen(self, visit):
        """
        A language chosen by hand is in the address, on the document and on the next page.
        """
        page = visit("/", width=1280, height=900, locale="de-DE")
        expect(page.locator("html")).to_have_attribute("lang", "kk")

        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.goto(page.url.split("?")[0])

        expect(page.locator("html")).to_have_attribute("lang", "en")

    @pytest.mark.parametrize("path", ["/?lang=kk", "/officer/nur-zholy?lang=kk", "/board/nur-zholy?lang=kk"])
    def test_fits_a_narrow_phone(self, visit, path):
        """
        At 320 pixels, WCAG's reflow width, nothing is wider than the screen.
        """
        page = visit(path, width=320, height=640)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(500)

        assert page.evaluate("document.documentElement.scrollWidth") <= 320
