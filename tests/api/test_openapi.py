import json
import re

import jsonschema
import pytest
from openapi_spec_validator import validate

from chalicelib.api import openapi, routes
from chalicelib.api.operation import OPERATIONS, SIGNED_IN
from chalicelib.domain.decisions import Code
from tests.api.forms import HERE


@pytest.fixture(scope="module")
def document():
    routes.load_all()
    return json.loads(json.dumps(openapi.document()))


class TestDocument:
    def test_is_openapi_3_1(self, document):
        """
        A validator of the specification finds nothing to say.
        """
        validate(document)
        assert document["openapi"].startswith("3.1")

    def test_describes_every_route_of_the_application_and_no_other(self, document, client):
        """
        What Chalice routes is what the document says.
        """
        routed = {(path, method.lower()) for path, methods in client.app.routes.items() for method in methods}
        described = {(path, method) for path, methods in document["paths"].items() for method in methods}

        assert routed == described

    def test_names_every_operation_once_and_says_what_it_is(self, document):
        """
        Operation ids are unique; each has a summary, a description, and documented answers of every kind.
        """
        operations = [item for methods in document["paths"].values() for item in methods.values()]

        assert len(operations) == len({item["operationId"] for item in operations}) == len(OPERATIONS)
        assert all(item["summary"] and item["description"] and item["tags"] for item in operations)
        assert all({"429", "503"} <= set(item["responses"]) for item in operations)

    def test_says_who_may(self, document):
        """
        Everything that is not public asks for a token and answers 401 and 403.
        """
        for operation in OPERATIONS.values():
            item = document["paths"][operation.path][operation.method.lower()]
            assert ("security" in item) == bool(operation.roles), operation.name
            if operation.roles:
                assert {"401", "403"} <= set(item["responses"]), operation.name
                assert set(item["x-roles"]) <= set(SIGNED_IN)

    def test_takes_no_unknown_field_anywhere(self, document):
        """
        T03: every schema of a request is closed.
        """
        schemas = document["components"]["schemas"]
        asked = set()

        def walk(schema):
            for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schema)):
                if name not in asked:
                    asked.add(name)
                    walk(schemas[name])

        for methods in document["paths"].values():
            for item in methods.values():
                walk(item.get("requestBody", {}))
        assert {
            name for name in asked if schemas[name]["type"] == "object" and schemas[name].get("additionalProperties") is not False
        } == set()
        assert len(asked) > 10

    def test_knows_only_codes_that_exist(self, document):
        """
        Every code in it is one of the enum's.
        """
        named = {
            code
            for methods in document["paths"].values()
            for item in methods.values()
            for response in item["responses"].values()
            for code in response.get("content", {})
            .get("application/problem+json", {})
            .get("schema", {})
            .get("properties", {})
            .get("code", {})
            .get("enum", ())
        }

        assert named <= set(Code)

    def test_shapes_real_answers(self, document, house):
        """
        What the service answers is what its document promises.
        """
        user, officer = house.user(), house.staff("officer", HERE)
        booking = house.confirmed(user)
        asked = {
            "/v1/checkpoints": {},
            "/v1/checkpoints/{id}": {},
            "/v1/checkpoints/{id}/days": {},
            "/v1/checkpoints/{id}/first-free": {},
            "/v1/checkpoints/{id}/board": {},
            "/v1/fees": {},
            "/v1/agreement": {},
            "/v1/me": user,
            "/v1/me/wallet": user,
            "/v1/me/wallet/entries": user,
            "/v1/bookings": user,
            "/v1/bookings/{id}": user,
            "/v1/officer/checkpoints/{id}/live": officer,
            "/.well-known/jwks.json": {},
        }
        for path, headers in asked.items():
            answer = house.get(path.format(id=booking if "bookings" in path else HERE), headers)
            schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            jsonschema.validate(answer.json, {**schema, "components": document["components"]}, jsonschema.Draft202012Validator)


class TestDocsPage:
    def test_shows_every_operation_and_every_code(self, client):
        """
        The page has an anchor for each, is served by us alone, and runs no script.
        """
        page = client.send("GET", "/docs").body.decode()

        assert all(f'id="{operation.id}"' in page for operation in OPERATIONS.values())
        assert all(f'id="problem-{code}"' in page for code in Code)
        assert "<script" not in page
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []
