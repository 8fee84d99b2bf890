"""
A whole gate in the test's hands: real records and real decisions, a fake link, fake motors, time that the test moves.
"""

from chalicelib.contracts.passages import ReaderReport, Reading
from iot.gate.barriers import Barriers
from iot.gate.component import Gate
from iot.gate.connection import Connection
from iot.gate.health import Health
from iot.gate.records import open_records
from iot.gate.settings import parse
from iot.gate.uplink import Uplink
from tests.iot.gate.fake_motor import FakeMotor
from tests.iot.gate.lists import CHECKPOINT, NOON, Signer
from tests.iot.kit.clocks import MovableClock, Ticks
from tests.iot.kit.fake_link import FakeLink

THING = f"gw-{CHECKPOINT}"
LANES = {"wa-in": "waiting_area_entry", "wa-out": "waiting_area_exit", "entry-1": "entry", "exit-1": "exit"}
SIGNER = Signer()


def configuration(directory, **changes):
    """
    What the nucleus would hold for this gate.
    """
    given = {"checkpoint": CHECKPOINT, "thing": THING, "lanes": LANES, "data_dir": str(directory), "admissions_key": SIGNER.keys}
    return given | {"photos_dir": str(directory / "photos")} | changes


class AnsweringUplink(Uplink):
    """
    Takes its turns on the test's thread, so that a probe is answered without one of its own.
    """

    def probe(self, *, timeout):
        """
        Ask, turn, answer.
        """
        self._asked += 1
        self.turn()
        return self.connection.up(now=self._monotonic())

    def flush(self):
        """
        Flush, and turn.
        """
        number = super().flush()
        self.turn()
        return number


class Rig:
    """
    One gateway; `restart` opens the same files in another one, with the booms where they were.
    """

    def __init__(self, directory, *, clock=None, wall=None, motors=None):
        self.directory = directory
        self.clock = clock or MovableClock(NOON)
        self.monotonic = Ticks()
        self.wall = wall or Ticks(1_000_000.0)
        self.link = FakeLink()
        self.records = open_records(settings=parse(configuration(directory)), clock=self.clock)
        self.motors = motors or {lane: FakeMotor(obedient=True) for lane in self.records.settings.barrier_lanes}
        self.health = Health(settings=self.records.settings, now=self.clock.now())
        self.uplink = AnsweringUplink(
            link=self.link, records=self.records, health=self.health, connection=Connection(), monotonic=self.monotonic
        )
        self.grants = []
        self.gate = Gate(
            records=self.records,
            link=self.link,
            health=self.health,
            uplink=self.uplink,
            barriers=self._barriers,
            grants=self.grants.append,
            monotonic=self.monotonic,
            wall=self.wall,
        )
        for topic, route in {**self.gate.local_routes(), **self.gate.cloud_routes()}.items():
            self.link.subscribe(topic=topic, handler=self.gate.inbox(route))
        self.gate.start()

    def restart(self):
        """
        As after SIGKILL: nothing is closed, nothing is carried over but files, clock and booms.
        """
        return Rig(self.directory, clock=self.clock, wall=self.wall, motors=self.motors)

    def expect(self, *admissions, version=1, **changes):
        """
        Put a list in force.
        """
        for part in SIGNER.parts(admissions, version=version, now=self.clock.now(), **changes):
            self.records.store.take(part)
        self.gate._passages.refresh()

    def say(self, topic, message):
        """
        Deliver a message and let the gate handle it.
        """
        self.link.deliver(topic, message)
        self.gate.turn()

    def show(self, lane, text="123ABC02", *, frame=None, photo=None, confidence=0.97, error=None):
        """
        A frame before a lane's camera; gives what the gate told the site: action and reason.
        """
        frame = frame or f"{lane} {len(self.link.site)} {self.directory.stat().st_mtime_ns}"
        readings = () if error else (Reading(text=text, country="KZ", confidence=confidence),)
        report = ReaderReport(frame=frame, lane=lane, at=self.clock.now(), readings=readings, photo=photo, error=error)
        before = len(self.told(lane))
        self.say(f"reader/{lane}/report", report)
        told = self.told(lane)
        assert before + 1 == len(told)
        return told[-1]["decision"]["action"], told[-1]["decision"]["reason"]

    def told(self, lane):
        """
        The decisions the site was told.
        """
        return self.link.on(f"gate/{lane}/decision", side="site")

    def journal(self, kind):
        """
        The journal's unacknowledged entries of a kind.
        """
        batch = self.records.journal.batch(after=0)
        return [entry for entry in (batch[1]["entries"] if batch else []) if entry["kind"] == kind]

    def turns(self, count=3, seconds=0.0):
        """
        Let time pass and the barriers be looked at.
        """
        self.monotonic.advance(seconds)
        for _ in range(count):
            self.gate._barriers.poll()

    def _barriers(self, changed):
        return Barriers(
            records=self.records,
            link=self.link,
            health=self.health,
            motors=self.motors,
            on_change=changed,
            monotonic=self.monotonic,
            wall=self.wall,
        )
