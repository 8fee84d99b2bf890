from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.schemas.base import Request, View
from chalicelib.api.schemas.fields import Moment, Phone

Challenge = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w-]+$")]
RefreshToken = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[\w.-]+$"), Field(examples=["ses_1.secret"])]


class CodeRequest(Request):
    """
    Where to send a code.
    """

    phone: Phone
    channel: Literal["sms", "messenger"] = "sms"


class ChallengeView(View):
    """
    The same whether the phone is known or not.
    """

    challenge_id: str
    expires_at: Moment


class CodeAnswerRequest(Request):
    """
    The code that came.
    """

    challenge_id: Challenge = Field(examples=["chl_1"])
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$"), Field(examples=["123456"])]


class RefreshRequest(Request):
    """
    A refresh token, good once; a spent one ends the whole family.
    """

    refresh_token: RefreshToken


class TokensView(View):
    """
    What a sign-in gives.
    """

    access_token: str
    refresh_token: str
    expires_in: int = Field(description="Seconds.", examples=[900])
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - RFC 6750's word
