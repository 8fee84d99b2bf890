"""
The page on which another person pays by a link, against the payment double itself.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.local.payments.double import PUBLISHABLE_KEY, RunningDouble
from tests.web import recordings
from tests.web.test_pages import faults

pytestmark = [pytest.mark.slow, pytest.mark.rule("23", "26")]

LINK = f"/pay/{'A' * 22}"
PHONE = {"width": 360, "height": 740}
AMOUNT = "90 825 ₸"
STATES = ("paid", "late", "lapsed", "closed")


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    """
    The payment double in a process of its own.
    """
    running = RunningDouble(tmp_path_factory.mktemp("payments")).start()
    yield running
    running.kill()


@pytest.fixture
def intent(double, queue):
    """
    A payment opened at the double, as the API would answer it.
    """
    opened = double.sdk().v1.payment_intents.create(params={"amount": 9082500, "currency": "kzt", "payment_method_types": ["card"]})
    queue.payment = {
        "payment_intent": opened.id,
        "client_secret": opened.client_secret,
        "status": opened.status,
        "amount": {"amount": opened.amount, "currency": "KZT"},
        "element": {"script": f"{double.base_url}/v3/", "publishable_key": PUBLISHABLE_KEY},
    }
    return lambda: double.sdk().v1.payment_intents.retrieve(opened.id)


def plain(text: str) -> str:
    """
    Spell a text with plain blanks.
    """
    return re.sub(r"\s", " ", text)


def type_card(page: Page, number: str) -> None:
    """
    Fill the provider's form and send it.
    """
    page.get_by_label(re.compile("Card number|Номер карты")).fill(number)
    page.get_by_label(re.compile("Expiry|Срок")).fill("12 / 34")
    page.get_by_label(re.compile("Security|Код")).fill("123")
    page.locator("button[type=submit]").click()


class TestPayment:
    def test_is_made_by_a_test_card_at_the_double(self, visit, queue, intent, complaints):
        """
        A declined card is said so and may be replaced; a good one pays, and is not asked again; the page tells that it is paid once the booking is.
        """
        page = visit(f"{LINK}?lang=en", **PHONE)
        expect(page.locator(".pay-amount")).to_be_visible()
        assert AMOUNT == plain(page.locator(".pay-amount").inner_text())
        expect(page.get_by_text("Pay by 14:20")).to_be_visible()

        page.get_by_role("button", name="Pay by card").click()
        type_card(page, "4000 0000 0000 0002")
        expect(page.get_by_role("alert").first).to_contain_text("declined")
        assert [] == [text for text in complaints if "402" not in text]
        type_card(page, "4242 4242 4242 4242")
        expect(page.get_by_text("The payment is sent")).to_be_visible()
        assert "succeeded" == intent().status

        page.reload()
        queue.payment["status"] = intent().status
        page.get_by_role("button", name="Pay by card").click()
        expect(page.get_by_text("The payment is sent")).to_be_visible()
        queue.payable = recordings.payable("paid")
        expect(page.get_by_text("Paid", exact=True)).to_be_visible(timeout=10_000)
        expect(page.locator(".pay-amount")).to_have_count(0)

    def test_says_when_the_form_or_the_payment_is_not_to_be_had(self, visit, queue, intent):
        """
        Somebody pays already; the provider's script does not load; a number is no card's: each in a sentence, and all may be tried again.
        """
        queue.payment, payment = None, queue.payment
        page = visit(f"{LINK}?lang=ru", **PHONE)
        page.get_by_role("button", name="Оплатить картой").click()
        expect(page.get_by_text("Платеж обрабатывается")).to_be_visible()

        queue.payment = payment | {"element": payment["element"] | {"script": "http://127.0.0.1:9/v3/"}}
        page.get_by_role("button", name="Оплатить картой").click()
        expect(page.get_by_text("Форма оплаты не открылась")).to_be_visible()

        queue.payment = payment
        page.get_by_role("button", name="Оплатить картой").click()
        type_card(page, "4111")
        expect(page.get_by_text("Номер карты неверен")).to_be_visible()


class TestPage:
    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    @pytest.mark.parametrize("state", ["waiting", *STATES, "taken back"])
    def test_fits_a_phone_in_every_state(self, visit, queue, complaints, state, language):
        """
        At 320 pixels nothing is wider than the screen; every control has its name, every text its contrast; nobody's name is there.
        """
        queue.payable = recordings.payable(state)
        page = visit(f"{LINK}?lang={language}", width=320, height=640)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(300)

        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert [] == faults(page)
        assert [] == [text for text in complaints if "404" not in text]

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_is_readable_with_its_form_open(self, visit, intent, scheme):
        """
        The provider's form too, by day and by night.
        """
        page = visit(f"{LINK}?lang=kk", **PHONE, color_scheme=scheme)
        page.get_by_role("button", name="Картамен төлеу").click()
        expect(page.get_by_role("button", name=re.compile("төлеу"))).to_be_visible()
        expect(page.get_by_label("Номер карты")).to_be_visible()

        assert [] == faults(page)
