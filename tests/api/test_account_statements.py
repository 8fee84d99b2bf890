"""
My account statement over HTTP: figures, pages, paper and table.
"""

import csv
import io
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.api import account_statements

MCI = 432_500


@pytest.fixture
def period():
    """
    A month around today.
    """
    today = wiring.rules_on(wiring.clock().now()).today(wiring.clock().now())
    return f"?from={today - timedelta(days=20)}&to={today + timedelta(days=9)}"


@pytest.mark.rule("23", "28")
class TestStatement:
    def test_is_the_ledgers_own(self, house, period):
        """
        A card paid, the fee went, the deposit is held: opening, turnover, closing and the wallet itself agree; another has nothing.
        """
        user = house.user()
        booking = house.confirmed(user)
        made = house.get(f"/v1/me/wallet/statement{period}", user).json

        assert (0, 21 * MCI, MCI, 20 * MCI) == (
            *(made[name]["balance"]["amount"] for name in ("opening",)),
            *(made[name]["amount"] for name in ("came_in", "went_out")),
            made["closing"]["balance"]["amount"],
        )
        wallet = house.get("/v1/me/wallet", user).json
        assert wallet == {name: made["closing"][name] for name in wallet}
        number = house.get(f"/v1/bookings/{booking}", user).json["number"]
        assert [(number, 20 * MCI)] == [(held["number"], held["amount"]["amount"]) for held in made["held"]]
        assert [("card_payment", number), ("booking_fee", number)] == [(item["kind"], item["number"]) for item in made["items"]]
        assert made["items"][-1]["after"] == made["closing"]
        other = house.get(f"/v1/me/wallet/statement{period}", house.user()).json
        assert ([], 0, 0) == (other["items"], other["count"], other["closing"]["balance"]["amount"])

    def test_is_read_page_by_page(self, house, period):
        """
        Pages together are the whole; each says the period's figures.
        """
        user = house.user()
        house.confirmed(user)
        whole = house.get(f"/v1/me/wallet/statement{period}", user).json
        first = house.get(f"/v1/me/wallet/statement{period}&limit=1", user).json
        second = house.get(f"/v1/me/wallet/statement{period}&limit=1&cursor={first['next_cursor']}", user).json

        assert whole["items"] == first["items"] + second["items"]
        assert whole["closing"] == first["closing"] == second["closing"]
        assert second["next_cursor"] is None
        assert ["cursor"] == house.get(f"/v1/me/wallet/statement{period}&cursor=x", user).fields

    @pytest.mark.parametrize(("language", "word"), [("kk", "Соңғы қалдық"), ("ru", "Исходящий остаток"), ("en", "Closing balance")])
    def test_is_handed_out_as_paper_and_as_a_table(self, house, period, language, word):
        """
        In the caller's language; the table's figures are the same.
        """
        user = house.user()
        house.confirmed(user)
        paper = house.get(f"/v1/me/wallet/statement.pdf{period}", user, **{"Accept-Language": language})
        table = house.get(f"/v1/me/wallet/statement.csv{period}", user, **{"Accept-Language": language})

        assert ("application/pdf", b"%PDF-") == (paper.headers["content-type"], paper.body[:5])
        closing = list(csv.reader(io.StringIO(table.body.decode("utf-8-sig"), newline="")))[-1]
        assert (word, "86500.00") == (closing[1], closing[9])
        assert ".csv" in table.headers["content-disposition"]

    def test_refuses_a_period_that_is_none(self, house):
        """
        Reversed, longer than a leap year, or not said.
        """
        user = house.user()
        for query in ("?from=2026-11-02&to=2026-11-01", "?from=2025-11-01&to=2026-11-02", "?from=2026-11-01", ""):
            for path in ("", ".pdf", ".csv"):
                assert 422 == house.get(f"/v1/me/wallet/statement{path}{query}", user).status
        assert 200 == house.get("/v1/me/wallet/statement?from=2028-01-01&to=2028-12-31", user).status

    def test_that_is_too_long_for_a_file_is_read_by_pages(self, house, period, monkeypatch):
        """
        A file of too many movements is refused with their number; the pages have them all.
        """
        user = house.user()
        house.confirmed(user)
        monkeypatch.setattr(account_statements, "PRINTED", 1)

        refused = house.get(f"/v1/me/wallet/statement.pdf{period}", user)

        assert (409, "STATEMENT_TOO_LONG") == (refused.status, refused.code)
        assert 2 == house.get(f"/v1/me/wallet/statement{period}", user).json["count"]
