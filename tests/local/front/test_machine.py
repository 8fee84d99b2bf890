import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.local.front.conftest import part

DECISION = {
    "readings": [{"text": "123ABC02", "country": "KZ", "confidence": 0.98}],
    "decision": {"action": "open", "reason": "MATCH", "booking_number": "NZH-261203-14-07", "by": "gateway"},
}
READING = {"text": "123ABC02", "country": "KZ", "confidence": 0.9}
ENTRY = "/local/checkpoints/nur-zholy/lanes/entry-1"


class TestInfo:
    def test_shows_what_the_supervisor_announced(self, http, announce, state):
        """
        Addresses, staff and processes come from the runtime file; business time from the clock's.
        """
        (state / "clock.json").write_text(json.dumps({"offset_seconds": 86400}))
        announce(
            api="http://127.0.0.1:1",
            staff=[{"role": "officer", "phone": "+77010000001"}],
            processes=[{"name": "api", "pid": 1}],
            runner="x",
        )

        info = http.get("/local/info").json()

        assert ("http://127.0.0.1:1", 1) == (info["api"], info["processes"][0]["pid"])
        assert "runner" not in info
        ahead = datetime.fromisoformat(info["clock"]["now"]) - datetime.now(UTC)
        assert timedelta(hours=23) < ahead < timedelta(hours=25)
        assert info["clock"]["now"].endswith("+05:00")

    def test_follows_the_file(self, http, announce):
        """
        A process that is back under another id is shown under it at once.
        """
        announce(processes=[{"name": "api", "pid": 1}])
        assert 1 == http.get("/local/info").json()["processes"][0]["pid"]
        announce(processes=[{"name": "api", "pid": 22}])
        assert 22 == http.get("/local/info").json()["processes"][0]["pid"]


class TestFrame:
    def test_goes_to_the_lanes_gateway(self, http, announce):
        """
        The picture's bytes reach the gateway's host as they are; its decision is the answer.
        """
        with part(lambda *asked: (200, DECISION)) as (control, seen):
            announce(gateways={"nur-zholy": control})
            answer = http.post(f"{ENTRY}/frame", content=b"\xff\xd8picture", headers={"Content-Type": "image/jpeg"})

        assert (200, DECISION) == (answer.status_code, answer.json())
        assert [("POST", "/lanes/entry-1/frame", b"\xff\xd8picture")] == seen

    def test_starts_the_gateway_of_a_checkpoint_that_has_none(self, http, announce):
        """
        The runner is asked once for a gateway; then the picture goes to it.
        """
        with part(lambda *asked: (200, DECISION)) as (control, seen), part(lambda *asked: (200, {"control": control})) as (runner, asked):
            announce(runner=runner, gateways={})
            assert 200 == http.post("/local/checkpoints/dostyk/lanes/entry-1/frame", content=b"x").status_code

        assert ["/gateways/dostyk"] == [path for _, path, _ in asked]
        assert ["/lanes/entry-1/frame"] == [path for _, path, _ in seen]

    def test_is_refused_where_there_is_no_such_lane(self, http, announce):
        """
        Unknown checkpoints and lanes are 404, an empty body is 422, too large a one 413, no running part 503.
        """
        announce(gateways={})
        refused = {
            "/local/checkpoints/nowhere/lanes/entry-1/frame": (b"x", 404),
            "/local/checkpoints/nur-zholy/lanes/entry-9/frame": (b"x", 404),
            f"{ENTRY}/frame": (b"", 422),
        }
        for path, (body, status) in refused.items():
            assert status == http.post(path, content=body).status_code, path
        assert 413 == http.post(f"{ENTRY}/frame", content=b"x" * (10 * 1024 * 1024 + 1)).status_code
        assert (503, True) == ((answer := http.post(f"{ENTRY}/frame", content=b"x")).status_code, "retry-after" in answer.headers)


class TestReading:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"text": ""}, "text"),
            ({"text": "---"}, "text"),
            ({"country": "kz"}, "country"),
            ({"confidence": 1.1}, "confidence"),
            ({"confidence": "1"}, "confidence"),
            ({"char_confidences": [0.5]}, "char_confidences"),
            ({"by": "gateway"}, "by"),
        ],
    )
    def test_is_validated(self, http, changes, field):
        """
        A reading that no reader would give is refused by its field.
        """
        answer = http.post(f"{ENTRY}/reading", json={**READING, **changes})

        assert (422, field) == (answer.status_code, answer.json()["errors"][0]["field"])

    def test_goes_to_the_lanes_gateway(self, http, announce):
        """
        As given, absent fields left out.
        """
        with part(lambda *asked: (200, DECISION)) as (control, seen):
            announce(gateways={"nur-zholy": control})
            assert 200 == http.post(f"{ENTRY}/reading", json=READING).status_code

        assert READING == json.loads(seen[0][2])


class TestNetwork:
    def test_is_cut_and_mended(self, http, announce):
        """
        The gateway's host is told; anything but true and false is refused.
        """
        with part(lambda *asked: (200, {"connected": False})) as (control, seen):
            announce(gateways={"nur-zholy": control})
            assert {"connected": False} == http.post("/local/checkpoints/nur-zholy/network", json={"connected": False}).json()
            assert 422 == http.post("/local/checkpoints/nur-zholy/network", json={"connected": "no"}).status_code

        assert 1 == len(seen)


class TestClock:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"advance_seconds": -1},
            {"advance_seconds": 1, "now": "2030-01-01T00:00:00+05:00"},
            {"now": "2030-01-01"},
            {"advance_seconds": "1"},
        ],
    )
    def test_takes_one_way_of_saying_how_far(self, http, body):
        """
        Both, neither, backwards and without an offset are refused.
        """
        assert 422 == http.post("/local/clock", json=body).status_code

    def test_never_goes_back(self, http):
        """
        A moment that has passed is a conflict.
        """
        refused = http.post("/local/clock", json={"now": "2020-01-01T00:00:00+05:00"})

        assert (409, "CLOCK_BACKWARDS") == (refused.status_code, refused.json()["code"])

    @pytest.mark.parametrize(
        ("body", "field"), [({"now": "2199-01-01T00:00:00+05:00"}, "now"), ({"advance_seconds": 10**9}, "advance_seconds")]
    )
    def test_is_not_sent_out_of_sight(self, http, body, field):
        """
        Far beyond the horizon there is nothing to see: however it is said, a journey of many years is refused.
        """
        refused = http.post("/local/clock", json=body)

        assert (422, [field]) == (refused.status_code, [error["field"] for error in refused.json()["errors"]])
        assert ".0." not in refused.json()["errors"][0]["message"]

    def test_is_moved_by_the_runner(self, http, announce):
        """
        The runner's account of what ran is the answer.
        """
        told = {"now": "2026-12-03T14:00:00+05:00", "ran": [{"step": "call", "at": "2026-12-03T12:30:00+05:00"}]}
        with part(lambda *asked: (200, told)) as (runner, seen):
            announce(runner=runner)
            assert told == http.post("/local/clock", json={"advance_seconds": 3600}).json()

        assert ("/clock", {"advance_seconds": 3600.0}) == (seen[0][1], json.loads(seen[0][2]))


class TestRegistries:
    def test_are_steered_by_source(self, http, announce):
        """
        A known source is set for everyone or one subject; an unknown one is 404, a strange mode 422.
        """
        with part(lambda *asked: (200, {"source": "17-1", "mode": "fail"})) as (control, seen):
            announce(registers_control=control)
            assert 200 == http.put("/local/registries/17-1", json={"mode": "fail", "match": {"plate": "123ABC02"}}).status_code
            assert 404 == http.put("/local/registries/19", json={"mode": "fail"}).status_code
            assert 422 == http.put("/local/registries/4", json={"mode": "explode"}).status_code
            assert 422 == http.put("/local/registries/4", json={"mode": "fail", "match": {}}).status_code

        assert [("PUT", "/registries/17-1", {"mode": "fail", "match": {"plate": "123ABC02"}})] == [
            (method, path, json.loads(body)) for method, path, body in seen
        ]


class TestOutbox:
    def test_is_read_for_one_addressee(self, http, announce):
        """
        Texts that would have been sent are read from their double.
        """
        with part(lambda *asked: (200, {"items": []})) as (outbox, seen):
            announce(outbox=outbox)
            assert {"items": []} == http.get("/local/outbox", params={"to": "+77011234567"}).json()
            assert 422 == http.get("/local/outbox", params={"from": "x"}).status_code

        assert ["/outbox?to=%2B77011234567"] == [path for _, path, _ in seen]

    def test_is_delivered_before_it_is_read(self, http, announce):
        """
        Whoever asks for a code and looks at once finds that code, not the one before: the runner delivers first.
        """
        with (
            part(lambda *asked: (200, {"items": []})) as (outbox, read),
            part(lambda *asked: (200, {"delivered": len(read)})) as (runner, swept),
        ):
            announce(outbox=outbox, runner=runner)
            assert 200 == http.get("/local/outbox").status_code

        assert [("POST", "/sweep")] == [(method, path) for method, path, _ in swept]
        assert ["/outbox"] == [path for _, path, _ in read]


class TestRefusals:
    def test_are_problems(self, http):
        """
        Unknown addresses, methods and malformed bodies look as everywhere.
        """
        assert [404, 405, 400, 415] == [
            http.get("/local/nothing").status_code,
            http.delete("/local/clock").status_code,
            http.post("/local/clock", content=b"{", headers={"Content-Type": "application/json"}).status_code,
            http.post("/local/clock", content=b"{}", headers={"Content-Type": "text/plain"}).status_code,
        ]
        assert "application/problem+json" == http.get("/local/nothing").headers["content-type"]
