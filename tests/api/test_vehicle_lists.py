import io
import secrets
from datetime import timedelta

import openpyxl
import pytest

from chalicelib import wiring
from chalicelib.api.middleware import XLSX
from chalicelib.gateways.list_files.writing import write_xlsx
from tests.api.forms import ELSEWHERE, HERE, application

LISTS = "/v1/officer/vehicle-lists"
HEADING = "госномер;страна регистрации;VIN-код;дата бронирования;примечание"


def days(house):
    """
    Today, and a day that a list of today may book.
    """
    now = wiring.clock().now()
    today = wiring.rules_on(now).today(now)
    return today, today + timedelta(days=12)


def sent(house, officer, raw, *, kind="text/csv", key=None, **changes):
    """
    Upload a file as the body itself.
    """
    today, _ = days(house)
    fields = {"checkpoint": HERE, "class": "priority_post", "sender": "Kazpost", "received_on": today, **changes}
    path = f"{LISTS}?" + "&".join(f"{name}={value}" for name, value in fields.items() if value is not None)
    headers = {**officer, "Content-Type": kind, "Idempotency-Key": key or secrets.token_hex(8)}
    return house.client.send("POST", path, raw=raw, headers=headers)


def csv_of(*rows):
    """
    Spell a list.
    """
    return "\r\n".join((HEADING, *(";".join(map(str, row)) for row in rows))).encode()


def form(boundary, **parts):
    """
    Spell a form.
    """
    pieces = [
        b'--%b\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
        % (boundary, name.encode(), b'; filename="a.csv"' if name == "file" else b"", value)
        for name, value in parts.items()
    ]
    return b"".join(pieces) + b"--%b--\r\n" % boundary


@pytest.mark.rule("6.1", "6.3")
class TestVehicleList:
    def test_goes_from_the_clerk_to_a_booked_place(self, house):
        """
        Uploaded, approved by a second officer, its vehicle applies in its class; nobody else's does.
        """
        first, second, user = house.staff("officer", HERE), house.staff("officer", HERE), house.user()
        _, day = days(house)
        vehicle = {"country": "KZ", "plate": "818 KZP 01", "vin": "WDB9634031L818818", "category": "truck", "body": "box"}
        made = sent(house, first, csv_of(("818-kzp-01", "KZ", "WDB9634031L818818", day.strftime("%d.%m.%Y"), "почта")))
        path = f"{LISTS}/{made.json['id']}"

        assert (201, "submitted", 1, 0) == (made.status, made.json["status"], made.json["rows"], made.json["errors"])
        asked = {"class": "priority_post", "vehicle": vehicle, "cargo": {"kind": "post", "hs_codes": []}}
        refused = house.post("/v1/bookings", user, {**application(), **asked}, **{"Accept-Language": "ru"})
        assert ("LIST_REQUIRED", "§6") == (refused.code, refused.json["rule"])
        assert "10 календарных дней" in refused.json["detail"]
        assert "ANOTHER_OFFICER_REQUIRED" == house.post(f"{path}/approve", first).code
        assert "approved" == house.post(f"{path}/approve", second).json["status"]
        while wiring.deliver_outbox()().delivered:
            pass
        booking = house.applied(user, **asked)
        held = house.post(f"/v1/bookings/{booking}/place", user, {"slot_start": "first_free"})
        assert (200, str(day)) == (held.status, held.json["slot"]["start"][:10]), held.json
        assert "LIST_NOT_SUBMITTED" == house.post(f"{path}/reject", second, {"reason": "поздно"}).code

    def test_with_faults_is_handed_back_row_by_row(self, house):
        """
        Each fault names row and column in the caller's language and what to do; the report as CSV and XLSX carries them beside the rows.
        """
        officer = house.staff("officer", HERE)
        today, day = days(house)
        rows = [("818 KZP 02", "KZ", "", day, ""), ("=1+1", "KZ", "", day, ""), ("818 KZP 03", "KZ", "", today, "=HYPERLINK(1)")]
        made = sent(house, officer, csv_of(*rows), kind="application/octet-stream", sender="x", **{"class": "priority_state"})
        path = f"{LISTS}/{made.json['id']}"
        seen = {lang: house.get(path, officer, **{"Accept-Language": lang}).json["report"]["items"] for lang in ("kk", "ru", "en")}

        assert ("rejected", 3) == (made.json["status"], made.json["errors"])
        assert [(3, "plate", "formula"), (4, "note", "formula"), (4, "date", "date_too_soon")] == [
            (item["row"], item["column"], item["code"]) for item in seen["en"]
        ]
        assert seen["ru"][0]["message"].startswith("строка 3, госномер: в ячейке формула")
        assert seen["kk"][0]["message"].startswith("3-жол, мемлекеттік нөмір:")
        first, more = house.get(f"{path}?limit=2", officer).json, house.get(f"{path}?limit=2&cursor=from-2", officer).json
        assert [2, 1] == [len(page["report"]["items"]) for page in (first, more)]
        text = house.get(f"{path}/report/csv", officer).body.decode("utf-8-sig").splitlines()
        assert (True, True) == (text[2].startswith("3;'=1+1;KZ;"), "строка 4, дата бронирования" in text[3])
        book = openpyxl.load_workbook(io.BytesIO(house.get(f"{path}/report/xlsx", officer, Accept=XLSX).body))
        assert ["3", "=1+1"] == [cell.value for cell in book.active[3]][:2]
        assert {"s", "inlineStr"} >= {cell.data_type for cell in book.active[3] if cell.value is not None} - {"n"}
        assert [made.json["id"]] == [
            item["id"] for item in house.get(f"{LISTS}?checkpoint={HERE}&status=rejected&limit=1", officer).json["items"]
        ]

    def test_comes_as_a_form_too_and_in_the_templates_shape(self, house):
        """
        The template's own headings, filled in, make a clean list; fields come as parts beside the file.
        """
        officer = house.staff("officer", HERE)
        today, day = days(house)
        template = house.get(f"{LISTS}/template.xlsx", officer, **{"Accept-Language": "kk", "Accept": XLSX})
        sheet = openpyxl.load_workbook(io.BytesIO(template.body)).worksheets[0]
        content = write_xlsx(("Тізім", [cell.value for cell in sheet[1]], [("818 KZP 04", "Қазақстан", "", str(day), "")]))
        fields = {"checkpoint": HERE, "class": "priority_state", "sender": "ТЖМ", "received_on": str(today)}
        body = form(b"xx--yy", **{name: value.encode() for name, value in fields.items()}, file=content)
        headers = {**officer, "Content-Type": "multipart/form-data; boundary=xx--yy", "Idempotency-Key": "form"}
        made = house.client.send("POST", LISTS, raw=body, headers=headers)

        assert (201, "submitted", "ТЖМ") == (made.status, made.json.get("status"), made.json.get("sender")), made.json
        assert made.json == house.client.send("POST", LISTS, raw=body, headers=headers).json
        assert (
            "IDEMPOTENCY_KEY_REUSED"
            == house.client.send("POST", LISTS, raw=body.replace("ТЖМ".encode(), "ІІМ".encode()), headers=headers).code
        )

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"checkpoint": None}, "checkpoint"),
            ({"class": "general"}, "class"),
            ({"class": "priority_goods"}, "class"),
            ({"received_on": "2199-01-01"}, "received_on"),
            ({"sender": ""}, "sender"),
            ({"sender_bin": "12"}, "sender_bin"),
            ({"raw": b""}, "file"),
            ({"raw": b"PK\x03\x04junk"}, "file"),
            ({"kind": "multipart/form-data; boundary=b", "raw": form(b"b", x=b"1")}, "file"),
            ({"kind": "multipart/form-data", "raw": b"--b"}, "body"),
        ],
    )
    def test_is_refused_by_the_field_that_is_wrong(self, house, changes, field):
        """
        What is wrong with the upload itself is a 422 that names the field; nothing is kept.
        """
        officer = house.staff("officer", HERE)
        before = house.get(f"{LISTS}?checkpoint={HERE}&limit=100", officer).json
        answer = sent(house, officer, changes.pop("raw", csv_of()), **changes)

        assert (422, [field]) == (answer.status, answer.fields), answer.json
        assert before == house.get(f"{LISTS}?checkpoint={HERE}&limit=100", officer).json

    def test_of_another_checkpoint_too_large_or_of_another_kind_is_refused(self, house):
        """
        403, 404, 413, 415, each before the file is read.
        """
        officer = house.staff("officer", HERE)

        assert "NOT_YOUR_CHECKPOINT" == sent(house, officer, b"x", checkpoint=ELSEWHERE).code
        assert "NOT_FOUND" == sent(house, officer, b"x", checkpoint="nowhere").code
        assert "BODY_TOO_LARGE" == sent(house, officer, b"x" * (4 * 1024 * 1024 + 1)).code
        assert "UNSUPPORTED_MEDIA_TYPE" == sent(house, officer, b"x", kind="application/pdf").code
