"""
A registrar's days at the bank, through the API and the morning's step: an invoice is paid, the books agree; what nobody explains is listed with its age.
"""

import pytest

from functions.reconcile_bank.handler import handler
from tests.api.house import built
from tests.api.test_bank import BODY, LINES, STATEMENTS, a_move, file_of, hand_in, swept

BOOKS, DIFFERENCES = "/v1/finance/bank-reconciliation", "/v1/finance/reconciliation"


@pytest.fixture(scope="module")
def house(engine, tmp_path_factory):
    """
    A house of its own: no other test's statements lie at its bank.
    """
    with built(engine, tmp_path_factory.mktemp("bank-days")) as made:
        yield made


@pytest.mark.rule("23", "D30")
class TestDays:
    def test_end_with_books_that_agree_or_say_where_they_do_not(self, house):
        """
        The wallet is credited and nothing differs, that day and eight days on; then a line of nobody is found, ages, and clears when it is explained.
        """
        user, finance = house.user(), house.staff("finance")
        invoice = house.post("/v1/me/wallet/top-ups", user, BODY).json
        assert 201 == hand_in(house, finance, file_of(a_move(700_000, invoice["purpose"]), opening=55)).status
        swept()

        books = house.get(BOOKS, finance).json
        assert 700_000 == house.get("/v1/me/wallet", user).json["available"]["amount"]
        assert (55, 700_055, 700_000, 0) == tuple(books[name]["amount"] for name in ("opening", "closing", "ledger", "difference"))
        assert [] == books["differences"]
        house.advance(days=8)
        assert {"found": 0, "cleared": 0, "standing": 0, "changed": 0} == handler({}, None)
        assert [] == house.get(DIFFERENCES, finance).json["items"]

        statement = hand_in(house, finance, file_of(a_move(12_345, "x"), opening=700_055)).json["items"][0]["id"]
        swept()
        line = house.get(f"{STATEMENTS}/{statement}", finance).json["rows"]["items"][0]["line"]
        assert 0 == handler({}, None)["standing"]
        house.advance(days=20)
        assert {"found": 1, "cleared": 0, "standing": 1, "changed": 1} == handler({}, None)
        (found,) = house.get(DIFFERENCES, finance).json["items"]
        assert ("bank", "unmatched_line", "unknown_here", line) == tuple(found[name] for name in ("side", "kind", "cause", "subject"))
        assert (12_345, 20) == (found["theirs"]["amount"], found["age_days"])
        assert "ours" not in found

        assert 200 == house.post(f"{LINES}/{line}/explain", finance, {"state": "own", "reason": "advance"}).status
        assert {"found": 0, "cleared": 1, "standing": 0, "changed": 1} == handler({}, None)
        assert [] == house.get(DIFFERENCES, finance).json["items"]
        assert [found["id"]] == [each["id"] for each in house.get(f"{DIFFERENCES}?cleared=true", finance).json["items"]]
