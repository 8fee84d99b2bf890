"""
What is written for readers is true: links lead somewhere, the version is told, the catalog entry is valid.
"""

import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
import yaml

from chalicelib.api.version import VERSION
from tests.tidy import tree

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
DECISION = re.compile(r"^docs/decisions/(\d{4})-[a-z0-9-]+\.md$")

STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
KINDS = {f"standalone/{kind}" for kind in ("mobile", "iot", "desktop", "web", "backend", "other")}
KINDS |= {"addon", "library", "configurationFiles"}
MAINTENANCE = {"internal", "contract", "community", "none"}


def anchors(content):
    """
    What a document's headings can be linked by.
    """
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in HEADING.findall(content)}


def broken(name):
    """
    The relative links of a document that lead nowhere.
    """
    found = []
    for target in LINK.findall(FENCE.sub("", tree.text(name))):
        if urlparse(target).scheme:
            continue
        path, _, anchor = target.partition("#")
        to = ((tree.ROOT / name).parent / unquote(path)).resolve() if path else tree.ROOT / name
        if not to.exists() or (anchor and to.suffix == ".md" and anchor not in anchors(to.read_text(encoding="utf-8"))):
            found.append(f"{name}: {target}")
    return found


@pytest.fixture(scope="module")
def entry():
    """
    The entry for catalogs of public software.
    """
    return yaml.safe_load(tree.text("publiccode.yml"))


class TestDocuments:
    def test_every_relative_link_leads_somewhere(self):
        """
        To a file of the tree, and to a heading of it where one is named.
        """
        assert not [link for name in tree.named(".md") for link in broken(name)]

    def test_the_changelog_tells_the_current_version(self):
        """
        The version of the package is the API's and heads a section of the changelog.
        """
        declared = tomllib.loads(tree.text("pyproject.toml"))["project"]["version"]

        assert declared == VERSION
        assert re.search(rf"^## \[{re.escape(declared)}\]", tree.text("CHANGELOG.md"), re.MULTILINE)

    def test_decisions_are_numbered_once_each_and_say_what_else_was_weighed(self):
        """
        One page each under a number of its own, with what, why and the alternatives.
        """
        pages = [name for name in tree.named(".md", under="docs/decisions/") if DECISION.match(name)]
        numbers = sorted(int(DECISION.match(name)[1]) for name in pages)

        assert numbers == sorted(set(numbers))
        for name in pages:
            assert {"what", "why", "what-else-was-weighed"} <= anchors(tree.text(name)), name

    @pytest.mark.parametrize("name", ["README.md", "LICENSE", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "publiccode.yml"])
    def test_what_every_public_project_has_is_there(self, name):
        """
        The documents that a reader from outside looks for first.
        """
        assert Path(tree.ROOT / name).stat().st_size > 0


class TestCatalogEntry:
    def test_has_the_keys_that_the_standard_requires(self, entry):
        """
        The mandatory keys of publiccode.yml 0.4, with values from its lists.
        """
        assert str(entry["publiccodeYmlVersion"]).startswith("0.4")
        assert {"name", "url", "platforms", "developmentStatus", "softwareType"} <= entry.keys()
        assert entry["developmentStatus"] in STATUSES
        assert entry["softwareType"] in KINDS
        assert entry["platforms"]
        assert urlparse(entry["url"]).scheme == "https"
        assert isinstance(entry["localisation"]["localisationReady"], bool)
        assert {"kk", "ru", "en"} <= set(entry["localisation"]["availableLanguages"])

    def test_describes_the_software_in_every_language_it_speaks(self, entry):
        """
        A sentence of at most 150 characters, a text of 150 to 10,000, and its features.
        """
        for said in entry["description"].values():
            assert 0 < len(said["shortDescription"].strip()) <= 150
            assert 150 <= len(said["longDescription"].strip()) <= 10_000
            assert said["features"]

    def test_names_the_license_and_who_maintains_it(self, entry):
        """
        The SPDX name fits the text in LICENSE, and somebody can be asked.
        """
        assert entry["legal"]["license"] == "Apache-2.0"
        assert "Apache License" in tree.text("LICENSE")
        assert entry["maintenance"]["type"] in MAINTENANCE
        assert entry["maintenance"].get("contacts") or entry["maintenance"].get("contractors")

    def test_tells_the_version_of_the_changelog(self, entry):
        """
        `softwareVersion` is the current one; a date is told only once there is a release.
        """
        assert entry["softwareVersion"] == VERSION
        assert "releaseDate" not in entry or date.fromisoformat(str(entry["releaseDate"]))
