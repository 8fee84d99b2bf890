import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from chalicelib.contracts import messages, topics
from chalicelib.contracts.admissions import AdmissionsWanted
from chalicelib.contracts.passages import Heartbeat
from infra import rights
from infra.app import synthesize
from infra.deployment import Deployment
from infra.package import MOST_UNZIPPED, MOST_ZIPPED, ROOT, build
from local.engines.engine import free_port
from tests.infra import seeds
from tests.infra.deployed import Cloud
from tests.local.ministack.engine import Engine

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("infra")]

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
"""MiniStack runs functions with this machine's Python, so the package is for that one here."""
HERE = "nur-zholy"
STATED = (
    "content-type",
    "content-language",
    "cache-control",
    "access-control-allow-origin",
    "x-content-type-options",
    "content-disposition",
)


@pytest.fixture(scope="module")
def package():
    return build(python=PYTHON)


@pytest.fixture(scope="module")
def deployment():
    return Deployment("test", PYTHON)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """
    A MiniStack after `cdk bootstrap`.
    """
    engine = Engine(tmp_path_factory.mktemp("ministack"))
    engine.start()
    made = Cloud(engine.endpoint)
    made.bootstrap()
    yield made
    engine.kill()


@pytest.fixture(scope="module")
def deployed(cloud, package, deployment, tmp_path_factory):
    """
    A client of the deployed API.
    """
    seeds.lay_values(cloud, deployment)
    template = synthesize(package=package, stage=deployment.stage, out=tmp_path_factory.mktemp("cdk"))
    api = cloud.deploy(template)["RestApiId"]
    cloud.answer_as_described(template, api)
    with httpx.Client(base_url=f"{cloud.endpoint}/_aws/execute-api/{api}/api", timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def front(cloud, deployed, deployment, tmp_path_factory):
    """
    A client of the local front, on the same tables and secrets.
    """
    folder, port = tmp_path_factory.mktemp("front"), free_port()
    (folder / "front.json").write_text(json.dumps({"runtime": "runtime.json"}))
    command = [sys.executable, "-m", "local.front", "--port", str(port), "--config", str(folder / "front.json")]
    environment = {**os.environ, **seeds.environment(cloud, deployment)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            wait_for(client)
            yield client
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def user(cloud, deployed, deployment):
    """
    Headers of a user with a confirmed booking.
    """
    return seeds.lay_rows(cloud, deployment)


@pytest.fixture(scope="module")
def store(cloud, deployment):
    return seeds.store_of(cloud, deployment)


def wait_for(client):
    deadline = time.monotonic() + 30
    while True:
        try:
            client.get("/v1/health")
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def eventually(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def shadow_of(devices, thing):
    try:
        return json.loads(devices.get_thing_shadow(thingName=thing, shadowName=topics.SHADOW_NAME)["payload"].read())
    except devices.exceptions.ResourceNotFoundException:
        return None


def both(deployed, front, method, path, **headers):
    """
    The same request in both places.
    """
    return deployed.request(method, path, headers=headers), front.request(method, path, headers=headers)


def stated(answer):
    """
    What an answer says beside its body, but for ids and dates.
    """
    return {name: answer.headers[name] for name in STATED if name in answer.headers}


class TestPackage:
    def test_is_within_lambdas_limits(self, package):
        """
        At most 50 MB zipped and 250 MB unzipped.
        """
        zipped, unzipped = package.sizes()
        print(f"{zipped / 1e6:.1f} MB zipped, {unzipped / 1e6:.1f} MB unzipped")  # noqa: T201 - figures to be seen

        assert zipped <= MOST_ZIPPED
        assert unzipped <= MOST_UNZIPPED


class TestDeployedApi:
    def test_health_answers_as_on_the_local_front(self, deployed, front):
        """
        The simplest answer is the same in both places.
        """
        cloud, local = both(deployed, front, "GET", "/v1/health")

        assert (200, local.json()) == (cloud.status_code, cloud.json())
        assert stated(local) == stated(cloud)

    def test_a_pass_arrives_as_the_bytes_of_a_pdf(self, deployed, front, user):
        """
        A binary answer survives API Gateway: signed anew each time, otherwise the same sheet.
        """
        path = f"/v1/bookings/{seeds.BOOKING}/pass"
        cloud, local = both(deployed, front, "GET", path, Accept="application/pdf", **user)

        assert (200, 200) == (cloud.status_code, local.status_code), cloud.text
        assert stated(local) == stated(cloud)
        assert cloud.content.startswith(b"%PDF-")
        assert cloud.content.rstrip().endswith(b"%%EOF")
        assert abs(len(cloud.content) - len(local.content)) < len(local.content) / 20

    def test_an_unknown_path_is_the_same_problem(self, deployed, front):
        """
        API Gateway's own 403 never shows.
        """
        cloud, local = both(deployed, front, "GET", "/v1/no-such-thing")

        assert (404, "application/problem+json") == (cloud.status_code, cloud.headers["content-type"])
        assert (local.status_code, local.json()) == (cloud.status_code, cloud.json())
        assert stated(local) == stated(cloud)

    def test_a_foreign_or_unknown_thing_is_the_same_problem(self, deployed, front, user):
        """
        What the function itself refuses is the same too, in the caller's language.
        """
        cloud, local = both(deployed, front, "GET", "/v1/bookings/bkg_unknown", **user, **{"Accept-Language": "kk"})

        assert (404, local.json()) == (cloud.status_code, cloud.json())
        assert stated(local) == stated(cloud)

    def test_without_a_token_nobody_comes_in(self, deployed, front):
        """
        401 with a challenge in both places.
        """
        cloud, local = both(deployed, front, "GET", "/v1/me")

        assert (401, local.json()) == (cloud.status_code, cloud.json())
        assert local.headers["www-authenticate"] == cloud.headers["www-authenticate"]


class TestDeployedSteps:
    @pytest.mark.parametrize("step", sorted(rights.STEPS))
    def test_runs_where_it_is_deployed(self, cloud, deployed, step):
        """
        Each step finds its code, its settings and its tables, with the rights it was given.
        """
        answer = cloud.invoke(f"functions.{step}.handler.handler", {"Records": [], "checkpoints": [HERE]})

        assert isinstance(answer, dict), answer

    def test_days_are_opened_and_settled_in_the_deployed_tables(self, cloud, deployed, store):
        """
        What a step may write, it writes: 90 days of plans, and every closed day's settlement.
        """
        today = datetime.now(UTC).date()
        cloud.invoke("functions.open_days.handler.handler", {"checkpoints": [HERE]})
        cloud.invoke("functions.settle_days.handler.handler", {})

        plans = store.places.plans(HERE, first=today - timedelta(days=1), last=today + timedelta(days=120))
        assert 89 <= len(plans) <= 91
        assert store.ledger.settlements(limit=10, cursor=None).items


class TestDeployedGateways:
    def test_what_a_gateway_says_reaches_the_tables_and_is_answered(self, cloud, deployed, store):
        """
        Topic → rule → queue → function → table, and back: the list that a gateway asked for lies signed in its shadow.
        """
        devices, thing = cloud.client("iot-data"), topics.thing(HERE)
        cloud.client("iot").create_thing(thingName=thing)
        beat = Heartbeat("jr_1", 0, datetime.now(UTC), 0)
        devices.publish(topic=topics.heartbeat(thing), qos=1, payload=messages.to_json(beat).encode())
        eventually(lambda: store.passages.gateway(HERE).last_seen is not None)
        devices.publish(topic=topics.admissions_wanted(thing), qos=1, payload=messages.to_json(AdmissionsWanted(0)).encode())
        eventually(lambda: store.passages.gateway(HERE).admissions_version > 0)

        eventually(lambda: shadow_of(devices, thing) is not None)

        desired = shadow_of(devices, thing)["state"]["desired"]
        assert store.passages.gateway(HERE).admissions_version == desired["admissions"]["version"]


class TestDeployedRoles:
    def test_a_role_is_refused_what_it_was_not_given(self, cloud, deployed, deployment):
        """
        The step that opens days cannot read people: rights are enforced here as there.
        """
        role = cloud.role_of("functions.open_days.handler.handler")
        dynamodb = cloud.client_as(role, "dynamodb")
        prefix = deployment.table_prefix

        assert dynamodb.query(
            TableName=f"{prefix}plans",
            KeyConditionExpression="checkpoint = :here",
            ExpressionAttributeValues={":here": {"S": HERE}},
        )
        with pytest.raises(dynamodb.exceptions.ClientError, match="AccessDenied"):
            dynamodb.get_item(TableName=f"{prefix}people", Key={"id": {"S": "per_1"}})
        with pytest.raises(dynamodb.exceptions.ClientError, match="AccessDenied"):
            dynamodb.scan(TableName=f"{prefix}plans")
