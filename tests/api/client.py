"""
A client that speaks to a Chalice application as API Gateway does, without a socket.
"""

import base64
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        """
        The body, parsed.
        """
        return json.loads(self.body)

    @property
    def code(self):
        """
        A problem's code.
        """
        return self.json.get("code")

    @property
    def fields(self):
        """
        The fields a 422 names.
        """
        return [item["field"] for item in self.json["errors"]]


class Client:
    def __init__(self, app):
        self.app = app

    def send(self, method, path, *, body=None, headers=None, raw=None):
        """
        Make the event of a request and read the answer.
        """
        path, _, query = path.partition("?")
        resource, values = self.resource(path)
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if body is not None:
            raw = json.dumps(body).encode()
            sent.setdefault("content-type", "application/json")
        event = {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "multiValueQueryStringParameters": parse_qs(query, keep_blank_values=True) or None,
            "pathParameters": values or None,
            "stageVariables": None,
            "requestContext": {"resourcePath": resource, "httpMethod": method, "identity": {"sourceIp": "127.0.0.1"}},
            "body": base64.b64encode(raw).decode() if raw is not None else None,
            "isBase64Encoded": raw is not None,
        }
        answer = self.app(event, None)
        content = base64.b64decode(answer["body"]) if answer.get("isBase64Encoded") else answer["body"].encode()
        return Answer(answer["statusCode"], {name.lower(): value for name, value in answer["headers"].items()}, content)

    def resource(self, path):
        """
        Find the resource of a path and its parameters.
        """
        for pattern in sorted(self.app.routes, key=lambda item: item.count("{")):
            found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(pattern)), path)
            if found:
                return pattern, found.groupdict()
        raise LookupError(path)
