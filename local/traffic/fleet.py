"""
A convoy of an hour: every truck on its own way, all ways woven into one gentle stream.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from local.pictures import draw_truck
from local.story.application import Truck
from local.story.card import pay_by_card
from local.story.door import Door

CHECKPOINT = "nur-zholy"
LANES = ("wa-in", "wa-out", "entry-1", "exit-1")


@dataclass(frozen=True, slots=True)
class Guest:
    """
    A truck with a place: its interval and its number.
    """

    truck: Truck
    slot: datetime
    number: str


def book(door: Door, truck: Truck) -> Guest:
    """
    Take a truck through sign-in, application, checks, place and payment.
    """
    user = door.sign_in(truck.phone)
    agreement = door.ask("GET", "/v1/agreement")
    user.ask("POST", "/v1/me/agreement", body={"version": agreement["version"]})
    booking = user.ask("POST", "/v1/bookings", body=truck.form(CHECKPOINT))["id"]
    path = f"/v1/bookings/{booking}"
    user.wait(path, lambda seen: seen["status"] == "verified", what="verified")
    held = user.ask("POST", f"{path}/place", body={"slot_start": "first_free", "pool": "primary"})
    payment = user.ask("POST", f"{path}/payment", body={"method": "card"})
    pay_by_card(door, payment)
    confirmed = user.wait(path, lambda seen: seen["status"] == "confirmed", what="confirmed")
    return Guest(truck, datetime.fromisoformat(held["slot"]["start"]), confirmed["number"])


def show(door: Door, guest: Guest, lane: str) -> str:
    """
    Put a truck in front of a lane's camera: what the gateway decided.
    """
    picture = draw_truck(plate=guest.truck.plate, seed=sum(guest.truck.plate.encode()))
    decision = door.ask("POST", f"/local/checkpoints/{CHECKPOINT}/lanes/{lane}/frame", content=picture)["decision"]
    return f"{lane} {guest.truck.plate}: {decision['action']} ({decision['reason']})"


def woven(guests: list[Guest], *, apart: int = 2) -> Iterator[tuple[Guest, str]]:
    """
    Weave the ways together: truck n is a few pictures behind truck n-1, and each passes its lanes in order.
    """
    for moment in range(len(guests) * apart + len(LANES) * apart):
        for index, guest in enumerate(guests):
            stage, rest = divmod(moment - index * apart, apart)
            if rest == 0 and 0 <= stage < len(LANES):
                yield guest, LANES[stage]


def in_time(door: Door, slot: datetime) -> None:
    """
    Skip the waiting: to where the slot's trucks are called and may soon enter.
    """
    door.skip_to(slot - timedelta(minutes=28))
