from chalicelib import wiring
from chalicelib.api.schemas.consents import ConsentPage, ConsentView, IdentitySessionView
from chalicelib.domain.consents import Consent
from chalicelib.domain.identity import IdentitySession, SessionStatus
from chalicelib.usecases.ports import Page


def consent_page(page: Page[Consent]) -> ConsentPage:
    """
    Show consents in a list.
    """
    return ConsentPage(items=[consent_view(consent) for consent in page.items], next_cursor=page.next_cursor)


def consent_view(consent: Consent) -> ConsentView:
    """
    Show a consent.
    """
    return ConsentView(
        id=consent.id,
        subject=consent.subject,
        status=consent.status,
        via=consent.via,
        text_version=consent.text.version,
        text_sha256=consent.text.sha256,
        asked_at=consent.asked_at,
        answered_at=consent.answered_at,
    )


def session_view(session: IdentitySession) -> IdentitySessionView:
    """
    Show an identity session; a completed one with the end of its validity.
    """
    done = session.completed_at
    stands = session.status is SessionStatus.COMPLETED and done is not None
    return IdentitySessionView(
        id=session.id,
        url=session.url,
        status=session.status,
        created_at=session.created_at,
        completed_at=done,
        valid_until=done + wiring.rules_on(done).identity_validity if stands and done is not None else None,
    )
