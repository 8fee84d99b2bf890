"""
The identity provider of §18.12: its sessions over the relay, its page wherever it says.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.identity import SessionStatus
from chalicelib.gateways.registries.relay import RelayCertificates
from chalicelib.usecases.ports import IdentityProviderSilentError

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS: Final = 2.5


class RelayIdentity:
    """
    The port `IdentityProvider`; what names a person travels in bodies only.
    """

    def __init__(self, *, base_url: str, certificates: RelayCertificates) -> None:
        self._base_url = base_url.rstrip("/")
        self._certificates = certificates

    def open(self, *, session: str, keys: Mapping[str, str]) -> str:
        """
        Open a session, or the same again: the address of its page.
        """
        url = self._ask("POST", f"/identity-sessions/{session}", {"person": dict(keys)}).get("url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1:")):
            raise IdentityProviderSilentError("no page")
        return url

    def status(self, *, session: str) -> SessionStatus:
        """
        Ask what became of a session.
        """
        try:
            return SessionStatus(str(self._ask("GET", f"/identity-sessions/{session}", None).get("status")))
        except ValueError as error:
            raise IdentityProviderSilentError("unknown status") from error

    def _ask(self, method: str, path: str, document: Mapping[str, Any] | None) -> Mapping[str, Any]:
        import httpx  # noqa: PLC0415 - loads with the first session, not with the handler

        try:
            with self._client() as client:
                reply = client.request(method, path, json=document)
                reply.raise_for_status()
                found = reply.json()
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise IdentityProviderSilentError(type(error).__name__) from error
        return found if isinstance(found, dict) else {}

    def _client(self) -> "httpx.Client":
        import httpx  # noqa: PLC0415 - as above

        return httpx.Client(base_url=self._base_url, verify=self._certificates.context(), timeout=TIMEOUT_SECONDS, follow_redirects=False)
