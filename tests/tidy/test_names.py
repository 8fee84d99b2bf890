"""
No room is named for what does not fit elsewhere, and no file holds what belongs to one machine.
"""

import re
from pathlib import PurePosixPath

from tests.tidy import tree

DUMPING_ROOMS = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"})
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
BUILD_MACHINE = re.compile(r"(?<![\w.})\]/-])/(?:(?:wo" + r"rk|ro" + r"ot)(?![\w-])|ho" + r"me/[\w.])")
REGISTRY_HOSTS = ("registry.npm" + "js.org", "py" + "pi.org", "files.python" + "hosted.org", "npm" + "mirror.com")
INDEX_OPTIONS = re.compile(r"^\s*--(?:index-url|extra-index-url|find-links|trusted-host)\b", re.MULTILINE)


def places(pattern):
    """
    Every place in a text file that a pattern matches.
    """
    found = []
    for name in tree.files():
        content = tree.text(name)
        if content is not None and pattern.search(content):
            found += [f"{name}:{number}" for number, line in enumerate(content.splitlines(), 1) if pattern.search(line)]
    return found


class TestNames:
    def test_no_room_is_a_dumping_room(self):
        """
        No folder and no module is called utils, helpers, common, manager or misc.
        """
        parts = {name: {*PurePosixPath(name).with_suffix("").parts} for name in tree.named(".py", ".ts", ".tsx", ".css")}

        assert not [name for name, words in parts.items() if words & DUMPING_ROOMS]

    def test_nothing_is_left_to_do_in_a_comment(self):
        """
        What is still to come is an issue, not a mark in the text.
        """
        assert not places(UNFINISHED)


class TestMachines:
    def test_no_file_names_a_folder_of_the_machine_that_built_it(self):
        """
        No absolute path of a workplace or a person's home.
        """
        assert not places(BUILD_MACHINE)

    def test_no_file_names_a_registrys_host(self):
        """
        Packages come from wherever the operator's own clients are pointed; lock files hold versions and hashes only.
        """
        assert not places(re.compile("|".join(re.escape(host) for host in REGISTRY_HOSTS)))

    def test_lock_files_pin_by_hash_and_name_no_place(self):
        """
        No `resolved` address in npm's lock files, no index option in pip's, and a hash for every requirement.
        """
        npm = [name for name in tree.named("package-lock.json") if '"resolved": "http' in tree.text(name)]
        pip = [name for name in tree.named(".txt") if "requirements" in name and INDEX_OPTIONS.search(tree.text(name))]
        unpinned = [name for name in tree.named(".txt") if "requirements" in name and "--hash=sha256:" not in tree.text(name)]

        assert not npm + pip + unpinned
