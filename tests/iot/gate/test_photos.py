import hashlib
import http.server
import os
import threading
from datetime import timedelta

import pytest

from chalicelib.contracts.passages import PhotoGranted
from iot.gate import photos
from iot.gate.photos import PhotoQueue, UnableToUploadError, put
from iot.kit.database import Database
from tests.iot.gate.lists import NOON
from tests.iot.kit.clocks import Ticks


class Bucket(http.server.BaseHTTPRequestHandler):
    """
    Takes what is put, or answers with the status in the path.
    """

    taken = None

    def do_PUT(self):
        """
        Note type and body.
        """
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).taken = (self.headers["Content-Type"], body)
        self.send_response(int(self.path.removeprefix("/")))
        self.end_headers()

    def log_message(self, *_):
        """
        Quiet.
        """


@pytest.fixture
def bucket():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Album:
    """
    A queue with photographs in its folder, and what was uploaded.
    """

    def __init__(self, directory):
        self.folder = directory / "photos"
        self.folder.mkdir()
        self.wall = Ticks(1000.0)
        database = Database(path=directory / "gate.db", schema=photos.SCHEMA)
        self.queue = PhotoQueue(database=database, folder=self.folder, wall=self.wall)
        self.uploaded = []

    def photograph(self, body, *, age=0.0):
        """
        One in the folder and in the queue; gives its hash.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        file = self.folder / f"{sha256}.jpg"
        file.write_bytes(body)
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
        self.queue.add(sha256)
        return sha256

    def grant(self, sha256, *, url="http://127.0.0.1/put", expires_at=NOON + timedelta(minutes=5)):
        """
        The cloud's answer, carried out at noon.
        """
        granted = PhotoGranted(sha256=sha256, expires_at=expires_at, url=url)
        self.queue.fulfil(granted, now=NOON, upload=lambda *, url, body: self.uploaded.append((url, body)))


@pytest.fixture
def album(tmp_path):
    return Album(tmp_path)


class TestPhotoQueue:
    def test_asks_for_each_photograph_until_it_is_put(self, album):
        """
        With its size; again after a while; never once the cloud has it.
        """
        sha256 = album.photograph(b"jpeg")
        assert [(sha256, 4)] == [(one.sha256, one.size) for one in album.queue.due()]
        assert [] == album.queue.due()
        album.wall.advance(15)
        assert 1 == len(album.queue.due())
        album.grant(sha256)
        album.wall.advance(15)
        assert [] == album.queue.due()
        assert [("http://127.0.0.1/put", b"jpeg")] == album.uploaded
        assert (album.folder / f"{sha256}.jpg").exists()

    def test_asks_for_a_few_at_once_oldest_first(self, album):
        """
        A day's photographs do not drown the journal.
        """
        taken = [album.photograph(bytes([number])) for number in range(6)]
        assert taken[:4] == [one.sha256 for one in album.queue.due()]
        for sha256 in taken[:3]:
            album.grant(sha256)
        assert taken[4:] == [one.sha256 for one in album.queue.due()]

    def test_needs_no_upload_where_the_cloud_has_it_already(self, album):
        """
        A grant without URL.
        """
        album.grant(album.photograph(b"jpeg"), url=None)
        assert ([], set()) == (album.uploaded, album.queue.pending())

    def test_does_nothing_about_late_and_unasked_grants(self, album):
        """
        A signed URL that is over would only be refused; a stranger's hash names no photograph of ours.
        """
        sha256 = album.photograph(b"jpeg")
        album.grant(sha256, expires_at=NOON)
        album.grant("cd" * 32)
        assert ([], {sha256}) == (album.uploaded, album.queue.pending())

    def test_keeps_what_was_not_taken(self, album):
        """
        It is asked for again.
        """
        sha256 = album.photograph(b"jpeg")

        def refuse(*, url, body):
            raise UnableToUploadError("no")

        granted = PhotoGranted(sha256=sha256, expires_at=NOON + timedelta(minutes=5), url="http://127.0.0.1/put")
        with pytest.raises(UnableToUploadError):
            album.queue.fulfil(granted, now=NOON, upload=refuse)
        assert {sha256} == album.queue.pending()

    def test_gives_up_a_photograph_whose_file_is_gone(self, album):
        """
        Somebody tidied the disk.
        """
        sha256 = album.photograph(b"jpeg")
        (album.folder / f"{sha256}.jpg").unlink()
        assert ([], set()) == (album.queue.due(), album.queue.pending())

    @pytest.mark.parametrize("name", ["../../etc/passwd", "AB" * 32, "ab" * 31, ""])
    def test_takes_only_hashes_for_names(self, album, name):
        """
        A report may say anything.
        """
        album.queue.add(name)
        assert set() == album.queue.pending()


class TestBudget:
    def test_deletes_sent_ones_first_and_then_the_oldest(self, album):
        """
        And says how many were lost unsent.
        """
        old, new, sent = album.photograph(b"a" * 100, age=300), album.photograph(b"b" * 100, age=200), album.photograph(b"c" * 100)
        album.grant(sent)
        assert 0 == album.queue.keep_within(200)
        assert {old, new} == {file.stem for file in album.folder.iterdir()}
        assert 1 == album.queue.keep_within(199)
        assert ({new}, {new}) == ({file.stem for file in album.folder.iterdir()}, album.queue.pending())


class TestPut:
    def test_puts_a_jpeg(self, bucket):
        """
        As the presigned URL demands it.
        """
        put(url=f"{bucket}/200", body=b"jpeg")
        assert ("image/jpeg", b"jpeg") == Bucket.taken

    @pytest.mark.parametrize("path", ["/403", "/500"])
    def test_refused_is_not_taken(self, bucket, path):
        """
        An expired signature, a broken store.
        """
        with pytest.raises(UnableToUploadError):
            put(url=f"{bucket}{path}", body=b"jpeg")

    @pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "file:///etc/passwd", "ftp://127.0.0.1/x", "", "http://"])
    def test_goes_nowhere_but_by_http(self, url):
        """
        Nobody there, or no place for photographs.
        """
        with pytest.raises(UnableToUploadError):
            put(url=url, body=b"jpeg")
