"""
The cabinet's notices, the devices for push, and the link by which a driver follows a booking.
"""

import pytest

from chalicelib import wiring
from chalicelib.domain.driver_links import token_of
from tests.api.forms import application


def sweep():
    """
    Deliver until nothing is delivered any more; messages themselves find nobody in these tests.
    """
    while wiring.deliver_outbox()().delivered:
        pass


@pytest.fixture
def booked(house):
    """
    A user, his confirmed booking, made inside 24 hours so that its notice of arrival is due at once, and the notices of it spread.
    """
    user = house.user()
    booking = house.confirmed(user)
    sweep()
    wiring.keep_time().remind(booking=booking)
    sweep()
    return user, booking


class TestNotifications:
    @pytest.mark.rule("29", "34")
    def test_are_listed_newest_first_in_the_readers_language(self, house, booked):
        """
        Page by page, each worded in the language that is asked for.
        """
        user, booking = booked
        whole = house.get("/v1/me/notifications", user).json["items"]
        first = house.get("/v1/me/notifications?limit=1", user).json
        second = house.get(f"/v1/me/notifications?limit=1&cursor={first['next_cursor']}", user).json

        assert ["reminded", "confirmed"] == [item["template"] for item in whole]
        assert whole == first["items"] + second["items"]
        assert all(item["unread"] and item["booking"] == booking for item in whole)
        kk, en = (
            house.get("/v1/me/notifications", user, **{"Accept-Language": language}).json["items"][0]["text"] for language in ("kk", "en")
        )
        assert kk.startswith("Еске салу")
        assert en.startswith("Reminder")

    def test_are_read_once_and_for_good(self, house, booked):
        """
        Reading marks it; a second time changes nothing; another's, an unknown and a broken cursor are refused.
        """
        user, _ = booked
        id_ = house.get("/v1/me/notifications", user).json["items"][0]["id"]
        read = [house.post(f"/v1/me/notifications/{id_}/read", user).json for _ in range(2)]

        assert read[0] == read[1]
        assert (False, read[0]["read_at"]) == (
            (item := house.get("/v1/me/notifications", user).json["items"][0])["unread"],
            item["read_at"],
        )
        assert 404 == house.post(f"/v1/me/notifications/{id_}/read", house.user()).status
        assert 404 == house.post("/v1/me/notifications/nothing/read", user).status
        assert ["cursor"] == house.get("/v1/me/notifications?cursor=x", user).fields
        assert (
            304
            == house.get("/v1/me/notifications", user, **{"If-None-Match": house.get("/v1/me/notifications", user).headers["etag"]}).status
        )


class TestChannels:
    @pytest.mark.rule("15", "29", "34")
    def test_are_chosen_in_the_profile(self, house):
        """
        In their order, each once; an unknown one, none at all, or too many are refused.
        """
        user = house.user()
        assert ["push", "sms"] == house.get("/v1/me", user).json["channels"]
        changed = house.client.send("PATCH", "/v1/me", body={"channels": ["messenger", "push", "messenger"]}, headers=user)
        assert ["messenger", "push"] == changed.json["channels"]
        for wrong in ([], ["fax"], ["sms"] * 4, "sms"):
            assert 422 == house.client.send("PATCH", "/v1/me", body={"channels": wrong}, headers=user).status
        assert ["messenger", "push"] == house.get("/v1/me", user).json["channels"]

    def test_of_push_are_named_by_their_tokens(self, house):
        """
        A device is put, put again and taken away; what no push service gives is unknown.
        """
        user = house.user()
        first = house.client.send("PUT", "/v1/me/push-tokens/device-one", headers=user)
        assert (200, ["fresh_until"]) == (first.status, list(first.json))
        assert [204, 204] == [house.client.send("DELETE", "/v1/me/push-tokens/device-one", headers=user).status for _ in range(2)]
        assert 404 == house.client.send("PUT", "/v1/me/push-tokens/short", headers=user).status


class TestDriverLink:
    def link(self, house, user, booking, **body):
        """
        Give a link: the answer, and its token.
        """
        given = house.post(f"/v1/bookings/{booking}/driver-link", user, body)
        return given, given.json["url"].rpartition("/")[2]

    @pytest.mark.rule("34", "D17")
    def test_shows_when_to_be_where_and_nothing_of_money_or_people(self, house, booked):
        """
        Status, deadlines, names of the checkpoint, plates, the pass: no name, phone, document, fee or deposit.
        """
        user, booking = booked
        given, token = self.link(house, user, booking, driver="0")
        seen = house.get(f"/v1/driver/{token}")

        assert 200 == given.status
        assert len(token) == len(token_of("f" * 64)) == 22
        own = house.get(f"/v1/bookings/{booking}", user).json
        assert (own["number"], "confirmed", own["expected_at"]) == tuple(seen.json[name] for name in ("number", "status", "expected_at"))
        assert {"kk", "ru", "en"} == set(seen.json["checkpoint"]["names"])
        assert own["vehicle"]["plate"] == seen.json["vehicle"]["plate"]
        said = seen.body.decode()
        driver = own["drivers"][0]
        for hidden in (
            driver["name"],
            driver["phone"],
            driver["iin"],
            driver["document"]["number"],
            own["vehicle"]["vin"],
            "amount",
            "deposit",
        ):
            assert hidden not in said
        assert "private" in seen.headers["cache-control"]

    @pytest.mark.rule("D25")
    def test_gives_the_pass(self, house, booked):
        """
        The same sheet and code that the user has.
        """
        user, booking = booked
        _, token = self.link(house, user, booking)

        assert house.get(f"/v1/driver/{token}/pass").body.startswith(b"%PDF")
        code = house.get(f"/v1/driver/{token}/pass", Accept="image/svg+xml")
        assert ("image/svg+xml", True) == (code.headers["content-type"], code.body.startswith(b"<"))

    def test_is_the_same_until_taken_back(self, house, booked):
        """
        Given twice it is one link; taken back it is as unknown as any, and the next is another.
        """
        user, booking = booked
        tokens = [self.link(house, user, booking, driver="0")[1] for _ in range(2)]
        anybody = self.link(house, user, booking)[1]
        assert tokens[0] == tokens[1] != anybody

        assert 204 == house.client.send("DELETE", f"/v1/bookings/{booking}/driver-link?driver=0", headers=user).status
        gone, unknown = house.get(f"/v1/driver/{tokens[0]}"), house.get(f"/v1/driver/{'A' * 22}")
        assert (404, gone.body) == (gone.status, unknown.body)
        assert 404 == house.get(f"/v1/driver/{tokens[0]}/pass").status
        assert 200 == house.get(f"/v1/driver/{anybody}").status
        fresh = self.link(house, user, booking, driver="0")[1]
        assert fresh not in tokens
        assert [404, 200] == [house.get(f"/v1/driver/{token}").status for token in (tokens[0], fresh)]
        house.client.send("DELETE", f"/v1/bookings/{booking}/driver-link", headers=user)
        assert [404, 404] == [house.get(f"/v1/driver/{token}").status for token in (fresh, anybody)]

    def test_is_refused_before_there_is_a_number_and_for_nobody(self, house):
        """
        An application has none yet; a driver who is not there has none; what is no driver is a field at fault.
        """
        user = house.user()
        booking = house.applied(user)

        assert "NOT_CONFIRMED" == house.post(f"/v1/bookings/{booking}/driver-link", user, {}).code
        assert 404 == house.post(f"/v1/bookings/{booking}/driver-link", user, {"driver": "9"}).status
        assert ["driver"] == house.post(f"/v1/bookings/{booking}/driver-link", user, {"driver": "x"}).fields
        assert ["driver"] == house.client.send("DELETE", f"/v1/bookings/{booking}/driver-link?driver=-1", headers=user).fields

    def test_answers_a_repeated_request_again(self, house, booked):
        """
        Under one key the first answer; with another body that key is refused.
        """
        user, booking = booked
        path = f"/v1/bookings/{booking}/driver-link"
        first = house.post(path, user, {"driver": "0"}, key="one-key")

        assert first.json["url"] == house.post(path, user, {"driver": "0"}, key="one-key").json["url"]
        assert "IDEMPOTENCY_KEY_REUSED" == house.post(path, user, {}, key="one-key").code


class TestDriversWishes:
    def test_are_kept_with_the_driver(self, house):
        """
        What he reads and how it reaches him come with the form; what is no language or channel is refused.
        """
        user = house.user()
        driver = {**application()["drivers"][0], "language": "kk", "channel": "messenger"}
        booking = house.applied(user, drivers=[driver])
        shown = house.get(f"/v1/bookings/{booking}", user).json["drivers"][0]

        assert ("kk", "messenger") == (shown["language"], shown["channel"])
        refused = house.post("/v1/bookings", user, application(drivers=[{**driver, "language": "de", "channel": "fax"}]))
        assert {"drivers.0.language", "drivers.0.channel"} == set(refused.fields)
