import pytest

from chalicelib import wiring
from chalicelib.gateways.sms import MessageCenter
from chalicelib.wiring import users

MCI = 432_500


class TestSignIn:
    @pytest.mark.rule("2.3", "2.5", "15", "15.1", "15.2")
    def test_gives_tokens_for_the_code_that_was_sent(self, house):
        """
        A code to the phone opens an account; the tokens work, and the refresh token is good once.
        """
        asked = house.client.send("POST", "/v1/auth/otp", body={"phone": "+7 701 555-00-11", "channel": "sms"})
        code = users.codes().code_of(asked.json["challenge_id"])
        answer = house.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": asked.json["challenge_id"], "code": code})
        tokens = answer.json

        assert (202, 200, 900) == (asked.status, answer.status, tokens["expires_in"])
        me = house.get("/v1/me", {"Authorization": f"Bearer {tokens['access_token']}"}).json
        assert ("+77015550011", ["user"], []) == (me["phone"], me["roles"], me["blocks"])
        rotated = house.client.send("POST", "/v1/auth/refresh", body={"refresh_token": tokens["refresh_token"]})
        assert 200 == rotated.status
        assert 401 == house.client.send("POST", "/v1/auth/refresh", body={"refresh_token": tokens["refresh_token"]}).status
        assert 401 == house.client.send("POST", "/v1/auth/refresh", body={"refresh_token": rotated.json["refresh_token"]}).status

    def test_burns_a_challenge_after_five_wrong_codes(self, house):
        """
        T04: wrong, unknown and burnt give the same answer; the right code does not help any more.
        """
        challenge = house.client.send("POST", "/v1/auth/otp", body={"phone": "+77015550012"}).json["challenge_id"]
        right = users.codes().code_of(challenge)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        answers = [house.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": challenge, "code": wrong}) for _ in range(5)]
        answers.append(house.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": challenge, "code": right}))
        answers.append(house.client.send("POST", "/v1/auth/otp/verify", body={"challenge_id": "chl_unknown", "code": right}))

        assert {(401, "OTP_INVALID")} == {(answer.status, answer.code) for answer in answers}
        assert 1 == len({answer.body for answer in answers})

    @pytest.mark.rule("15", "15.1")
    @pytest.mark.parametrize("channel", ["sms", "messenger"])
    def test_sends_the_code_the_way_that_was_asked_for(self, house, monkeypatch, channel):
        """
        SMS or a messenger: the one asked for carries the code.
        """
        sent = []
        monkeypatch.setattr(MessageCenter, "post", lambda center, **message: sent.append((center.channel, message["to"])))
        house.post("/v1/auth/otp", {}, {"phone": "+77015550101", "channel": channel})
        while wiring.deliver_outbox()().delivered and (channel, "+77015550101") not in sent:
            pass  # other tests' messages wait in the same outbox

        assert (channel, "+77015550101") in sent

    def test_ends_with_sign_out(self, house):
        """
        After signing out the refresh token gives nothing; an unknown one changes nothing.
        """
        challenge = house.client.send("POST", "/v1/auth/otp", body={"phone": "+77015550013"}).json["challenge_id"]
        body = {"challenge_id": challenge, "code": users.codes().code_of(challenge)}
        refresh = {"refresh_token": house.client.send("POST", "/v1/auth/otp/verify", body=body).json["refresh_token"]}

        assert (204, b"") == ((answer := house.client.send("POST", "/v1/auth/logout", body=refresh)).status, answer.body)
        assert 401 == house.client.send("POST", "/v1/auth/refresh", body=refresh).status
        assert 204 == house.client.send("POST", "/v1/auth/logout", body={"refresh_token": "ses_x.y"}).status

    def test_refuses_a_refresh_token_as_access(self, house):
        """
        T01: a refresh token is no access token.
        """
        challenge = house.client.send("POST", "/v1/auth/otp", body={"phone": "+77015550014"}).json["challenge_id"]
        body = {"challenge_id": challenge, "code": users.codes().code_of(challenge)}
        refresh = house.client.send("POST", "/v1/auth/otp/verify", body=body).json["refresh_token"]

        assert house.get("/v1/me", {"Authorization": f"Bearer {refresh}"}).body == house.get("/v1/me").body


class TestMe:
    def test_changes_what_is_given_and_nothing_else(self, house):
        """
        Name, e-mail and language change; IIN, phone and roles cannot.
        """
        user = house.user()
        patch = house.client.send("PATCH", "/v1/me", body={"name": "Асқар", "language": "kk", "email": "a@b.kz"}, headers=user)

        assert (200, "Асқар", "kk", "a@b.kz") == (patch.status, patch.json["name"], patch.json["language"], patch.json["email"])
        for body in ({"iin": "880101300123"}, {"phone": "+77010000000"}, {"roles": ["admin"]}, {"email": "nobody"}):
            answer = house.client.send("PATCH", "/v1/me", body=body, headers=user)
            assert (422, list(body)) == (answer.status, answer.fields)
        assert ["user"] == house.get("/v1/me", user).json["roles"]

    def test_forgets_what_is_taken_back(self, house):
        """
        Null takes name and e-mail away; where there must be something it changes nothing.
        """
        user = house.user()
        house.client.send("PATCH", "/v1/me", body={"name": "Асқар", "email": "a@b.kz", "language": "kk"}, headers=user)
        shown = house.client.send("PATCH", "/v1/me", body={"email": None, "language": None, "kind": None}, headers=user).json

        assert ("Асқар", "kk", "natural") == (shown["name"], shown["language"], shown["kind"])
        assert "email" not in shown
        assert "phone" in house.get("/v1/me", user).json

    @pytest.mark.rule("15")
    def test_signs_the_agreement_in_force(self, house):
        """
        Another version is refused, naming the one in force.
        """
        user = house.user(agreed=False)
        version = house.get("/v1/agreement").json["version"]

        assert "AGREEMENT_OUTDATED" == house.post("/v1/me/agreement", user, {"version": "1900-01"}).code
        assert version == house.post("/v1/me/agreement", user, {"version": version}).json["version"]
        assert version == house.get("/v1/me", user).json["agreement_version"]
