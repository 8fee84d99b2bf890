import pytest

from chalicelib.api.answers import Answer, Document
from chalicelib.api.operation import PathParameter
from chalicelib.api.schemas.base import Page, PageQuery, View
from chalicelib.domain.decisions import Code, Reason, Refused
from chalicelib.usecases.ports import StoreBusyError

NAME = PathParameter("[a-z-]+", "A name", "nur-zholy")


class Shown(View):
    seen: str


class Stamped(View):
    count: int
    as_of: str


class TestAnswer:
    def test_is_304_while_nothing_has_changed(self, sample):
        """
        A poll that learns nothing costs 300 bytes at most; the moment of reckoning alone is no change.
        """
        state = {"count": 1, "as_of": 0}

        def handler(call):
            state["as_of"] += 1
            return Stamped(count=state["count"], as_of=str(state["as_of"]))

        client = sample.declare("GET", "/a", handler, response=Stamped, polled=True, unversioned={"as_of"}).client()
        tag = client.send("GET", "/a").headers["etag"]
        again = client.send("GET", "/a", headers={"If-None-Match": tag})
        size = sum(len(name) + len(value) + 4 for name, value in again.headers.items())

        assert (304, b"") == (again.status, again.body)
        assert size < 220
        state["count"] = 2
        assert client.send("GET", "/a", headers={"If-None-Match": tag}).json["count"] == 2

    def test_may_be_a_file(self, sample):
        """
        Binary answers leave as bytes, with or without an Accept header.
        """
        client = sample.declare("GET", "/a", lambda call: Document(b"%PDF-\xff", "application/pdf", "pass.pdf")).client()

        for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/pdf"}):
            answer = client.send("GET", "/a", headers=headers)
            assert (200, b"%PDF-\xff") == (answer.status, answer.body)
            assert answer.headers["content-disposition"] == 'attachment; filename="pass.pdf"'

    def test_may_have_a_status_of_its_own(self, sample):
        """
        One operation may answer in more than one way.
        """
        client = sample.declare("GET", "/a", lambda call: Answer(Shown(seen="x"), 202, {"Location": "/b"})).client()

        assert (202, "/b") == ((answer := client.send("GET", "/a")).status, answer.headers["location"])

    def test_is_a_problem_when_refused(self, sample):
        """
        A refusal shows code, paragraph and every reason.
        """
        refused = Refused((Reason(Code.ACTIVE_BOOKING_EXISTS, "21", {"checkpoint": "nur-zholy"}), Reason(Code.DEBT, "27")))
        answer = sample.declare("GET", "/a", lambda call: refused).client().send("GET", "/a", headers={"Accept-Language": "en"})

        assert (409, "application/problem+json") == (answer.status, answer.headers["content-type"])
        assert ("ACTIVE_BOOKING_EXISTS", "§21") == (answer.code, answer.json["rule"])
        assert ["ACTIVE_BOOKING_EXISTS", "DEBT"] == [item["code"] for item in answer.json["reasons"]]

    @pytest.mark.parametrize(("error", "status"), [(StoreBusyError("secret"), 503), (RuntimeError("secret"), 500)])
    def test_to_a_fault_tells_nothing_of_the_inside(self, sample, capsys, error, status):
        """
        Known faults say when to come again; unknown ones say nothing; neither the answer nor the log holds the message.
        """

        def handler(call):
            raise error

        answer = sample.declare("GET", "/a", handler).client().send("GET", "/a")

        assert status == answer.status
        assert ("retry-after" in answer.headers) == (status == 503)
        assert b"secret" not in answer.body
        assert "secret" not in "".join(capsys.readouterr())

    def test_leaves_out_what_there_is_not(self):
        """
        A page says that it is the last one; lists are never null.
        """
        assert Page[Shown](items=[]).model_dump_json() == '{"items":[],"next_cursor":null}'
        assert (20, None) == ((page := PageQuery()).limit, page.cursor)

    def test_carries_the_callers_request_id_when_it_is_plain(self, sample):
        """
        A trace id goes through; anything that could break a header or a log does not.
        """
        client = sample.declare("GET", "/a").client()

        assert client.send("GET", "/a", headers={"X-Request-Id": "trace-0001"}).headers["x-request-id"] == "trace-0001"
        assert client.send("GET", "/a", headers={"X-Request-Id": "x\r\ny: 1"}).headers["x-request-id"] != "x\r\ny: 1"

    def test_to_a_method_that_is_not_there_is_a_problem_too(self, sample):
        """
        What Chalice refuses by itself looks like everything else.
        """
        answer = sample.declare("GET", "/a").client().send("DELETE", "/a")

        assert (405, "METHOD_NOT_ALLOWED", "GET") == (answer.status, answer.code, answer.headers["allow"])
