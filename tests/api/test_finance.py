import csv
import hashlib
import io
import json

import pytest

from chalicelib import wiring
from chalicelib.wiring import settlements
from tests.api.forms import HERE
from tests.api.house import built

MCI = 432_500
KINDS = ("csv", "xlsx", "pain001", "1c", "manifest")


@pytest.fixture(scope="module")
def settled(engine, tmp_path_factory):
    """
    A day with a paid booking, settled, in a house of its own (no other test's money funds it): the house, finance's bearer, the day.
    """
    with built(engine, tmp_path_factory.mktemp("finance")) as house:
        finance = house.staff("finance")
        house.confirmed(house.user())
        day = wiring.rules_on(wiring.clock().now()).today(wiring.clock().now())
        house.advance(days=1, minutes=30)
        wiring.settle_days()()
        yield house, finance, day


def path_of(link):
    """
    Give a link's path.
    """
    return link["url"].removeprefix("https://queue.test")


@pytest.mark.rule("24", "D29")
class TestSettlements:
    def test_show_due_funded_and_shortfall(self, settled):
        """
        The day's fees are due; as long as nothing was paid out to the bank all of it is a shortfall.
        """
        house, finance, day = settled
        shown = house.get(f"/v1/finance/settlements/{day}", finance).json

        assert shown["due"]["amount"] % MCI == 0 < shown["due"]["amount"]
        assert shown["due"]["amount"] == sum(row["fees"]["amount"] for row in shown["rows"])
        assert (0, shown["due"]) == (shown["funded"]["amount"], shown["shortfall"])
        assert {(HERE, "19")} == {(row["checkpoint"], row["region"]) for row in shown["rows"]}
        assert str(day) in [item["id"] for item in house.get("/v1/finance/settlements", finance).json["items"]]

    def test_give_their_files_through_links_and_say_who_took_them(self, settled):
        """
        Every kind by a link that needs no sign-in, byte for byte what its digest says; the list names finance's account for each.
        """
        house, finance, day = settled
        account = house.get("/v1/me", finance).json["id"]
        taken = {}
        for kind in KINDS:
            link = house.get(f"/v1/finance/settlements/{day}/files/{kind}", finance).json
            file = house.client.send("GET", path_of(link))
            assert (200, link["sha256"]) == (file.status, hashlib.sha256(file.body).hexdigest())
            assert f'attachment; filename="{link["name"]}"' == file.headers["content-disposition"]
            assert "private, no-store" == file.headers["cache-control"]
            taken[kind] = file.body

        rows = list(csv.DictReader(io.StringIO(taken["csv"].decode("utf-8-sig"), newline="")))
        assert (str(day), HERE, "general") == (rows[0]["day"], rows[0]["checkpoint"], rows[0]["class"])
        manifest = {each["kind"]: each["sha256"] for each in json.loads(taken["manifest"])["files"]}
        assert {kind: hashlib.sha256(taken[kind]).hexdigest() for kind in KINDS if kind != "manifest"} == manifest
        listed = house.get(f"/v1/finance/settlements/{day}/downloads", finance).json["items"]
        assert [(account, kind) for kind in reversed(KINDS)] == [(each["account"], each["kind"]) for each in listed][:5]
        assert all(len(taken[each["kind"]]) == each["size"] for each in listed[:5])

    def test_give_no_file_without_bank_details(self, settled, monkeypatch):
        """
        409 with the regions that lack them, for every kind; figures are shown all the same.
        """
        house, finance, _ = settled
        day = wiring.store().ledger.settlements(limit=1, cursor=None).items[0].day
        monkeypatch.setattr(settlements.hand_out_files().__class__, "requisites", lambda _: None, raising=False)
        monkeypatch.setattr(wiring.store().remittances.__class__, "export", lambda *_: None)

        for kind in KINDS:
            answer = house.get(f"/v1/finance/settlements/{day}/files/{kind}", finance)
            assert (409, "REMITTANCE_NOT_CONFIGURED") == (answer.status, answer.code)
        assert 200 == house.get(f"/v1/finance/settlements/{day}", finance).status

    def test_know_no_other_links(self, settled):
        """
        A changed link, an access token in its place, an unknown day or kind: 404.
        """
        house, finance, day = settled
        link = path_of(house.get(f"/v1/finance/settlements/{day}/files/csv", finance).json)
        access = finance["Authorization"].removeprefix("Bearer ")

        for path in (f"{link[:-2]}AA", f"/v1/finance/files/{access}", "/v1/finance/files/x"):
            assert 404 == house.client.send("GET", path).status
        for path in (f"{day}/files/pdf", "2031-01-01/files/csv", "2031-13-01/files/csv", "2031-01-01", "2031-01-01/downloads"):
            assert 404 == house.get(f"/v1/finance/settlements/{path}", finance).status


@pytest.mark.rule("D30")
class TestTrialBalance:
    def test_is_zero_in_all_and_goes_on_from_the_day_before(self, settled):
        """
        Of a closed day and of today: opening and movement make the closing, which the next day opens with.
        """
        house, finance, day = settled
        closed = house.get(f"/v1/finance/trial-balance?date={day}", finance).json
        today = house.get("/v1/finance/trial-balance", finance).json

        for shown in (closed, today):
            assert 0 == shown["total"]["amount"] == sum(each["closing"]["amount"] for each in shown["accounts"])
            assert all(each["opening"]["amount"] + each["moved"]["amount"] == each["closing"]["amount"] for each in shown["accounts"])
        assert [each["closing"] for each in closed["accounts"]] == [each["opening"] for each in today["accounts"]]
        revenue = {each["account"]: each["closing"]["amount"] for each in closed["accounts"]}["fee_revenue"]
        due = house.get(f"/v1/finance/settlements/{day}", finance).json["due"]["amount"]
        moved = {each["account"]: each["moved"]["amount"] for each in today["accounts"]}
        assert (due, -due) == (revenue, moved["fee_revenue"])
        assert due == moved["budget_paid"]

    def test_is_not_of_a_day_to_come(self, settled):
        """
        Tomorrow's is not known.
        """
        house, finance, _ = settled

        assert 404 == house.get("/v1/finance/trial-balance?date=2199-01-01", finance).status
        assert 422 == house.get("/v1/finance/trial-balance?date=x", finance).status
