"""
What the story sees with: bookings, texts and lanes' cameras, looked at until they show what is expected.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from local.pictures import draw_truck
from local.story.application import Truck
from local.story.door import Door, UnseenError, keep
from local.story.observer import Observer

CHECKPOINT: Final = "nur-zholy"
DONE_BEFORE: Final = frozenset({"ALREADY_ADMITTED", "NOT_ADMITTED"})
TRIES: Final = 5


@dataclass(slots=True)
class Seen:
    """
    What a chapter saw, and the id of the event behind it where there is one.
    """

    what: str
    event: str | None = None


@dataclass(slots=True)
class Witness:
    """
    One truck at one checkpoint. `ahead` is how far in the future it books, `toward` the checkpoint it books.
    """

    visitor: Door
    observer: Observer
    folder: Path
    truck: Truck
    ahead: timedelta = timedelta(hours=27)
    toward: str = CHECKPOINT
    user: Door = field(init=False)
    booking: str = ""
    number: str = ""
    files: dict[str, Path] = field(default_factory=dict)

    def _photograph(self, lane: str, action: str, event: str) -> Seen:
        picture = draw_truck(plate=self.truck.plate, seed=sum(self.truck.plate.encode()))
        self.files[lane] = keep(self.folder / f"{lane}-{self.truck.plate}.jpg", picture)
        reply = self.visitor.ask("POST", f"/local/checkpoints/{CHECKPOINT}/lanes/{lane}/frame", content=picture)
        decision = reply["decision"]
        if decision["by"] != "gateway" or (decision["action"] != action and not self._seen_before(decision, event)):
            raise UnseenError(f"{lane}: {decision}, readings {reply['readings']}")
        best = reply["readings"][0]
        word = (
            f"{lane}: read {best['text']} ({best['country']}, confidence {best['confidence']:.2f}), gateway: {action}, {decision['reason']}"
        )
        return Seen(word, self._event(event))

    def _seen_before(self, decision: Any, event: str) -> bool:
        """
        A part that was killed with the answer in hand leaves the picture to be shown again: then the gate says that it has done its work.
        """
        return decision.get("booking_number") == self.number and decision["reason"] in DONE_BEFORE and bool(self._event(event))

    def _verified(self) -> Any:
        """
        A register that was silent is asked again after a minute of business time.
        """

        def judged(booking: Any) -> bool:
            return booking["status"] != "verifying" or any(check["result"] == "unavailable" for check in booking["verification"]["checks"])

        for _ in range(TRIES):
            booking = self.user.wait(f"/v1/bookings/{self.booking}", judged, what="verified")
            if booking["status"] == "verified":
                return booking
            if booking["status"] != "verifying":
                break
            self.visitor.skip_to(self.visitor.now() + timedelta(minutes=2))
        raise UnseenError(f"not verified: {booking['status']}")

    def _until(self, status: str) -> Any:
        return self.user.wait(f"/v1/bookings/{self.booking}", lambda booking: booking["status"] == status, what=status)

    def _event(self, kind: str) -> str:
        def happened(booking: Any) -> bool:
            return any(entry["event"] == kind for entry in booking["timeline"])

        booking = self.user.wait(f"/v1/bookings/{self.booking}", happened, what=f"event {kind}")
        return next(str(entry["id"]) for entry in reversed(booking["timeline"]) if entry["event"] == kind)

    def _text_about(self, what: str) -> str:
        texts = [text["text"] for text in self.visitor.texts(self.truck.phone) if self.number in text["text"]]
        if not texts:
            raise UnseenError(what)
        return texts[0]
