import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx

from chalicelib.api.operation import Rate
from local.front.limits import LIMITS, Limits
from local.front.routing import Table


def raw(url, head, body=b""):
    """
    Say something to the front that no client library would.
    """
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(head + body)
        return connection.recv(65536)


class TestBridge:
    def test_gives_every_one_of_16_clients_its_own_answer(self, url):
        """
        No answer belongs to another's request, whatever their threads do meanwhile.
        """
        wrong, total, lock = [], [], threading.Lock()

        def talk(client_number):
            with httpx.Client(base_url=url, trust_env=False, timeout=20) as client:
                for turn in range(25):
                    mine = f"c{client_number}-{turn}"
                    answer = client.post(
                        f"/v1/echo/{mine}?said={mine}&sleep=0.002",
                        json={"text": mine},
                        headers={"X-User": mine, "X-Request-Id": f"request-{mine}"},
                    )
                    seen = answer.json()
                    own = {seen["id"], seen["said"], seen["user"], seen["text"]} == {mine}
                    with lock:
                        total.append(mine)
                        if not own or answer.headers["x-request-id"] != f"request-{mine}":
                            wrong.append((mine, seen))

        with ThreadPoolExecutor(16) as threads:
            list(threads.map(talk, range(16)))

        assert ([], 400) == (wrong, len(total))

    def test_carries_escaped_text_and_the_callers_address(self, http):
        """
        Paths and queries arrive decoded once; an escaped slash does not make another path.
        """
        answer = http.get("/v1/echo/a%20b%2Fc", params={"said": "Нұр Жолы +5"}).json()

        assert ("a b/c", "Нұр Жолы +5", "127.0.0.1") == (answer["id"], answer["said"], answer["address"])

    def test_lets_binary_answers_through(self, http):
        """
        A PDF comes byte for byte to whoever takes it, and a problem to whoever says that he does not.
        """
        assert 406 == http.get("/v1/file", headers={"Accept": "text/html"}).status_code
        for accept in ("application/pdf", "*/*", "text/html, */*;q=0.8"):
            answer = http.get("/v1/file", headers={"Accept": accept})
            assert (200, b"%PDF-\xff\x00") == (answer.status_code, answer.content), accept

    def test_answers_unknown_paths_and_methods_as_problems(self, http):
        """
        What the cloud's gateway answers by itself is problem+json here.
        """
        unknown, method = http.get("/v1/nothing", headers={"Accept-Language": "en"}), http.delete("/v1/echo/a")

        assert (404, "application/problem+json", "NOT_FOUND") == (
            unknown.status_code,
            unknown.headers["content-type"],
            unknown.json()["code"],
        )
        assert (405, "GET, POST, OPTIONS") == (method.status_code, method.headers["allow"])
        assert http.get("/v1/echo/").status_code == 404
        assert http.get("/v1/echo/a/").status_code == 404

    def test_answers_a_preflight(self, http):
        """
        Pages of any origin may ask, with the headers that the API reads.
        """
        answer = http.options("/v1/echo/a", headers={"Origin": "http://x", "Access-Control-Request-Method": "POST"})

        assert (204, "*") == (answer.status_code, answer.headers["access-control-allow-origin"])
        assert "Idempotency-Key" in answer.headers["access-control-allow-headers"]
        assert "POST" in answer.headers["access-control-allow-methods"]

    def test_refuses_a_body_that_is_too_large_without_reading_it(self, url):
        """
        413 comes at once for an announced length, and the connection ends.
        """
        head = b"POST /v1/echo/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n"
        answer = raw(url, head, b"{}")

        assert answer.startswith(b"HTTP/1.1 413")
        assert b"BODY_TOO_LARGE" in answer

    def test_refuses_an_unannounced_large_body(self, http):
        """
        A chunked body is counted while it comes.
        """
        answer = http.post("/v1/echo/a", content=(b" " * 65536 for _ in range(80)), headers={"Content-Type": "application/json"})

        assert 413 == answer.status_code

    def test_ends_a_request_that_takes_too_long(self, http):
        """
        A busy thread does not keep the client: 503 and when to come again, and the next request is served.
        """
        late = http.get("/v1/echo/a?sleep=1.5")

        assert (503, "BUSY") == (late.status_code, late.json()["code"])
        assert "retry-after" in late.headers
        assert 200 == http.get("/v1/echo/a").status_code

    def test_survives_what_is_no_http(self, url, http):
        """
        Rubbish on a connection costs that connection only.
        """
        assert raw(url, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n").startswith((b"HTTP/1.1 400", b""))
        assert raw(url, b"GET /%ff%00/../.. HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 404")
        assert 200 == http.get("/v1/echo/a").status_code

    def test_limits_each_class_of_requests(self, http, limits):
        """
        Past its burst a caller is told when to come again; `PUT /local/limits` loosens it for load tests.
        """
        assert {"factor": 1.0} == http.put("/local/limits", json={"factor": 1}).json()
        burst = LIMITS[Rate.OTP].burst
        answers = [http.post("/v1/echo/a", json={"text": "x"}) for _ in range(burst + 5)]

        assert 429 == answers[-1].status_code
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert "RATE_LIMITED" == answers[-1].json()["code"]
        assert 200 == http.get("/v1/echo/a").status_code
        http.put("/local/limits", json={"factor": 50})
        assert 200 == http.post("/v1/echo/a", json={"text": "x"}).status_code


class TestLimits:
    def test_refill_at_their_pace(self):
        """
        A bucket holds its burst, is empty after it, and has one more token after a token's time.
        """
        now = [0.0]
        limits = Limits(now=lambda: now[0])
        taken = [limits.wait(Rate.OTP, address="a", credential=None) for _ in range(61)]

        assert (0, 1) == (max(taken[:60]), taken[60])
        now[0] = 1.0
        assert [0, 1] == [limits.wait(Rate.OTP, address="a", credential=None) for _ in range(2)]
        assert 0 == limits.wait(Rate.OTP, address="b", credential=None)

    def test_count_a_credential_apart_but_not_an_address_full_of_them(self):
        """
        One signed-in caller does not use up another's; inventing credentials does not help beyond the address's share.
        """
        limits = Limits(now=lambda: 0.0)
        assert 0 == max(limits.wait(Rate.OTP, address="a", credential="x") for _ in range(60))
        assert 1 == limits.wait(Rate.OTP, address="a", credential="x")
        assert 0 == limits.wait(Rate.OTP, address="a", credential="y")
        invented = [limits.wait(Rate.OTP, address="a", credential=f"z{number}") for number in range(800)]
        assert 1 == invented[-1]


class TestTable:
    def test_prefers_fixed_segments(self):
        """
        `/b/preview` is itself before it is a `{id}`.
        """
        table = Table({"/b/{id}": ["GET"], "/b/preview": ["POST"], "/": ["GET"], "/b/{id}/x": ["GET"]})

        assert "/b/preview" == table.find("/b/preview").resource
        assert ("/b/{id}", {"id": "7"}) == ((found := table.find("/b/7")).resource, found.values)
        assert "/" == table.find("/").resource
        assert [None, None, None] == [table.find(path) for path in ("/b/", "/b/7/", "/c/7")]
