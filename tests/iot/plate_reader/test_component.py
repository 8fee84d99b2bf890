import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from chalicelib.contracts import topics
from iot.kit.link import UnableToPublishError
from iot.plate_reader import component as subject
from iot.plate_reader.component import PlateReader
from iot.plate_reader.reading import PlateReading
from iot.plate_reader.settings import ReaderSettings, UnableToConfigureError, parse
from local.pictures import draw_truck, not_a_picture

NOW = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
SEEN = PlateReading("123ABC02", "KZ", 0.98, (1, 2, 3, 4), ((1.0, 2.0),) * 4, (0.98,) * 8)
PICTURE = cv2.imencode(".jpg", np.full((30, 40, 3), 90, np.uint8))[1].tobytes()


class StoppedClock:
    def now(self):
        """Always the same moment."""
        return NOW


class KeptLink:
    """Keeps what is published; `deaf` of them are not taken first."""

    def __init__(self):
        self.reports = []
        self.health = []
        self.deaf = 0
        self.heard = threading.Event()

    def publish(self, *, topic, message):
        """Keep it, or refuse while deaf."""
        if topic == subject.HEALTH_TOPIC:
            self.health.append(message)
            return
        if self.deaf:
            self.deaf -= 1
            raise UnableToPublishError(topic)
        self.reports.append((topic, message))
        self.heard.set()


class KilledError(BaseException):
    """Stands for the end of the process: nothing may catch it."""


@pytest.fixture
def site(tmp_path):
    return ReaderSettings(("entry-1", "exit-1"), tmp_path / "spool", tmp_path / "photos", tmp_path / "data")


@pytest.fixture
def link():
    return KeptLink()


@pytest.fixture
def reader(site, link):
    return PlateReader(settings=site, link=link, clock=StoppedClock(), read_picture=lambda _: [SEEN])


def appear(site, lane, name, data):
    draft = site.spool_dir / lane / f".{name}.draft"
    draft.write_bytes(data)
    return draft.rename(site.spool_dir / lane / name)


class TestReporting:
    @pytest.mark.rule("10")
    def test_a_picture_becomes_one_report_and_leaves_the_spool(self, reader, site, link):
        """Frame, lane, time, readings and the kept photograph's hash are reported on the lane's own topic; the spool is empty then."""
        waiting = appear(site, "entry-1", "f1.jpg", PICTURE)
        assert reader.turn() == 1
        [(topic, report)] = link.reports
        assert topic == topics.local_reading("entry-1")
        assert (report.frame, report.lane, report.error) == ("f1", "entry-1", None)
        assert abs((report.at - NOW).total_seconds()) < 5
        assert [(item.text, item.char_confidences) for item in report.readings] == [("123ABC02", (0.98,) * 8)]
        assert (site.photos_dir / f"{report.photo}.jpg").read_bytes() == PICTURE
        assert not waiting.exists()

    def test_pictures_are_read_in_the_order_of_their_names(self, reader, site, link):
        """What the camera wrote first is reported first."""
        for name in ("b.jpg", "a.jpg", "c.png"):
            appear(site, "entry-1", name, PICTURE)
        while reader.turn():
            pass
        assert [report.frame for _, report in link.reports] == ["a", "b", "c"]

    def test_the_time_is_when_the_camera_wrote_the_picture(self, reader, site, link):
        """A picture that waited while the reader was down is reported with the time of its taking."""
        waiting = appear(site, "exit-1", "late.jpg", PICTURE)
        written = waiting.stat().st_mtime - 120
        os.utime(waiting, (written, written))
        reader.turn()
        assert 115 < (NOW - link.reports[0][1].at).total_seconds() < 125

    def test_a_file_being_written_is_left_alone(self, reader, site, link):
        """Names that begin with a dot are not pictures yet."""
        (site.spool_dir / "entry-1" / ".f1.draft").write_bytes(PICTURE[:10])
        assert reader.turn() == 0
        assert link.reports == []

    def test_a_full_disk_does_not_stop_the_gate(self, site, link):
        """When the photograph cannot be kept, the readings are reported without one."""
        site.photos_dir.write_text("a file where the folder should be")
        reader = PlateReader(settings=site, link=link, clock=StoppedClock(), read_picture=lambda _: [SEEN])
        appear(site, "entry-1", "f1.jpg", PICTURE)
        reader.turn()
        assert link.reports[0][1].photo is None
        assert link.reports[0][1].readings


class TestPoison:
    @pytest.mark.parametrize("data", [b"", not_a_picture(), PICTURE[:-9], b"\x89PNG\r\n\x1a\nno", bytes(16 * 1024 * 1024)])
    def test_a_file_that_is_no_picture_is_said_to_be_none_and_blocks_nobody(self, reader, site, link, data):
        """The gate hears NOT_A_PICTURE, nothing is kept, and the next picture is read."""
        appear(site, "entry-1", "1.jpg", data)
        appear(site, "entry-1", "2.jpg", PICTURE)
        while reader.turn():
            pass
        assert [(report.frame, report.error, len(report.readings)) for _, report in link.reports] == [
            ("1", "NOT_A_PICTURE", 0),
            ("2", None, 1),
        ]
        assert len(list(site.photos_dir.iterdir())) == 1

    def test_links_and_folders_are_not_followed(self, reader, site, link, tmp_path):
        """A symbolic link is no picture even if it leads to one; a folder is passed by."""
        (tmp_path / "elsewhere.jpg").write_bytes(PICTURE)
        (site.spool_dir / "entry-1" / "a.jpg").symlink_to(tmp_path / "elsewhere.jpg")
        (site.spool_dir / "entry-1" / "b.jpg").mkdir()
        appear(site, "entry-1", "c.jpg", PICTURE)
        while reader.turn():
            pass
        assert [(report.frame, report.error) for _, report in link.reports] == [("a", "NOT_A_PICTURE"), ("c", None)]
        assert (tmp_path / "elsewhere.jpg").exists()

    def test_a_picture_that_the_networks_choke_on_is_reported_unread(self, site, link):
        """An unexpected error while reading gives a report without readings; the photograph is kept for the officer."""

        def choke(_):
            raise RuntimeError("tensor of a strange shape")

        reader = PlateReader(settings=site, link=link, clock=StoppedClock(), read_picture=choke)
        appear(site, "entry-1", "f1.jpg", PICTURE)
        reader.turn()
        [(_, report)] = link.reports
        assert (report.readings, report.error) == ((), None)
        assert (site.photos_dir / f"{report.photo}.jpg").exists()

    def test_a_picture_that_ends_the_process_does_so_twice_at_most(self, site, link):
        """The third process does not open it again: it says so and goes on with the next."""

        def die(_):
            raise KilledError

        appear_after = PlateReader(settings=site, link=link, clock=StoppedClock(), read_picture=die)
        appear(site, "entry-1", "deadly.jpg", PICTURE)
        for reader in (appear_after, PlateReader(settings=site, link=link, clock=StoppedClock(), read_picture=die)):
            with pytest.raises(KilledError):
                reader.turn()
        PlateReader(settings=site, link=link, clock=StoppedClock(), read_picture=die).turn()
        assert [(report.frame, report.error) for _, report in link.reports] == [("deadly", "NOT_A_PICTURE")]
        assert not list((site.spool_dir / "entry-1").iterdir())


class TestCrash:
    def test_a_picture_survives_a_crash_before_it_was_published(self, site, link):
        """The process dies while publishing; the next one reads the same picture and reports it."""

        class DyingLink:
            def publish(self, *, topic, message):
                raise KilledError

        appear_first = PlateReader(settings=site, link=DyingLink(), clock=StoppedClock(), read_picture=lambda _: [SEEN])
        waiting = appear(site, "entry-1", "f1.jpg", PICTURE)
        with pytest.raises(KilledError):
            appear_first.turn()
        assert waiting.exists()
        PlateReader(settings=site, link=link, clock=StoppedClock(), read_picture=lambda _: [SEEN]).turn()
        assert [report.frame for _, report in link.reports] == ["f1"]

    def test_a_report_that_was_not_taken_is_made_again(self, reader, site, link, monkeypatch):
        """While the nucleus does not take it the picture waits, however often; then it is reported once."""
        monkeypatch.setattr(subject, "RETRY_SECONDS", 0.0)
        link.deaf = 3
        appear(site, "entry-1", "f1.jpg", PICTURE)
        assert [reader.turn() for _ in range(5)] == [1, 1, 1, 1, 0]
        assert [report.frame for _, report in link.reports] == ["f1"]


class TestRunning:
    def test_a_new_picture_is_noticed_within_a_blink(self, site, link):
        """It is reported at once, the gate hears that the reader lives, and the loop ends when told."""
        reader = PlateReader(settings=site, link=link, clock=StoppedClock(), read_picture=lambda _: [SEEN])
        stopped = threading.Event()
        thread = threading.Thread(target=reader.run, args=(stopped,))
        thread.start()
        try:
            appear(site, "exit-1", "f1.jpg", PICTURE)
            assert link.heard.wait(1.0)
        finally:
            stopped.set()
            thread.join(5)
        assert not thread.is_alive()
        assert [(health.ok, health.since) for health in link.health] == [(True, NOW)]

    def test_a_real_truck_goes_through_with_the_real_networks(self, site, link):
        """A drawn photograph in the spool comes out as its plate."""
        reader = PlateReader(settings=site, link=link, clock=StoppedClock())
        appear(site, "entry-1", "truck.jpg", draw_truck(plate="570MHA10", seed=8))
        reader.turn()
        assert link.reports[0][1].readings[0].text == "570MHA10"


class TestConfiguration:
    def test_lanes_come_as_a_list_or_by_id(self, tmp_path):
        """Both shapes that a deployment may write give the same lanes."""
        places = {"spool_dir": str(tmp_path), "photos_dir": str(tmp_path)}
        listed = parse({"lanes": [{"id": "entry-1", "kind": "entry"}, {"id": "exit-1", "kind": "exit"}], **places})
        assert listed == parse({"lanes": {"entry-1": "entry", "exit-1": "exit"}, **places})
        assert listed.lanes == ("entry-1", "exit-1")

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"lanes": []},
            {"lanes": ["../up"]},
            {"lanes": ["."]},
            {"lanes": [{"kind": "entry"}]},
            {"lanes": 5},
            {"lanes": ["a"], "spool_dir": None},
        ],
    )
    def test_a_configuration_that_cannot_work_is_refused(self, tmp_path, wrong):
        """No lanes, lanes that lead out of the spool, or missing folders stop the component at its start."""
        with pytest.raises(UnableToConfigureError):
            parse({"spool_dir": str(tmp_path), "photos_dir": str(tmp_path), **wrong})

    def test_the_recipe_lists_its_topics_one_by_one(self):
        """The component may publish the reports of the known lanes and nothing else; no wildcard."""
        recipe = json.loads(Path(subject.__file__).with_name("recipe.json").read_text(encoding="utf-8"))
        control = recipe["ComponentConfiguration"]["DefaultConfiguration"]["accessControl"]
        [(service, policies)] = control.items()
        [policy] = policies.values()
        assert service == "aws.greengrass.ipc.pubsub"
        assert policy["operations"] == ["aws.greengrass#PublishToTopic"]
        lanes = ("wa-in", "wa-out", "entry-1", "entry-2", "exit-1", "exit-2")
        assert policy["resources"] == [*(topics.local_reading(lane) for lane in lanes), subject.HEALTH_TOPIC]
