"""
One checkpoint as tests see it: trucks that book, cameras that see them, the officer's cabinet, and what its gateway says on MQTT.
"""

import secrets
import time
from datetime import timedelta
from pathlib import Path

from local.story.application import Truck
from local.story.journey import Journey
from local.story.observer import Observer

NAME = "nur-zholy"
SURE = 0.99


class Trip(Journey):
    """
    A story that takes what a test notes on its way: `seen` by chapter, `wallets` (available, held, debt) by chapter, the code `qr`.
    """


class Checkpoint:
    """
    A context that listens from its first moment on. `name` is the checkpoint's id.
    """

    def __init__(self, system, name=NAME):
        self.system = system
        self.name = name
        self.door = system.door()
        self.officer = None

    def __enter__(self):
        info = self.door.ask("GET", "/local/info")
        self.observer = Observer(mqtt_facts=info["mqtt"], checkpoint=self.name)
        self.officer = self.door.sign_in(self.phone("officer"))
        return self

    def __exit__(self, *_):
        self.observer.close()

    def phone(self, role):
        """
        The seeded sign-in of a role, the officer's being this checkpoint's.
        """
        staff = self.door.ask("GET", "/local/info")["staff"]
        return next(one["phone"] for one in staff if one["role"] == role and (role != "officer" or self.name in one["checkpoints"]))

    def journey(self, *, ahead=timedelta(hours=3), truck=None):
        """
        A truck's own story, not yet begun.
        """
        folder = Path(self.system.state) / "story" / secrets.token_hex(4)
        return Trip(self.door, self.observer, folder, truck or Truck.draw(), ahead=ahead)

    def booked(self, *, ahead=timedelta(hours=3), truck=None, toward=NAME):
        """
        A truck with a number, paid for; `toward` is the checkpoint it books.
        """
        journey = self.journey(ahead=ahead, truck=truck)
        journey.toward = toward
        for chapter in (journey.sign_in, journey.agree, journey.apply, journey.verified, journey.take_place, journey.pay):
            chapter()
        return journey

    def show(self, lane, picture):
        """
        Put a picture in front of a lane's camera: what the gateway answered.
        """
        return self.door.ask("POST", f"/local/checkpoints/{self.name}/lanes/{lane}/frame", content=picture)

    def read(self, lane, text, *, country="KZ", confidence=SURE, chars=None):
        """
        Give a lane a reading: what the gateway decided.
        """
        reading = {"text": text, "country": country, "confidence": confidence, "char_confidences": chars or [SURE] * len(text)}
        return self.door.ask("POST", f"/local/checkpoints/{self.name}/lanes/{lane}/reading", body=reading)["decision"]

    def connect(self, connected):
        """
        Let the gateway reach the cloud, or cut it off.
        """
        return self.door.ask("POST", f"/local/checkpoints/{self.name}/network", body={"connected": connected})

    def order(self, lane, **order):
        """
        Have the officer order a barrier.
        """
        return self.officer.ask("POST", f"/v1/officer/checkpoints/{self.name}/lanes/{lane}/barrier", body=order, expect=202)

    def live(self):
        """
        What the officer sees.
        """
        return self.officer.ask("GET", f"/v1/officer/checkpoints/{self.name}/live")

    def settle(self):
        """
        Wait until the gateway's journal is stored, without moving time.
        """
        self.door.ask("POST", "/local/clock", body={"advance_seconds": 0})

    def entries(self, *, kind, lane=None):
        """
        The journal entries heard on MQTT, each once.
        """
        found = {(batch["journal"], entry["sequence"]): entry for batch in self.observer.heard("journal") for entry in batch["entries"]}
        return [entry for entry in found.values() if entry["kind"] == kind and lane in (None, entry["lane"])]

    def openings(self, lane):
        """
        How often a lane's barrier was heard to begin to open.
        """
        return sum(entry["barrier"]["state"] == "opening" for entry in self.entries(kind="barrier", lane=lane))

    def until(self, seen, *, what, seconds=15):
        """
        Wait for something that cannot be waited for by asking one resource.
        """
        deadline = time.monotonic() + seconds
        while not (found := seen()):
            assert time.monotonic() < deadline, what
            time.sleep(0.1)
        return found

    def sighting(self, lane, **facts):
        """
        Wait until the officer sees a reading of a lane with these facts.
        """

        def shown():
            return next(
                (one for one in self.live()["readings"] if one["lane"] == lane and all(one.get(name) == facts[name] for name in facts)),
                None,
            )

        return self.until(shown, what=f"the officer sees {facts} at {lane}")

    def closed(self, lane):
        """
        Wait until a lane's barrier is closed, having the officer close one that stands open.
        """

        def shut():
            self.settle()
            state = self.barrier(lane)
            if state == "open":
                self.order(lane, command="close", ground="service_vehicle", reason="Through")
            return state == "closed"

        self.until(shut, what=f"{lane} closed", seconds=40)

    def barrier(self, lane):
        """
        The state of a lane's barrier: its last journaled move, or where none was heard yet, the gateway's heartbeat.
        """
        moves = sorted(self.entries(kind="barrier", lane=lane), key=lambda entry: entry["sequence"])
        if moves:
            return moves[-1]["barrier"]["state"]
        beats = self.observer.heard("heartbeat")
        devices = beats[-1]["devices"] if beats else []
        return next((one["state"] for one in devices if one["kind"] == "barrier" and one["lane"] == lane), None)
