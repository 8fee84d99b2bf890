import secrets
from dataclasses import replace

import pytest

from chalicelib import wiring
from chalicelib.usecases.ports import PersonalDataUnavailableError
from chalicelib.wiring import tasks
from tests.api.test_vehicle_lists import form
from tests.fakes.bank_files import Move, camt053, client_bank

STATEMENTS, LINES = "/v1/finance/statements", "/v1/finance/bank-lines"
BODY = {"amount": {"amount": 700_000, "currency": "KZT"}, "method": "bank_transfer"}


@pytest.fixture
def finance(house):
    """
    A clerk of finance: his bearer header.
    """
    return house.staff("finance")


def file_of(*moves, write=client_bank, **more):
    """
    Write a statement of today.
    """
    now = wiring.clock().now()
    day = wiring.rules_on(now).today(now)
    return write(*(replace(move, day=day) for move in moves), first=day, last=day, **more)


def hand_in(house, clerk, raw, *, kind="application/octet-stream", **more):
    """
    Upload a statement as the body itself.
    """
    headers = {**clerk, "Content-Type": kind, "Idempotency-Key": secrets.token_hex(8), **more}
    return house.client.send("POST", STATEMENTS, raw=raw, headers=headers)


def swept():
    """
    Sweep the outbox until nothing is posted any more.
    """
    while tasks.deliver_outbox()().delivered:
        pass


def a_move(amount, purpose, **changes):
    """
    A movement that no other test's file tells of.
    """
    return Move(amount, purpose, number=secrets.token_hex(6), other=f"KZ66{secrets.randbelow(10**16):016d}", **changes)


@pytest.mark.rule("23")
class TestStatements:
    def test_bring_a_transfer_to_its_users_wallet(self, house, finance):
        """
        Invoice, transfer, statement: the user finds his money, his invoice paid, an entry; finance sees the row and its line.
        """
        user = house.user()
        invoice = house.post("/v1/me/wallet/top-ups", user, BODY).json

        taken = hand_in(house, finance, file_of(a_move(650_000, invoice["purpose"])))
        swept()

        assert (201, 1) == (taken.status, taken.json["items"][0]["lines"])
        assert 650_000 == house.get("/v1/me/wallet", user).json["available"]["amount"]
        shown = house.get(f"/v1/me/invoices/{invoice['reference']}", user).json
        assert ("part_paid", 650_000) == (shown["status"], shown["received"]["amount"])
        (entry,) = house.get("/v1/me/wallet/entries", user).json["items"]
        assert ("bank_transfer", invoice["reference"]) == (entry["kind"], entry["reference"])
        detail = house.get(f"{STATEMENTS}/{taken.json['items'][0]['id']}", finance).json
        (row,) = detail["rows"]["items"]
        assert ("posted", 1, False, "credited") == (detail["status"], row["row"], row["known"], row["state"])
        assert invoice["reference"] == house.get(f"{LINES}/{row['line']}", finance).json["of"]

    def test_are_taken_once_in_a_form_too(self, house, finance):
        """
        The same file as the body and as a form: 201, then 200 with the same statement; it is in the list once.
        """
        raw = file_of(a_move(100, "x"), write=camt053)
        first = hand_in(house, finance, raw, kind="application/xml")
        again = hand_in(house, finance, form(b"b", file=raw), kind="multipart/form-data; boundary=b")

        assert (201, 200) == (first.status, again.status)
        assert first.json["items"][0]["id"] == again.json["items"][0]["id"]
        listed = [item["id"] for item in house.get(f"{STATEMENTS}?limit=100", finance).json["items"]]
        assert 1 == listed.count(first.json["items"][0]["id"])

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_that_are_wrong_are_told_row_by_row(self, house, finance, language):
        """
        422 with every fault by its row, in the caller's language; nothing is taken.
        """
        raw = file_of(a_move(100, "x"), a_move(200, "y")).replace(b"=1.00", b"=1.001").replace(b"=2.00", b"=0")

        answer = hand_in(house, finance, raw, **{"Accept-Language": language})

        assert (422, "INVALID_FIELDS") == (answer.status, answer.code)
        assert ["file.1", "file.2"] == [error["field"] for error in answer.json["errors"]]
        assert 1 == len({error["message"] for error in answer.json["errors"]})

    def test_that_do_not_add_up_say_by_how_much(self, house, finance):
        """
        The three figures are named; another account is named; a form without a file is none.
        """
        sums = hand_in(house, finance, file_of(a_move(100, "x"), opening=5, closing=6), **{"Accept-Language": "en"})
        foreign = hand_in(house, finance, file_of(a_move(100, "x"), iik="KZ86125KZT5004100100"))
        nothing = hand_in(house, finance, form(b"b", other=b"x"), kind="multipart/form-data; boundary=b")

        assert [422] * 3 == [answer.status for answer in (sums, foreign, nothing)]
        assert all(figure in sums.json["errors"][0]["message"] for figure in ("0.05", "1.00", "0.06"))
        assert "KZ86125KZT5004100100" in foreign.json["errors"][0]["message"]
        assert 415 == hand_in(house, finance, b"x", kind="image/png").status


@pytest.mark.rule("23")
class TestBankLines:
    def waiting(self, house, finance):
        """
        Bring a line that waits: its id.
        """
        statement = hand_in(house, finance, file_of(a_move(300_000, "За Иванова"))).json["items"][0]["id"]
        swept()
        return house.get(f"{STATEMENTS}/{statement}", finance).json["rows"]["items"][0]["line"]

    def test_wait_with_what_the_payer_wrote_and_are_matched(self, house, finance):
        """
        The queue shows cause, age, payer and purpose; matched to a user it is his, and a second clerk is told so.
        """
        user, line = house.user(), self.waiting(house, finance)
        shown = next(item for item in house.get(f"{LINES}?limit=100", finance).json["items"] if item["id"] == line)
        account = house.get("/v1/me", user).json["id"]

        done = house.post(f"{LINES}/{line}/match", finance, {"account": account, "reason": "called us"})
        again = house.post(f"{LINES}/{line}/return", house.staff("finance"), {"reason": "x"})

        assert ("no_reference", "За Иванова", "ТОО «Жол-Транс»") == (shown["cause"], shown["purpose"], shown["payer"])
        assert shown["age_days"] >= 0
        assert (200, "credited", account, "called us") == (done.status, *(done.json[name] for name in ("state", "account", "reason")))
        assert 300_000 == house.get("/v1/me/wallet", user).json["available"]["amount"]
        assert (409, "LINE_DECIDED") == (again.status, again.code)

    def test_are_returned_and_listed_until_they_leave(self, house, finance):
        """
        What goes back is in a list of its own, with who said so.
        """
        line = self.waiting(house, finance)

        done = house.post(f"{LINES}/{line}/return", finance, {"reason": "by mistake"})

        assert (200, "returned") == (done.status, done.json["state"])
        assert line in [item["id"] for item in house.get(f"{LINES}?state=returned&limit=100", finance).json["items"]]

    def test_are_explained_as_what_they_are(self, house, finance):
        """
        The registrar's own money; what needs a name is asked for it; what is not there is unknown.
        """
        line = self.waiting(house, finance)

        assert 422 == house.post(f"{LINES}/{line}/explain", finance, {"state": "payout", "reason": "x"}).status
        assert 404 == house.post(f"{LINES}/{line}/explain", finance, {"state": "payout", "of": "po_none12", "reason": "x"}).status
        assert 422 == house.post(f"{LINES}/{line}/match", finance, {"reason": "x"}).status
        assert "own" == house.post(f"{LINES}/{line}/explain", finance, {"state": "own", "reason": "advance"}).json["state"]

    def test_are_shown_without_people_when_their_store_is_away(self, house, finance, monkeypatch):
        """
        The queue works on; who is on the other side is unavailable and said to be.
        """
        line = self.waiting(house, finance)

        def away(*_, **__):
            raise PersonalDataUnavailableError

        monkeypatch.setattr(type(wiring.people()), "get_many", away)
        shown = house.get(f"{LINES}/{line}", finance).json

        assert "unavailable" == shown["personal_data"]
        assert "payer" not in shown


@pytest.mark.rule("D30")
class TestReconciliation:
    def test_lists_what_lies_between_the_books(self, house, finance):
        """
        A line that waits is listed with its cause, its sum and its age; the figures are sums of money.
        """
        statement = hand_in(house, finance, file_of(a_move(12_345, "x"))).json["items"][0]["id"]
        swept()
        line = house.get(f"{STATEMENTS}/{statement}", finance).json["rows"]["items"][0]["line"]

        shown = house.get("/v1/finance/bank-reconciliation", finance).json

        assert {"opening", "closing", "ledger", "difference", "as_of"} <= set(shown)
        (found,) = [each for each in shown["differences"] if each.get("of") == line]
        assert ("unmatched_line", 12_345, 0) == (found["cause"], found["amount"]["amount"], found["age_days"])
