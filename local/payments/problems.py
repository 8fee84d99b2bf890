"""
Everything Stripe's API refuses, in its own words (API reference, "Errors").
"""

from typing import Any


class StripeError(Exception):
    """
    An answer other than 200. `kept`: replayed for the same idempotency key; `stands`: what was changed before it is not undone.
    """

    def __init__(self, *, status: int, error: dict[str, Any], kept: bool = True, stands: bool = False) -> None:
        super().__init__(error["message"])
        self.status = status
        self.error = error
        self.kept = kept
        self.stands = stands


def invalid(message: str, *, code: str | None = None, param: str | None = None, status: int = 400) -> StripeError:
    """
    Refuse a parameter. Such answers are not kept: nothing was executed.
    """
    return StripeError(status=status, error=_error(message, code=code, param=param), kept=False)


def missing(kind: str, reference: str, *, param: str = "id", in_path: bool = True) -> StripeError:
    """
    Say that there is no such object: 404 when it is the address, 400 when it is a parameter.
    """
    return invalid(f"No such {kind}: '{reference}'", code="resource_missing", param=param, status=404 if in_path else 400)


def unexpected_state(message: str, *, intent: dict[str, Any]) -> StripeError:
    """
    Refuse a step that the intent's status does not allow; the intent itself comes with the answer.
    """
    error = _error(message, code="payment_intent_unexpected_state") | {"payment_intent": intent}
    return StripeError(status=400, error=error)


def forbidden_step(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    """
    Refuse what the state of a charge does not allow.
    """
    return StripeError(status=400, error=_error(message, code=code, param=param))


def declined(message: str, *, code: str, decline_code: str | None, charge: str, intent: dict[str, Any]) -> StripeError:
    """
    Tell that the card was declined. The failed charge and the intent's new status stand.
    """
    error = _error(message, code=code) | {"type": "card_error", "charge": charge, "payment_intent": intent}
    if decline_code is not None:
        error["decline_code"] = decline_code
    return StripeError(status=402, error=error, stands=True)


def unauthorized(message: str) -> StripeError:
    """
    Refuse a missing or unknown key.
    """
    return StripeError(status=401, error={"message": message, "type": "invalid_request_error"}, kept=False)


def secret_key_required() -> StripeError:
    """
    Refuse the publishable key where a secret one is needed.
    """
    message = "This API call cannot be made with a publishable API key. Please use a secret API key."
    return invalid(message, code="secret_key_required", status=403)


def unknown_address(method: str, path: str) -> StripeError:
    """
    Refuse an address this API does not have.
    """
    return invalid(f"Unrecognized request URL ({method}: {path}).", status=404)


def key_reused(message: str) -> StripeError:
    """
    Refuse an idempotency key that was used for something else.
    """
    return StripeError(status=400, error={"message": message, "type": "idempotency_error"}, kept=False)


def key_in_use() -> StripeError:
    """
    Refuse an idempotency key whose first request has not been answered yet.
    """
    message = "There is currently another in-progress request using this Stripe-Idempotency-Key. Please try again later."
    return invalid(message, code="idempotency_key_in_use", status=409)


def out_of_order() -> StripeError:
    """
    Fail before anything was done, as an overloaded service does (the `answers` knob).
    """
    error = {"message": "An error occurred. Please try again.", "type": "api_error"}
    return StripeError(status=503, error=error, kept=False)


def _error(message: str, *, code: str | None = None, param: str | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"message": message, "type": "invalid_request_error"}
    if code is not None:
        error |= {"code": code, "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"}
    if param is not None:
        error["param"] = param
    return error
