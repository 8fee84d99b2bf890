"""
The engine's package and process.
"""

import io
import socket
import subprocess
import sys
import tarfile
import time

import pytest

from local.engines import package
from local.engines.engine import Engine, EngineNotStartedError, engine_command, free_port


def archive(content=b"x"):
    """
    A package as npm packs it.
    """
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as packed:
        member = tarfile.TarInfo(package.MEMBER)
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))
    return file.getvalue()


class TestPackage:
    def test_refuses_a_package_that_was_not_pinned(self):
        """
        A package with another hash is never unpacked, whatever is in it.
        """
        with pytest.raises(package.EngineUnavailableError, match="pinned"):
            package.unpack(archive())

    def test_takes_the_cached_binary_without_npm(self, tmp_path, monkeypatch):
        """
        A second start needs no network and no npm.
        """
        package.binary(tmp_path).write_bytes(b"binary")
        monkeypatch.setenv("PATH", str(tmp_path))

        assert b"binary" == package.fetch(tmp_path).read_bytes()

    def test_says_that_npm_is_missing(self, tmp_path, monkeypatch):
        """
        Without npm and without a cache there is an error that names the cure, and no half a file.
        """
        monkeypatch.setenv("PATH", str(tmp_path))

        with pytest.raises(package.EngineUnavailableError, match="npm"):
            package.fetch(tmp_path / "cache")
        assert [] == list((tmp_path / "cache").iterdir())


class TestEngineCommand:
    def test_keeps_its_file_in_the_state_folder(self, tmp_path):
        """
        With a state folder the engine writes there and listens on loopback; without one it has no file.
        """
        command = engine_command(port=1234, state=tmp_path)

        assert "127.0.0.1" == command[command.index("--host") + 1]
        assert command[-1].startswith(str(tmp_path))
        assert "--db-path" not in engine_command(port=1234, state=None)

    def test_falls_back_to_ministack_where_the_binary_does_not_run(self, tmp_path, monkeypatch):
        """
        On another platform MiniStack's DynamoDB serves.
        """
        monkeypatch.setattr(package.platform, "machine", lambda: "arm64")

        assert "local.ministack" in engine_command(port=1234, state=tmp_path)


class TestEngine:
    def test_ends_what_it_started(self):
        """
        The port answers while the engine runs, and nobody holds it afterwards.
        """
        with Engine() as engine, socket.create_connection(("127.0.0.1", engine.port), timeout=1):
            pass
        with socket.socket() as probe:
            assert 0 != probe.connect_ex(("127.0.0.1", engine.port))

    def test_says_when_the_engine_does_not_start(self, tmp_path):
        """
        A state file that is no database is an error, not a wait.
        """
        (tmp_path / "dynamodb.sqlite").write_bytes(b"not a database" * 100)

        with pytest.raises(EngineNotStartedError):
            Engine(state=tmp_path).start()

    def test_serves_as_a_process_of_its_own(self, tmp_path):
        """
        `serve` becomes the engine: the signal to the process ends the engine itself.
        """
        port = free_port()
        command = [sys.executable, "-m", "local.engines", "serve", "--port", str(port), "--state", str(tmp_path / "new")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 10
            with socket.socket() as probe:
                while probe.connect_ex(("127.0.0.1", port)) != 0:
                    assert time.monotonic() < deadline
                    time.sleep(0.02)
        finally:
            process.terminate()
            process.wait(10)
        assert (tmp_path / "new" / "dynamodb.sqlite").exists()
        with socket.socket() as probe:
            assert 0 != probe.connect_ex(("127.0.0.1", port))
