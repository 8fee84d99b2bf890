import base64
import hmac
import json

import pytest

from iot.kit.signatures import UnableToVerifyError, Verifier
from tests.iot.gate.lists import Signer

KIND = "admissions+jwt"


@pytest.fixture(scope="module")
def signer():
    return Signer()


@pytest.fixture(scope="module")
def token(signer):
    return signer.token({"version": 1})


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def recoded(token, **header):
    head, payload, signature = token.split(".")
    known = json.loads(base64.urlsafe_b64decode(head + "=="))
    return f"{encoded(json.dumps(known | header).encode())}.{payload}.{signature}"


def refused(verifier, token):
    with pytest.raises(UnableToVerifyError):
        verifier.payload(token, kind=KIND)
    return True


class TestVerifier:
    def test_gives_the_payload_of_what_a_key_of_ours_signed(self, signer, token):
        """
        From a key set, or from one bare key.
        """
        assert b'{"version":1}' == Verifier(keys=signer.keys).payload(token, kind=KIND)
        assert b'{"version":1}' == Verifier(keys=signer.keys["keys"][0]).payload(token, kind=KIND)

    def test_refuses_another_key_another_kind_and_any_change(self, signer, token):
        """
        Signature, `typ`, `kid`, algorithm, length: each alone.
        """
        verifier = Verifier(keys=signer.keys)
        assert refused(verifier, Signer().token({"version": 1}))
        assert refused(verifier, Signer(kid="two").token({"version": 1}))
        assert refused(verifier, signer.token({"version": 1}, kind="pass+jwt"))
        assert refused(verifier, token[:-2])
        assert refused(verifier, recoded(token, alg="none"))
        assert refused(verifier, recoded(token, b64=False))
        assert refused(verifier, signer.token({"version": "9" * 9000}))
        assert refused(verifier, "a.b")
        assert refused(verifier, "")

    def test_refuses_a_public_key_used_as_a_secret(self, signer):
        """
        HS256 with the public key is an old trick.
        """
        secret = json.dumps(signer.keys["keys"][0]).encode()
        header = encoded(json.dumps({"alg": "HS256", "typ": KIND, "kid": "one"}).encode())
        signed = f"{header}.{encoded(b'{}')}"
        forged = f"{signed}.{encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"
        assert refused(Verifier(keys=signer.keys), forged)

    def test_refuses_to_start_with_what_is_no_key(self):
        """
        A gateway without a proper key says so at once; one without any key believes nothing.
        """
        with pytest.raises(UnableToVerifyError):
            Verifier(keys={"keys": [{"kty": "EC", "crv": "P-256"}]})
        assert refused(Verifier(keys={"keys": []}), "a.b.c")
