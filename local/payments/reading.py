"""
Objects read one by one or in pages, with references expanded where asked.
"""

from collections.abc import Callable
from typing import Any

from local.payments.account import Account, Call
from local.payments.problems import invalid
from local.payments.shapes import new_customer

Handler = Callable[[Account, Call], dict[str, Any]]
PAGE_DEFAULT = 10
PAGE_MAX = 100
EXPANDABLE = {
    "charge": "charge",
    "latest_charge": "charge",
    "customer": "customer",
    "payment_intent": "payment_intent",
    "balance_transaction": "balance_transaction",
    "failure_balance_transaction": "balance_transaction",
    "source": "",
}
SOURCES = {"ch": "charge", "re": "refund", "du": "dispute", "po": "payout"}
"""What an entry's source is, by how its id begins."""
LEVELS_MAX = 4


def retriever(kind: str) -> Handler:
    """
    GET /v1/<kind>s/{id}.
    """

    def retrieve(account: Account, call: Call) -> dict[str, Any]:
        call.parameters.only()
        return account.objects.get(kind=kind, reference=call.reference)

    return retrieve


def lister(kind: str, *filters: str) -> Handler:
    """
    GET /v1/<kind>s: newest first, `limit` (1–100), `starting_after`, `ending_before`, `created` and the given fields as filters.
    """

    def page(account: Account, call: Call) -> dict[str, Any]:
        given = call.parameters
        given.only("limit", "starting_after", "ending_before", "created", *filters)
        limit = given.positive("limit") or PAGE_DEFAULT
        if limit > PAGE_MAX:
            raise invalid(f"This value must be less than or equal to {PAGE_MAX}.", code="parameter_invalid_integer", param="limit")
        after, before = given.text("starting_after"), given.text("ending_before")
        for name, cursor in (("starting_after", after), ("ending_before", before)):
            if cursor is not None:
                account.objects.get(kind=kind, reference=cursor, param=name, in_path=False)
        equal = {name: [value] for name in filters if name != "types" and (value := given.text(name)) is not None}
        if "types" in filters and (types := given.names("types")):
            equal["type"] = types
        found, more = account.objects.page(kind=kind, limit=limit, equal=equal, span=given.span("created"), after=after, before=before)
        return {"object": "list", "data": found, "has_more": more, "url": f"/v1/{kind}s"}

    return page


def create_customer(account: Account, call: Call) -> dict[str, Any]:
    """
    POST /v1/customers.
    """
    names = ("name", "email", "phone", "description")
    call.parameters.only(*names, "metadata")
    fields = {name: call.parameters.text(name) for name in names}
    customer = new_customer(fields=fields, metadata=call.parameters.metadata(), now=call.now)
    account.objects.put(customer)
    account.emit("customer.created", subject=customer, call=call)
    return customer


def expand(account: Account, call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """
    Put objects in the place of the ids that `expand[]` names.
    """
    for path in call.parameters.names("expand"):
        steps = path.split(".")
        if len(steps) > LEVELS_MAX:
            raise invalid("You cannot expand more than 4 levels of a property.", param="expand")
        subjects = body["data"] if body["object"] == "list" and steps[0] == "data" else [body]
        for subject in subjects:
            _expand(account, subject, steps=steps[1:] if steps[0] == "data" else steps)
    return body


def _expand(account: Account, subject: dict[str, Any], *, steps: list[str]) -> None:
    if not steps:
        return
    name = steps[0]
    if name not in EXPANDABLE or name not in subject:
        raise invalid(f"This property cannot be expanded ({name[:40]}).", param="expand")
    if isinstance(subject[name], str):
        kind = SOURCES.get(subject[name].partition("_")[0], "") if name == "source" else EXPANDABLE[name]
        subject[name] = account.objects.get(kind=kind, reference=subject[name])
    if isinstance(subject[name], dict):
        _expand(account, subject[name], steps=steps[1:])
