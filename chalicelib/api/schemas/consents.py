"""
Consents to the processing of personal data, and identity sessions.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.api.schemas.base import Page, Request, View, absent
from chalicelib.api.schemas.fields import Moment, check_iin, fault
from chalicelib.domain.consents import ConsentStatus, Via
from chalicelib.domain.identity import SessionStatus

IIN_LENGTH = 12


def check_subject(value: str) -> str:
    """
    Take `user`, or a person by IIN.
    """
    if value == "user":
        return value
    if len(value) != IIN_LENGTH:
        raise fault("iin")
    return check_iin(value)


Subject = Annotated[
    str, AfterValidator(check_subject), Field(max_length=IIN_LENGTH, description="`user`, or a person's IIN.", examples=["880101300123"])
]


class ConsentRequest(Request):
    """
    Whose consent is asked for.
    """

    kind: Literal["personal_data"]
    subject: Subject


class ConsentView(View):
    """
    A consent: by whom it is vouched for, to which text it was given, when. Who gave it is not told again.
    """

    id: str
    kind: Literal["personal_data"] = "personal_data"
    subject: str = Field(description="The role in which it was asked for.", examples=["driver"])
    status: ConsentStatus
    via: Via
    text_version: str
    text_sha256: str
    asked_at: Moment
    answered_at: Moment | None = absent()


class ConsentPage(Page[ConsentView]):
    """
    Consents.
    """


class IdentitySessionRequest(Request):
    """
    Who is to show his face.
    """

    subject: Subject


class IdentitySessionView(View):
    """
    A session at the identity provider; `url` is its page, `id` goes into `drivers[].identity_session`.
    """

    id: str
    url: str
    status: SessionStatus
    created_at: Moment
    completed_at: Moment | None = absent()
    valid_until: Moment | None = absent()
