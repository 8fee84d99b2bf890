"""
Where a checkpoint's gateway and the cloud meet: one thing, its topics, its shadow. Listed one by one, never by wildcard.
"""

from typing import Final

SHADOW_NAME: Final = "gate"
"""The named shadow with a gateway's durable settings and the admissions manifest (≤ 8 KB, ≤ 6 deep)."""

PREFIX: Final = "queue"


def thing(checkpoint: str) -> str:
    """
    Name the gateway of a checkpoint as IoT Core knows it.
    """
    return f"gw-{checkpoint}"


def checkpoint_of(thing_name: str) -> str:
    """
    Name the checkpoint whose gateway a thing is.
    """
    return thing_name.removeprefix("gw-")


def journal(thing_name: str) -> str:
    """
    Device → cloud: `JournalBatch`.
    """
    return f"{PREFIX}/{thing_name}/journal"


def acknowledgement(thing_name: str) -> str:
    """
    Cloud → device, after commit: `Acknowledgement`.
    """
    return f"{PREFIX}/{thing_name}/acknowledgement"


def heartbeat(thing_name: str) -> str:
    """
    Device → cloud: `Heartbeat`.
    """
    return f"{PREFIX}/{thing_name}/heartbeat"


def admissions(thing_name: str) -> str:
    """
    Cloud → device: one `AdmissionsPart` of a signed list.
    """
    return f"{PREFIX}/{thing_name}/admissions"


def admissions_wanted(thing_name: str) -> str:
    """
    Device → cloud: `AdmissionsWanted`, when its list is absent or older than the manifest.
    """
    return f"{PREFIX}/{thing_name}/admissions-wanted"


def commands(thing_name: str) -> str:
    """
    Cloud → device: `Command`.
    """
    return f"{PREFIX}/{thing_name}/commands"


def board(thing_name: str) -> str:
    """
    Cloud → device: `BoardView`.
    """
    return f"{PREFIX}/{thing_name}/board"


def photo_wanted(thing_name: str) -> str:
    """
    Device → cloud: `PhotoWanted`, asking where a photograph may be put.
    """
    return f"{PREFIX}/{thing_name}/photo-wanted"


def photo_granted(thing_name: str) -> str:
    """
    Cloud → device: `PhotoGranted`.
    """
    return f"{PREFIX}/{thing_name}/photo-granted"


def from_device(thing_name: str) -> tuple[str, ...]:
    """
    Every topic a gateway publishes on: its IoT policy and its recipe list just these.
    """
    return journal(thing_name), heartbeat(thing_name), admissions_wanted(thing_name), photo_wanted(thing_name)


def to_device(thing_name: str) -> tuple[str, ...]:
    """
    Every topic a gateway listens to.
    """
    return acknowledgement(thing_name), admissions(thing_name), commands(thing_name), board(thing_name), photo_granted(thing_name)


def local_reading(lane: str) -> str:
    """
    Between components: the reader's `ReaderReport` of one frame.
    """
    return f"reader/{lane}/report"


def local_decision(lane: str) -> str:
    """
    Between components: the gate's `GateDecision` on one frame.
    """
    return f"gate/{lane}/decision"


def local_barrier(lane: str) -> str:
    """
    Between components: the barrier's state, `BarrierChange`.
    """
    return f"gate/{lane}/barrier"
