"""
What the API answers the pages, as recorded from its contract: one checkpoint at one moment, with every kind of vehicle and refusal.
"""

from typing import Any, Final

Answer = dict[str, Any]

CHECKPOINTS: Final[list[Answer]] = [
    {
        "id": "nur-zholy",
        "names": {"kk": "Нұр жолы", "ru": "Нур Жолы", "en": "Nur Zholy"},
        "country": "CN",
        "region": "Жетісу",
        "has_waiting_area": True,
        "status": "open",
    },
    {
        "id": "dostyk",
        "names": {"kk": "Достық", "ru": "Достык", "en": "Dostyk"},
        "country": "CN",
        "has_waiting_area": False,
        "status": "open",
    },
    {
        "id": "kordai",
        "names": {"kk": "Қордай", "ru": "Кордай", "en": "Kordai"},
        "country": "KG",
        "has_waiting_area": False,
        "status": "open",
    },
    {
        "id": "zhaisan",
        "names": {"kk": "Жайсаң", "ru": "Жайсан", "en": "Zhaisan"},
        "country": "RU",
        "has_waiting_area": True,
        "status": "open",
    },
    {"id": "syrym", "names": {"kk": "Сырым", "ru": "Сырым", "en": "Syrym"}, "country": "RU", "has_waiting_area": False, "status": "closed"},
    {"id": "zhibek-zholy", "names": {"kk": "Жібек жолы", "ru": "Жибек Жолы", "en": "Zhibek Zholy"}, "country": "UZ", "status": "open"},
    {"id": "temir-baba", "names": {"kk": "Темір баба", "ru": "Темир Баба", "en": "Temir Baba"}, "country": "TM", "status": "open"},
]

LANES: Final[list[Answer]] = [
    {"id": "wa-in", "kind": "waiting_area_entry"},
    {"id": "wa-out", "kind": "waiting_area_exit"},
    {"id": "entry-1", "kind": "entry"},
    {"id": "exit-1", "kind": "exit"},
]

REASONS: Final = (
    "UNKNOWN_VEHICLE",
    "SIMILAR_PLATE",
    "AMBIGUOUS",
    "UNREADABLE",
    "NOT_A_PICTURE",
    "TOO_EARLY",
    "NOT_CALLED",
    "NOT_FROM_WAITING_AREA",
    "EXPIRED",
    "ALREADY_ADMITTED",
    "NOT_ADMITTED",
    "OFFICER_ONLY",
    "TRAILER_DIFFERS",
    "NO_LIST",
    "BARRIER_FAULTED",
)


def row(plate: str, country: str, since: str, **more: str) -> Answer:
    """
    One line of a board; `since` is an hour and minute of the recorded day.
    """
    moments = {name: (at(value) if name == "until" else value) for name, value in more.items()}
    return {"plate": plate, "country": country, "since": at(since), **moments}


def at(hour_minute: str) -> str:
    """
    A moment of the recorded day, 3 December 2026, as the API writes it.
    """
    return f"2026-12-03T{hour_minute}:00+05:00"


def board() -> Answer:
    """
    A board in full use, its columns newest first.
    """
    return {
        "checkpoint": "nur-zholy",
        "version": 41,
        "at": at("14:05"),
        "called": [
            row("123ABC02", "KZ", "14:04", number="NZH-261203-14-07", until="15:00"),
            row("新F12345", "CN", "14:02", number="NZH-261203-14-06", until="15:00"),
            row("A123BC77", "RU", "13:58", number="NZH-261203-14-05", until="15:00"),
            row("01KG777ABC", "KG", "13:55", number="NZH-261203-14-04", until="15:00"),
            row("85X123AB", "UZ", "13:54", number="NZH-261203-14-03", until="15:00"),
            row("777AA19", "KZ", "13:52", number="NZH-261203-14-02", until="15:00"),
            row("908KLM05", "KZ", "13:50", number="NZH-261203-14-01", until="15:00"),
        ],
        "entering": [
            row("080BOD17", "KZ", "14:03", number="NZH-261203-13-12", lane="entry-1"),
            row("AB12347", "BY", "14:00", number="NZH-261203-13-11", lane="entry-1"),
        ],
        "leaving": [row("555SSS10", "KZ", "14:01", number="NZH-261203-10-02", lane="exit-1")],
    }


def vehicle(plate: str, country: str, position: int, state: str, **moments: str) -> Answer:
    """
    One vehicle of the live view in the interval 14:00–15:00.
    """
    return {
        "booking": f"b-{position:02}",
        "number": f"NZH-261203-14-{position:02}",
        "plate": plate,
        "country": country,
        "class": "priority_goods" if position == 1 else "general",
        "status": "confirmed",
        "state": state,
        "slot_start": at("14:00"),
        "slot_end": at("15:00"),
        **{name: at(moment) for name, moment in moments.items()},
    }


def reading(number: int, lane: str, action: str, reason: str, **more: Any) -> Answer:
    """
    One plate read; the newest has the highest number.
    """
    kinds = {lane["id"]: lane["kind"] for lane in LANES}
    return {
        "id": f"r-{number}",
        "at": at(f"14:0{number % 6}"),
        "lane": lane,
        "lane_kind": kinds[lane],
        "action": action,
        "reason": reason,
        **more,
    }


def live() -> Answer:
    """
    The officer's picture at the same moment: a sister plate refused at the gate, one truck let in, one just arrived.
    """
    vehicles = [
        vehicle("123ABC02", "KZ", 7, "at_gate", called_at="12:30", arrived_at="13:10", left_area_at="13:58", leave_by="15:00"),
        vehicle("新F12345", "CN", 6, "waiting_area", called_at="14:02", arrived_at="13:20", leave_by="15:02"),
        vehicle("A123BC77", "RU", 5, "called", called_at="13:58"),
        vehicle("85X123AB", "UZ", 3, "expected", expected_at="14:40"),
        vehicle("080BOD17", "KZ", 1, "inside"),
        vehicle("555SSS10", "KZ", 2, "left"),
    ]
    photo = {"url": "/recorded/photo.jpg", "expires_at": at("14:06")}
    readings = [
        reading(5, "entry-1", "stay", "SIMILAR_PLATE", plate="123ABG02", country="KZ", confidence=0.97, detail="123ABC02", photo=photo),
        reading(
            4, "entry-1", "open", "MATCH", plate="080BOD17", country="KZ", confidence=0.99, booking_number="NZH-261203-14-01", photo=photo
        ),
        reading(3, "wa-in", "arrived", "MATCH", plate="新F12345", country="CN", confidence=0.93, booking_number="NZH-261203-14-06"),
        reading(2, "exit-1", "stay", "UNREADABLE", photo=photo),
    ]
    return {
        "checkpoint": "nur-zholy",
        "at": at("14:05"),
        "counts": {"expected": 18, "called": 1, "waiting_area": 1, "at_gate": 1, "inside": 1, "left": 112},
        "vehicles": vehicles,
        "readings": readings,
        "devices": devices(),
        "gateway": {"connected": True, "last_seen": at("14:05"), "reported_up_to": at("14:04")},
    }


def devices() -> list[Answer]:
    """
    One camera of four is out of order; both barriers are closed.
    """
    cameras = [
        {
            "device": f"camera-{lane['id']}",
            "kind": "camera",
            "lane": lane["id"],
            "ok": lane["id"] != "exit-1",
            "state": "ok",
            "since": at("06:00"),
        }
        for lane in LANES
    ]
    cameras[-1]["state"] = "silent"
    barriers = [
        {"device": f"barrier-{lane}", "kind": "barrier", "lane": lane, "ok": True, "state": "closed", "since": at("14:00")}
        for lane in ("entry-1", "exit-1")
    ]
    return [*cameras, *barriers]


def payable(state: str = "waiting") -> Answer:
    """
    What a payer sees by a link.
    """
    vehicle = {"country": "KZ", "plate": "123 ABC 02"}
    due = {"amount": {"amount": 9082500, "currency": "KZT"}, "pay_until": at("14:20")} if state == "waiting" else {}
    return {"state": state, "vehicle": vehicle, "at": at("14:05"), **due}
