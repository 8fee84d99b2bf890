import json

import pytest

from infra.app import synthesize
from infra.package import build


@pytest.fixture(scope="session")
def bare_package(tmp_path_factory):
    """
    What Chalice packages, without the libraries: its template is whole.
    """
    return build(into=tmp_path_factory.mktemp("lambda"), wheels=False)


@pytest.fixture(scope="session")
def template(bare_package, tmp_path_factory):
    """
    The synthesized cloud.
    """
    return json.loads(synthesize(package=bare_package, stage="test", out=tmp_path_factory.mktemp("cdk")).read_text())


@pytest.fixture(scope="session")
def resources(template):
    """
    The synthesized resources of one type, by logical id.
    """

    def of(type_):
        return {name: made["Properties"] for name, made in template["Resources"].items() if made["Type"] == type_}

    return of
