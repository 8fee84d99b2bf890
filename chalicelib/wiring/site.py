"""
The use cases of time, money and the gate with their ports.
"""

from collections.abc import Mapping

from chalicelib.contracts.passages import LaneKind
from chalicelib.usecases.annul_no_show import AnnulNoShow
from chalicelib.usecases.call_vehicle import CallVehicle
from chalicelib.usecases.command_barrier import CommandBarrier
from chalicelib.usecases.confirm_crossing import ConfirmCrossing
from chalicelib.usecases.gather_evidence import GatherEvidence
from chalicelib.usecases.keep_photos import KeepPhotos
from chalicelib.usecases.keep_time import KeepTime
from chalicelib.usecases.measure_line import MeasureLine
from chalicelib.usecases.notice_ways import Recipients, Sending
from chalicelib.usecases.notify import Notify
from chalicelib.usecases.open_days import OpenDays
from chalicelib.usecases.passing import Passing
from chalicelib.usecases.publish_admissions import PublishAdmissions
from chalicelib.usecases.receive_journal import ReceiveJournal
from chalicelib.usecases.receive_uplink import ReceiveUplink
from chalicelib.usecases.register_passage import RegisterPassage
from chalicelib.usecases.repace import Repace
from chalicelib.usecases.run_step import RunStep
from chalicelib.usecases.run_together import RunTogether
from chalicelib.usecases.show_board import ShowBoard
from chalicelib.usecases.show_flow import ShowFlow
from chalicelib.usecases.sign_in import Codes
from chalicelib.usecases.spread_notice import SpreadNotice
from chalicelib.usecases.state_register import StateRegister
from chalicelib.usecases.watch_checkpoint import WatchCheckpoint
from chalicelib.wiring.cabinets import share_booking
from chalicelib.wiring.orders import standing_orders
from chalicelib.wiring.outside import (
    device_link,
    keyed_hash,
    law,
    messenger,
    once,
    parts,
    photos,
    registers,
    tokens,
)


@once
def keep_time() -> KeepTime:
    """
    §28, §29, §34, §35.
    """
    names = ("committer", "bookings", "places", "locks", "ledger", "clock", "chance", "rules_on")
    return KeepTime(**parts(*names), call=call_vehicle(), annul=annul_no_show())


@once
def measure_line() -> MeasureLine:
    """
    §31.
    """
    return MeasureLine(**parts("bookings", "places", "passages", "clock", "rules_on"))


@once
def call_vehicle() -> CallVehicle:
    """
    §34, D17.
    """
    return CallVehicle(**parts("committer", "bookings", "passages", "clock", "rules_on"), measure=measure_line())


@once
def annul_no_show() -> AnnulNoShow:
    """
    §35, D18.
    """
    names = ("committer", "bookings", "places", "locks", "ledger", "clock", "chance", "rules_on")
    evidence = GatherEvidence(**parts("places", "passages"), lane_kind=_lane_kind, measure=measure_line())
    return AnnulNoShow(**parts(*names), evidence=evidence, register=state_register(), repace=repace())


def _lane_kind(checkpoint: str, lane: str) -> LaneKind | None:
    known = law().checkpoints.get(checkpoint)
    found = known.lane(lane) if known is not None else None
    return found.kind if found is not None else None


@once
def repace() -> Repace:
    """
    D16.
    """
    return Repace(**parts("committer", "bookings", "passages", "clock", "rules_on"))


@once
def passing() -> Passing:
    """
    D17, D24.
    """
    return Passing(**parts("places", "locks", "ledger"))


@once
def state_register() -> StateRegister:
    """
    §18.17-2.
    """
    return StateRegister(**parts("committer", "passages"), passing=passing(), registers=registers)


@once
def confirm_crossing() -> ConfirmCrossing:
    """
    §28, D19.
    """
    return ConfirmCrossing(**parts("committer", "bookings", "passages", "clock", "rules_on"), register=state_register())


@once
def register_passage() -> RegisterPassage:
    """
    §11, D17.
    """
    names = ("committer", "bookings", "passages", "requests", "clock", "chance", "rules_on")
    return RegisterPassage(**parts(*names), passing=passing())


@once
def open_days() -> OpenDays:
    """
    §22.
    """
    return OpenDays(**parts("committer", "places", "clock", "rules_on"), orders=standing_orders())


@once
def receive_journal() -> ReceiveJournal:
    """
    §10, §30.
    """
    return ReceiveJournal(**parts("committer", "bookings", "places", "locks", "ledger", "passages", "clock", "rules_on"), link=device_link)


@once
def publish_admissions() -> PublishAdmissions:
    """
    D23.
    """
    return PublishAdmissions(**parts("committer", "bookings", "places", "passages", "clock", "rules_on"), link=device_link, signer=tokens)


@once
def show_board() -> ShowBoard:
    """
    §12.
    """
    return ShowBoard(**parts("committer", "passages", "clock"), link=device_link, measure=measure_line())


@once
def show_flow() -> ShowFlow:
    """
    §31, §34.
    """

    def watched(checkpoint: str) -> bool:
        found = law().checkpoint(checkpoint)
        return found is not None and found.has_waiting_area

    return ShowFlow(**parts("committer", "bookings", "places", "passages", "clock", "rules_on"), watched=watched)


@once
def keep_photos() -> KeepPhotos:
    """
    §9, §10.
    """
    return KeepPhotos(**parts("clock", "rules_on"), photos=photos, link=device_link)


@once
def watch_checkpoint() -> WatchCheckpoint:
    """
    §2.1, §4.
    """
    return WatchCheckpoint(**parts("bookings", "places", "passages", "clock", "rules_on"), photos=photos)


@once
def command_barrier() -> CommandBarrier:
    """
    §11, D26.
    """
    return CommandBarrier(**parts("committer", "bookings", "requests", "clock", "chance", "rules_on"), link=device_link)


@once
def notify() -> Notify:
    """
    §29, §34.
    """

    def text(name: str, language: str, parameters: Mapping[str, str | int], /) -> str:
        return law().notice(name, language, **parameters)

    return Notify(
        **parts("bookings", "clock", "rules_on"),
        recipients=Recipients(**parts("accounts", "people", "clock", "rules_on"), language_of_phone=law().language_of_phone),
        sending=Sending(messenger),
        codes=Codes(keyed_hash()),
        text=text,
        link_for=share_booking().link_for,
    )


@once
def spread_notice() -> SpreadNotice:
    """
    §29, §34, D21.
    """
    return SpreadNotice(**parts("committer", "bookings", "clock", "rules_on"))


@once
def run_step() -> RunStep:
    """
    What is due.
    """
    return RunStep(**parts("bookings", "clock"))


@once
def run_together() -> RunTogether:
    """
    What is due, committed together.
    """
    return RunTogether(**parts("committer"), step=run_step())


@once
def receive_uplink() -> ReceiveUplink:
    """
    All that gateways say.
    """
    return ReceiveUplink(receive_journal(), publish_admissions(), keep_photos())
