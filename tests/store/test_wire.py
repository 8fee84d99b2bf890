"""
The short way to the engine: what goes over the wire, whose errors come back, and that botocore's listeners hear it.
"""

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.session import get_session
from urllib3 import Timeout

from chalicelib.store.retries import Failure, classify
from chalicelib.store.wire import Wire
from local.engines.engine import free_port

REGION = "eu-central-1"
ROLE = Credentials("AKIAROLE", "secret", "token of a role")
ASKED = {"TableName": "queue-bookings", "Key": {"id": {"S": "бк_1"}}, "ConsistentRead": True}


class Listener(ThreadingHTTPServer):
    """
    An endpoint that keeps what it was sent and answers what it was told to: (status, body), or none to hang up.
    """

    daemon_threads = True

    def __init__(self):
        self.heard, self.answers, self.connections = [], [], set()
        super().__init__(("127.0.0.1", 0), Hearing)

    @property
    def url(self):
        """
        Spell its address.
        """
        return f"http://127.0.0.1:{self.server_port}"


class Hearing(BaseHTTPRequestHandler):
    """
    One connection.
    """

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """
        Take a call.
        """
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.server.connections.add(self.client_address)
        answer = self.server.answers.pop(0) if self.server.answers else (200, b"{}")
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer[0])
        self.send_header("Content-Length", str(len(answer[1])))
        self.send_header("x-amzn-RequestId", "r-1")
        self.end_headers()
        self.wfile.write(answer[1])

    def log_message(self, *_):
        """
        Say nothing.
        """


@pytest.fixture
def listener():
    """
    An endpoint of the test's own.
    """
    with Listener() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def wire_to(url, *, read=2.0):
    """
    Open the way to an endpoint, with a role's credentials.
    """
    session = get_session()
    session.set_credentials(ROLE.access_key, ROLE.secret_key, ROLE.token)
    client = session.create_client("dynamodb", REGION, endpoint_url=url)
    return Wire(client, credentials=session.get_credentials(), timeout=Timeout(connect=0.5, read=read), pool=4)


def ask(wire, operation="GetItem", asked=ASKED):
    """
    Make a call as PynamoDB does.
    """
    return wire._make_api_call(operation, dict(asked))


@contextmanager
def raising(kind, failure):
    """
    Expect botocore's own error, and what the store makes of it.
    """
    with pytest.raises(kind) as caught:
        yield caught
    assert failure is classify(caught.value)


class TestWire:
    def test_says_what_botocore_says(self, listener):
        """
        Target, contents and signature are those of botocore's own call: a signature that AWS would compute anew from what arrived.
        """
        wire = wire_to(listener.url)

        ask(wire)
        wire.get_item(**ASKED)

        (ours, our_body), (its, its_body) = listener.heard
        assert json.loads(its_body) == json.loads(our_body) == ASKED
        same = ("x-amz-target", "content-type", "host", "x-amz-security-token")
        assert [its[name] for name in same] == [ours[name] for name in same]
        request = AWSRequest("POST", f"{listener.url}/", data=our_body, headers=_signed(ours))
        request.context["timestamp"] = ours["x-amz-date"]
        signer = SigV4Auth(ROLE, "dynamodb", REGION)
        signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
        assert ours["authorization"].endswith(f"Signature={signature}")
        assert f"Credential=AKIAROLE/{ours['x-amz-date'][:8]}/{REGION}/dynamodb/aws4_request" in ours["authorization"]

    def test_leaves_all_but_rows_to_botocore(self, listener):
        """
        What is answered in other shapes than it is sent, such as moments, is read by the client itself.
        """
        listener.answers.append((200, json.dumps({"Table": {"TableName": "t", "CreationDateTime": 1.5}}).encode()))

        answer = ask(wire_to(listener.url), "DescribeTable", {"TableName": "t"})

        assert 1970 == answer["Table"]["CreationDateTime"].year

    @pytest.mark.parametrize("spelled", ["com.amazonaws.dynamodb.v20120810#{}", "{}", "{}:http://internal.amazon.com/x"])
    def test_raises_the_engines_refusal_as_the_clients_own(self, listener, spelled):
        """
        However an error's code is spelled, it comes back as the client's exception, with reasons and the request's id.
        """
        reasons = [{"Code": "ConditionalCheckFailed"}, {"Code": "None"}]
        code = "TransactionCanceledException"
        listener.answers.append(
            (400, json.dumps({"__type": spelled.format(code), "Message": "m", "CancellationReasons": reasons}).encode())
        )
        wire = wire_to(listener.url)

        with pytest.raises(wire.exceptions.TransactionCanceledException) as caught:
            ask(wire, "TransactWriteItems", {"TransactItems": []})

        answer = caught.value.response
        assert {"Code": code, "Message": "m"} == answer["Error"]
        assert reasons == answer["CancellationReasons"]
        assert "r-1" == answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]

    @pytest.mark.parametrize(("status", "body"), [(503, b"<html>busy</html>"), (500, b""), (502, b"{}")])
    def test_names_an_answer_that_is_not_the_engines_by_its_status(self, listener, status, body):
        """
        Something on the way answered: nobody knows what was done.
        """
        listener.answers.append((status, body))

        with raising(ClientError, Failure.UNKNOWN) as caught:
            ask(wire_to(listener.url))

        assert str(status) == caught.value.response["Error"]["Code"]

    def test_tells_what_never_arrived_from_what_may_have(self, listener):
        """
        No connection: nothing was done. A connection lost or silent after the call was sent: nobody knows.
        """
        with raising(EndpointConnectionError, Failure.UNDONE):
            ask(wire_to(f"http://127.0.0.1:{free_port()}"))
        listener.answers.append(None)
        with raising(ConnectionClosedError, Failure.UNKNOWN):
            ask(wire_to(listener.url))
        with deaf() as url, raising(ReadTimeoutError, Failure.UNKNOWN):
            ask(wire_to(url, read=0.1))

    def test_keeps_its_connections_and_survives_their_end(self, listener):
        """
        Calls share a connection; one that the other side has closed in between is opened anew, unnoticed.
        """
        wire = wire_to(listener.url)

        for _ in range(3):
            ask(wire)
        assert 1 == len(listener.connections)
        listener.answers.append(None)
        with pytest.raises(ConnectionClosedError):
            ask(wire)

        assert {} == ask(wire)
        assert 2 == len(listener.connections)


def _signed(headers):
    names = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    return {name: value for name, value in headers.items() if name in names}


@contextmanager
def deaf():
    """
    Give an address where somebody takes calls and never answers.
    """
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen()
        yield f"http://127.0.0.1:{ear.getsockname()[1]}"
