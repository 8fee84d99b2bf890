import io
import json

import pytest

from chalicelib import observability


@pytest.fixture
def lines(monkeypatch):
    """
    What is logged during a test, line by line.
    """
    stream = io.StringIO()
    for handler in observability._logger().handlers:
        monkeypatch.setattr(handler, "stream", stream, raising=False)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


class TestLog:
    def test_writes_listed_fields_and_names_the_others(self, lines):
        """
        A field nobody has thought about is named, its value is not written.
        """
        observability.log("hello", booking="bkg_1", phone="+77011234567", count=2)

        (line,) = lines()
        assert ("bkg_1", 2, ["phone"]) == (line["booking"], line["count"], line["dropped"])
        assert "77011234567" not in json.dumps(line)

    @pytest.mark.parametrize(
        "secret", ["+7 701 123 45 67", "880101300123", "a.b@example.kz", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "4242 4242 4242 4242"]
    )
    def test_masks_what_looks_like_a_person(self, lines, secret):
        """
        Even a listed field loses phones, numbers, addresses and tokens; times and booking numbers stay.
        """
        observability.log("hello", code=f"before {secret} after", at="2026-12-03T14:00:00+05:00", booking_number="NZH-261203-14-07")

        (line,) = lines()
        assert "before [masked] after" == line["code"]
        assert ("2026-12-03T14:00:00+05:00", "NZH-261203-14-07") == (line["at"], line["booking_number"])


class TestFault:
    def test_is_told_by_type_and_place_never_by_message(self, lines):
        """
        An exception's message may hold anything; its chain of types and its place do not.
        """
        try:
            try:
                int("Серіков 880101300123")
            except ValueError as error:
                raise RuntimeError("Серіков") from error
        except RuntimeError as error:
            observability.fault(error)

        (line,) = lines()
        assert "RuntimeError < ValueError" == line["fault"]
        assert line["where"][-1].startswith("test_observability.py:")
        assert "Серіков" not in json.dumps(line, ensure_ascii=False)


class TestRequest:
    def test_ends_with_one_line_of_status_and_time(self, lines):
        """
        Every line of a request carries its id; the last says how it ended.
        """
        with observability.request(id="trace-1", operation="GET /v1/health") as observed:
            observability.log("inside")
            observed.status = 200
        observability.log("outside")

        inside, last, outside = lines()
        assert ("trace-1", "trace-1", 200) == (inside["request_id"], last["request_id"], last["status"])
        assert last["duration_ms"] >= 0
        assert outside.get("request_id") is None


class TestMetric:
    def test_is_embedded_for_cloudwatch(self, capsys):
        """
        One figure, one line; dimensions are masked like everything else.
        """
        observability.metric("BarrierOpened", 1, checkpoint="nur-zholy", lane="+7 701 123 45 67")

        line = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert ([1.0], "nur-zholy", "[masked]") == (line["BarrierOpened"], line["checkpoint"], line["lane"])
        assert "queue" == line["_aws"]["CloudWatchMetrics"][0]["Namespace"]
