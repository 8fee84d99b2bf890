"""
Pay by link on the whole running system: a stranger's browser, the provider's form, the webhook, a confirmed booking.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from local.story.application import Truck
from tests.local.supervisor.running import end, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def system():
    """
    The whole system, up.
    """
    try:
        yield running()
    finally:
        end()


def held(system) -> tuple[Any, str]:
    """
    A user with a place that waits to be paid: his door, his booking.
    """
    truck = Truck.draw()
    user = system.door().sign_in(truck.phone)
    user.ask("POST", "/v1/me/agreement", body={"version": user.ask("GET", "/v1/agreement")["version"]})
    booking = user.ask("POST", "/v1/bookings", body=truck.form("nur-zholy"), expect=202)["id"]
    user.wait(f"/v1/bookings/{booking}", lambda seen: seen["status"] == "verified", what="verified")
    user.ask("POST", f"/v1/bookings/{booking}/place", body={"slot_start": "first_free", "pool": "primary"}, expect=200)
    return user, booking


@pytest.mark.rule("23", "26")
class TestPayByLink:
    def test_confirms_a_booking_from_a_strangers_browser(self, system, browser: Browser):
        """
        Link, page, test card, webhook: the page says paid, the booking is confirmed; the browser complains of nothing.
        """
        user, booking = held(system)
        given = user.ask("POST", f"/v1/bookings/{booking}/payment-link")
        complaints: list[str] = []
        page = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-US").new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

        page.goto(given["url"])
        page.get_by_role("button", name="Pay by card").click()
        page.get_by_label("Card number").fill("4242 4242 4242 4242")
        page.get_by_label("Expiry date").fill("12 / 34")
        page.get_by_label("Security code").fill("123")
        page.get_by_role("button", name=re.compile("^Pay ")).click()

        expect(page.get_by_text("Paid", exact=True)).to_be_visible(timeout=60_000)
        paid = user.ask("GET", f"/v1/bookings/{booking}")
        assert ("confirmed", True) == (paid["status"], bool(paid["number"]))
        assert [] == complaints
