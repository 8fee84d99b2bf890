"""
The use cases of consents and identity sessions with their ports.
"""

from typing import Any

from chalicelib.domain.consents import Text
from chalicelib.usecases.gather_proofs import GatherProofs
from chalicelib.usecases.keep_consents import KeepConsents
from chalicelib.usecases.keep_identity import KeepIdentity
from chalicelib.usecases.know_person import KnowPerson
from chalicelib.usecases.start_consents import StartConsents
from chalicelib.wiring.outside import configuration, law, once, parts, registers, relay_certificates


def _text() -> Text:
    agreement = law().agreement()
    return Text(agreement.version, agreement.sha256)


@once
def identity_provider() -> Any:
    """
    Give the identity provider behind the relay (§18.12).
    """
    from chalicelib.gateways.identity import RelayIdentity  # noqa: PLC0415

    return RelayIdentity(base_url=configuration().relay_url, certificates=relay_certificates())


@once
def start_consents() -> StartConsents:
    """
    §16.
    """
    return StartConsents(**parts("consents", "keyed"), text=_text)


@once
def gather_proofs() -> GatherProofs:
    """
    §16, §18.12.
    """
    return GatherProofs(**parts("consents"), provider=lambda: identity_provider())  # noqa: PLW0108 - looked up at each call


@once
def keep_consents() -> KeepConsents:
    """
    §16.
    """
    return KeepConsents(
        **parts("committer", "consents", "people", "clock", "rules_on"),
        registers=lambda: registers(),  # noqa: PLW0108 - looked up at each call
        start=start_consents(),
        know=KnowPerson(**parts("accounts", "people", "keyed", "clock", "rules_on")),
    )


@once
def keep_identity() -> KeepIdentity:
    """
    §18.12.
    """
    return KeepIdentity(
        **parts("committer", "accounts", "consents", "clock", "chance", "keyed"),
        provider=lambda: identity_provider(),  # noqa: PLW0108 - looked up at each call
        know=KnowPerson(**parts("accounts", "people", "keyed", "clock", "rules_on")),
    )
