"""
Which problem a fault is, for the caller. What is not named here is our own mistake: 500, and the log says where.
"""

from typing import Final

from chalicelib.domain.bookings import ImpossibleTransitionError
from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.payments import PaymentProviderError, WebhookRejectedError
from chalicelib.usecases.ports import IdentityProviderSilentError, PersonalDataUnavailableError, StoreBusyError

PROBLEMS: Final[tuple[tuple[type[Exception], Code], ...]] = (
    (StoreBusyError, Code.BUSY),
    (PersonalDataUnavailableError, Code.DEPENDENCY_DOWN),
    (IdentityProviderSilentError, Code.DEPENDENCY_DOWN),
    (WebhookRejectedError, Code.WEBHOOK_SIGNATURE_INVALID),
    (PaymentProviderError, Code.DEPENDENCY_DOWN),
    (ImpossibleTransitionError, Code.CONFLICT),
)


def problem_of(error: Exception) -> Refused | None:
    """
    Name the problem that a known fault is; none for an unknown one.
    """
    return next((Refused.because(code) for kind, code in PROBLEMS if isinstance(error, kind)), None)
