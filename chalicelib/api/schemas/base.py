"""
What every schema shares: requests take nothing they do not know, views leave out what there is not.
"""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

ItemT = TypeVar("ItemT")

# Schemas are built at their first use (`defer_build`): a cold start pays for those of its own request only.


class Request(BaseModel):
    """
    A request body: unknown fields are refused, values are taken as they are written.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class Query(BaseModel):
    """
    Query parameters: unknown ones are refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class View(BaseModel):
    """
    What an answer shows.
    """

    model_config = ConfigDict(frozen=True, serialize_by_alias=True, validate_by_name=True, validate_by_alias=True, defer_build=True)


class Page(View, Generic[ItemT]):
    """
    A page of a list; `next_cursor` is null on the last one.
    """

    items: list[ItemT]
    next_cursor: str | None = Field(default=None, description="Give it as `cursor` for the next page.")


class PageQuery(Query):
    """
    Which page of a list.
    """

    limit: int = Field(default=20, ge=1, le=100, description="Items on a page.")
    cursor: str | None = Field(default=None, min_length=1, max_length=1024, description="From `next_cursor` of the page before.")


class WholeQuery(Query):
    """
    Which page of a list that is short enough to come whole.
    """

    limit: int | None = Field(default=None, ge=1, le=100, description="Items on a page; all when not said.")
    cursor: str | None = Field(default=None, min_length=1, max_length=1024, description="From `next_cursor` of the page before.")


def absent(**described: Any) -> Any:
    """
    Declare a field of a view that is left out of the answer when there is nothing to show.
    """
    return Field(default=None, exclude_if=_is_none, **described)


def _is_none(value: object) -> bool:
    return value is None
