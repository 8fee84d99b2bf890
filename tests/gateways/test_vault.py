import json

import pytest

from chalicelib.gateways.vault import UnableToOpenVaultError, open_vault

WHOLE = {
    "signing_key_id": "k1",
    "signing_key_pem": "-----BEGIN PRIVATE KEY-----",
    "hash_key": "00ff",
    "payments_secret": "sk_test_1",
    "payments_webhook_secret": "whsec_1",
}


def opened(tmp_path, document):
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps(document))
    return open_vault(where=f"file:{path}", region="eu-central-1")


class TestVault:
    def test_gives_every_secret(self, tmp_path):
        """
        Keys as bytes; what only a cloud needs may be absent.
        """
        secrets = opened(tmp_path, WHOLE)
        assert (b"\x00\xff", None, {}) == (secrets.hash_key, secrets.messages_token, secrets.relay)

    @pytest.mark.parametrize("name", sorted(WHOLE))
    def test_refuses_to_open_half_empty(self, tmp_path, name):
        """
        A missing secret is found at the first use, not at the first forgery.
        """
        with pytest.raises(UnableToOpenVaultError):
            opened(tmp_path, {key: value for key, value in WHOLE.items() if key != name})

    def test_prints_no_secret(self, tmp_path):
        """
        Not in a log, not in a traceback.
        """
        shown = repr(opened(tmp_path, {**WHOLE, "relay": {"client.key": "pem-of-the-relay"}}))
        assert not any(secret in shown for secret in ("sk_test_1", "whsec_1", "BEGIN", "pem-of-the-relay"))

    def test_is_closed_where_there_is_no_file(self, tmp_path):
        """
        Said as such, not as a stack of the operating system.
        """
        with pytest.raises(UnableToOpenVaultError):
            open_vault(where=f"file:{tmp_path / 'none.json'}", region="eu-central-1")
