import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import new as hmac

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from chalicelib.gateways.tokens import ACCESS_TYPE, SigningKey, UnableToReadKeyError, UnableToVerifyTokenError
from tests.api.keys import AUDIENCE, ISSUER, private_pem, tokens


def encode(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**changes):
    now = int(time.time())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "acc_a", "iat": now, "exp": now + 900, **changes}


def signed(*, header=None, **changes):
    return jwt.encode(claims(**changes), private_pem(), algorithm="ES256", headers={"kid": "first", "typ": ACCESS_TYPE, **(header or {})})


def unsigned():
    return f"{encode({'alg': 'none', 'typ': ACCESS_TYPE, 'kid': 'first'})}.{encode(claims())}."


def by_public_key():
    public = load_pem_private_key(private_pem(), None).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = f"{encode({'alg': 'HS256', 'typ': ACCESS_TYPE, 'kid': 'first'})}.{encode(claims())}"
    return f"{body}.{encode(hmac(public, body.encode(), sha256).digest())}"


def by_stranger():
    return jwt.encode(claims(), generate_private_key(SECP256R1()), algorithm="ES256", headers={"kid": "first", "typ": ACCESS_TYPE})


def with_spare_bits():
    token = signed()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


def with_other_payload():
    head, body, signature = signed().split(".")
    changed = json.loads(urlsafe_b64decode(body + "==")) | {"sub": "acc_b"}
    return f"{head}.{encode(changed)}.{signature}"


FORGERIES = {
    "empty": lambda: "",
    "two parts": lambda: "a.b",
    "not base64": lambda: "é.é.é",
    "header is no object": lambda: f"{encode([1])}.{encode(claims())}.{encode(b'x')}",
    "none": unsigned,
    "HS256 with the public key": by_public_key,
    "another key of the same name": by_stranger,
    "jwk": lambda: signed(header={"jwk": {"kty": "EC"}}),
    "jku": lambda: signed(header={"jku": "https://evil.test/jwks.json"}),
    "crit": lambda: signed(header={"crit": ["exp"]}),
    "kid traversal": lambda: signed(header={"kid": "../../../../dev/null"}),
    "no kid": lambda: jwt.encode(claims(), private_pem(), algorithm="ES256", headers={"typ": ACCESS_TYPE}),
    "wrong audience": lambda: signed(aud="another"),
    "audience as a list": lambda: signed(aud=[AUDIENCE, "another"]),
    "wrong issuer": lambda: signed(iss="https://evil.test"),
    "wrong type": lambda: signed(header={"typ": "JWT"}),
    "a pass": lambda: tokens().sign(claims(), typ="pass+jwt"),
    "expired": lambda: signed(iat=int(time.time()) - 1000, exp=int(time.time()) - 100),
    "too long a life": lambda: signed(exp=int(time.time()) + 10_000_000),
    "from the future": lambda: signed(iat=int(time.time()) + 600, exp=int(time.time()) + 1200),
    "expiry that is no number": lambda: tokens().sign(claims(exp="9"), typ=ACCESS_TYPE),
    "no subject": lambda: tokens().sign({**claims(), "sub": 7}, typ=ACCESS_TYPE),
    "one byte cut": lambda: signed()[:-1],
    "one byte cut in front": lambda: signed()[1:],
    "spare bits set": with_spare_bits,
    "another payload": with_other_payload,
    "too long": lambda: signed(x="x" * 20_000),
}


class TestTokens:
    def test_reads_back_the_account_it_issued_for(self):
        """
        An access token names its account and lives fifteen minutes.
        """
        issued = tokens().issue(account="acc_a", session="ses_1")

        read = tokens().claims_of(issued.token)

        assert ("acc_a", "ses_1", 900) == (read["sub"], read["sid"], issued.expires_in)
        assert read["exp"] - read["iat"] == 900

    @pytest.mark.parametrize("forgery", FORGERIES)
    def test_refuses_every_forgery_alike(self, forgery):
        """
        T01: whatever is wrong with a token, the refusal is one and the same and carries no hint.
        """
        with pytest.raises(UnableToVerifyTokenError) as caught:
            tokens().claims_of(FORGERIES[forgery]())

        assert str(caught.value) == ""

    def test_expires_by_the_wall_clock_it_was_given(self):
        """
        A token is good until the second it expires in, by the wall clock alone.
        """
        issued = tokens(wall=lambda: 1_800_000_000.0).issue(account="acc_a").token

        assert tokens(wall=lambda: 1_800_000_899.0).claims_of(issued)["sub"] == "acc_a"
        with pytest.raises(UnableToVerifyTokenError):
            tokens(wall=lambda: 1_800_000_900.0).claims_of(issued)

    def test_goes_on_verifying_a_key_that_is_rotated_out(self):
        """
        The first key signs; tokens of the other published keys stay good.
        """
        old = tokens(kids=("first",)).issue(account="acc_a").token
        rotated = tokens(kids=("second", "first"))

        assert rotated.claims_of(old)["sub"] == "acc_a"
        assert jwt.get_unverified_header(rotated.issue(account="acc_a").token)["kid"] == "second"

    def test_verifies_a_pass_as_a_pass_only(self):
        """
        A token of one kind is never accepted as another.
        """
        token = tokens().sign({"number": "NZH-261203-14-07"}, typ="pass+jwt")

        assert tokens().verify(token, typ="pass+jwt") == {"number": "NZH-261203-14-07"}
        with pytest.raises(UnableToVerifyTokenError):
            tokens().verify(token, typ="admissions+jwt")

    def test_publishes_keys_that_any_library_can_use(self):
        """
        A verifier with nothing but our JWK Set reads our tokens; no private number is in the set.
        """
        published = tokens().public_keys()
        key = jwt.PyJWK.from_dict(published["keys"][0])

        read = jwt.decode(tokens().issue(account="acc_a").token, key.key, algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER)

        assert read["sub"] == "acc_a"
        assert "d" not in published["keys"][0]

    def test_refuses_a_key_of_another_kind(self):
        """
        A key that is no P-256 private key is a fault of the deployment, named by its kid.
        """
        other = generate_private_key(SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

        for pem in (b"no key", other):
            with pytest.raises(UnableToReadKeyError, match="first"):
                tokens(keys=(SigningKey("first", pem),)).issue(account="acc_a")

    def test_keeps_keys_and_tokens_out_of_representations(self):
        """
        Neither a private key nor a token appears when its holder is printed.
        """
        key, issued = SigningKey("first", private_pem()), tokens().issue(account="acc_a")

        assert "PRIVATE" not in repr(key)
        assert issued.token not in repr(issued)
