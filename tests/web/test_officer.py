"""
The officer's live view in a real browser: sign in, see who was refused and why, open a barrier.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.web import recordings
from tests.web.recorded_queue import CODE

pytestmark = pytest.mark.slow


def sign_in(page: Page, code: str = CODE) -> Page:
    """
    Sign in as an officer does: phone, then code.
    """
    page.locator("input[name=phone]").fill("+7 701 000 00 02")
    page.locator("input[name=phone]").press("Enter")
    page.locator("input[name=code]").fill(code)
    page.locator("input[name=code]").press("Enter")
    return page


class TestSignIn:
    def test_lets_in_by_the_code_and_keeps_the_tab_signed_in(self, visit, complaints):
        """
        Phone and code lead to the live view; reloading the tab asks for no code; signing out forgets it.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        expect(page.get_by_role("heading", name="Lanes")).to_be_visible()

        page.reload()
        expect(page.get_by_role("heading", name="Lanes")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()

        expect(page.locator("input[name=phone]")).to_be_visible()
        page.reload()
        expect(page.locator("input[name=phone]")).to_be_visible()
        assert [] == complaints

    def test_says_what_is_wrong_with_a_code_in_the_servers_words(self, visit):
        """
        The server's own sentence in the asked language is shown, with its code, and the form stays.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=ru"), code="000000")

        expect(page.get_by_role("alert")).to_contain_text("Код не подошёл")
        expect(page.get_by_role("alert")).to_contain_text("OTP_INVALID")
        expect(page.locator("input[name=code]")).to_be_visible()

    def test_asks_again_when_the_session_has_ended(self, visit, queue):
        """
        A revoked session leads to the sign-in, which says why.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        expect(page.get_by_role("heading", name="Lanes")).to_be_visible()

        queue.tokens += 7

        expect(page.get_by_text("The session has ended. Please sign in again.")).to_be_visible()

    def test_tells_an_officer_of_another_checkpoint_so(self, visit):
        """
        403 NOT_YOUR_CHECKPOINT is told, not hidden behind an empty page.
        """
        page = sign_in(visit("/officer/dostyk?lang=kk"))

        expect(page.get_by_role("alert").filter(has_text="NOT_YOUR_CHECKPOINT")).to_be_visible()


@pytest.mark.rule("11", "D23", "D26")
class TestLiveView:
    def test_shows_a_refused_truck_and_why(self, visit, complaints):
        """
        A sister plate refused at the gate stands first, marked, with photograph, plate and the reason in words.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        refused = page.locator(".reading.stay").first

        expect(refused).to_contain_text("Not let through")
        expect(refused).to_contain_text("A similar plate is expected, but this one is clearly another")
        expect(refused.locator(".plate")).to_have_attribute("aria-label", "KZ 123 ABG 02")
        assert refused.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
        expect(page.locator(".lane.refused").first).to_contain_text("Entry 1")
        assert [] == complaints

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_names_every_reason_in_words(self, visit, queue, complaints, language):
        """
        No reason is shown as a bare code in any language.
        """
        reads = [recordings.reading(n, "entry-1", "stay", reason) for n, reason in enumerate(recordings.REASONS)]
        queue.live = {**queue.live, "readings": reads}

        page = sign_in(visit(f"/officer/nur-zholy?lang={language}"))

        expect(page.locator(".reading")).to_have_count(len(recordings.REASONS))
        said = page.locator(".reading .why").all_inner_texts()
        assert len(set(said)) == len(recordings.REASONS)
        assert not [sentence for sentence in said if "_" in sentence]
        assert [] == complaints

    def test_counts_and_lists_vehicles_by_where_they_are(self, visit):
        """
        Counts are the server's; choosing a state or searching narrows the list.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        rows = page.locator(".vehicles tbody tr")
        expect(rows).to_have_count(6)

        expect(page.get_by_role("button", name="112 Left")).to_be_visible()
        page.get_by_role("button", name="1 At the gate").click()
        expect(rows).to_have_count(1)
        page.get_by_role("button", name="All", exact=True).click()
        page.get_by_placeholder("Find by plate or number").fill("85 x")

        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("expected 14:40")

    def test_follows_the_barrier_and_the_devices(self, visit, queue):
        """
        A barrier that opens is seen opening; a silent camera stands first among the devices.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        expect(page.locator(".device").first).to_contain_text("out of order")
        expect(page.locator(".barrier").first).to_contain_text("closed")

        for device in queue.live["devices"]:
            if device["device"] == "barrier-entry-1":
                device["state"] = "opening"

        expect(page.locator(".barrier").first).to_contain_text("opening", timeout=4_000)

    def test_tells_a_gate_that_is_cut_off_and_a_server_that_is_silent(self, visit, queue):
        """
        Both are said plainly: the one in the head, the other after ten seconds without an answer.
        """
        queue.live["gateway"]["connected"] = False
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        expect(page.get_by_text("Gate cut off, decides alone")).to_be_visible()

        queue.silent = True

        expect(page.get_by_text("The picture is out of date")).to_be_visible(timeout=15_000)


@pytest.mark.rule("D26")
class TestBarrierDialog:
    def test_opens_for_a_match_with_the_booking_named(self, visit, queue, complaints):
        """
        The booking likest the plate just read is offered first; ground, booking and reason are asked, then a confirmation; one order leaves.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        page.get_by_role("button", name="Open the barrier: Entry 1").click()
        dialog = page.get_by_role("dialog")
        assert "KZ 123 ABC 02" in dialog.locator("option").nth(1).inner_text()
        dialog.locator("select").select_option(index=1)
        dialog.locator("textarea").fill("Plate checked by eye")
        dialog.get_by_role("button", name="Continue").click()
        assert [] == queue.orders
        expect(dialog).to_contain_text("Open the barrier “Entry 1” now?")

        dialog.get_by_role("button", name="Yes, give the command").click()

        expect(page.get_by_text("The command was sent to “Entry 1”")).to_be_visible()
        expect(dialog).to_have_count(0)
        order = queue.orders[0]
        assert len(queue.orders) == 1
        assert order.pop("idempotency_key")
        assert order == {
            "lane": "entry-1",
            "command": "open",
            "ground": "match_confirmed",
            "booking": "b-07",
            "reason": "Plate checked by eye",
        }
        assert [] == complaints

    def test_does_not_go_on_without_booking_or_reason(self, visit, queue):
        """
        A match needs its booking, every command its reason; closing the dialog sends nothing.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        page.get_by_role("button", name="Open the barrier: Entry 1").click()
        dialog = page.get_by_role("dialog")
        go_on = dialog.get_by_role("button", name="Continue")
        expect(go_on).to_be_disabled()

        dialog.locator("textarea").fill("Seen")
        go_on.click()
        expect(go_on).to_be_visible()
        page.keyboard.press("Escape")

        expect(dialog).to_have_count(0)
        assert [] == queue.orders

    def test_opens_for_an_emergency_without_a_booking(self, visit, queue):
        """
        No booking is asked for, none is sent.
        """
        page = sign_in(visit("/officer/nur-zholy?lang=en"))
        page.get_by_role("button", name="Open the barrier: Exit 1").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Emergency").check()
        expect(dialog.locator("select")).to_have_count(0)
        dialog.locator("textarea").fill("Fire engine")
        dialog.get_by_role("button", name="Continue").click()
        dialog.get_by_role("button", name="Yes, give the command").click()

        expect(dialog).to_have_count(0)
        assert ("exit-1", "emergency", False) == (queue.orders[0]["lane"], queue.orders[0]["ground"], "booking" in queue.orders[0])

    def test_says_why_a_command_was_refused_and_lets_it_be_given_again(self, visit, queue):
        """
        A refusal is told in the officer's language; the retry is the same order with the same key.
        """
        queue.refuse_orders = True
        page = sign_in(visit("/officer/nur-zholy?lang=ru"))
        page.get_by_role("button", name="Закрыть шлагбаум: Въезд 1").click()
        dialog = page.get_by_role("dialog")
        dialog.locator("textarea").fill("Проверка")
        dialog.get_by_role("button", name="Далее").click()
        dialog.get_by_role("button", name="Да, дать команду").click()
        expect(dialog.get_by_role("alert")).to_contain_text("Шлагбаум занят. Подождите, пока он закроется.")

        queue.refuse_orders = False
        dialog.get_by_role("button", name="Да, дать команду").click()

        expect(dialog).to_have_count(0)
        assert [("close", "service_vehicle")] == [(order["command"], order["ground"]) for order in queue.orders]
