"""
A day's public history: only what is allowed, in order, each line bound to those before it.
"""

import json
from dataclasses import fields, replace
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.bookings import Booking, Happening
from chalicelib.domain.happenings import event_of
from chalicelib.domain.public_history import DETAILS, FIELDS, POSITIONS, SHOWN, history_of, is_shown
from chalicelib.domain.replay import whole
from tests.fakes import samples
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW

HIDDEN = {
    *(Happening.REQUESTED, Happening.CHECKED, Happening.VERIFIED, Happening.REFUSED, Happening.RECHECKED, Happening.REMINDED),
    *(Happening.PAYMENT_STARTED, Happening.PAYMENT_ENDED, Happening.DRIVERS_CHANGED, Happening.TRAILER_CHANGED),
    *(Happening.SUSPENDED, Happening.RESUMED, Happening.NOTICES_RESENT, Happening.REDRESSED, Happening.RETIMED),
}
ALLOWED = {"line", "at", "event", "ref", "by", "ground", "chain", *(name.rstrip("_") for name in FIELDS), *DETAILS, *POSITIONS}


def hidden_id(id_):
    """
    Hide an id.
    """
    return sha256(id_.encode()).hexdigest()


def history(*events, now=NOW, day=DAY, told_upto=None):
    """
    Make a history.
    """
    return history_of(events, checkpoint=HERE, day=day, told_upto=told_upto, reference=hidden_id, now=now, rules=RULES)


def verified(made):
    """
    Follow the chain as anybody can: the last link.
    """
    link = sha256(f"{made.checkpoint}/{made.day}".encode()).hexdigest()
    for text in made.lines:
        line = json.loads(text)
        chain = line.pop("chain")
        plain = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        link = sha256(f"{link}\n{plain}".encode()).hexdigest()
        assert chain == link
    return link


class TestHistory:
    def test_decides_about_every_happening(self):
        """
        A new happening is either shown or hidden on purpose: this fails until somebody has thought about it.
        """
        assert not SHOWN & HIDDEN
        assert set(Happening) == SHOWN | HIDDEN

    @pytest.mark.parametrize("happening", sorted(SHOWN))
    def test_tells_only_what_is_allowed(self, happening):
        """
        An event that changed every field of a booking, with every kind of detail: no account, person, plate, document or reason.
        """
        booking = samples.booking(id="bk_secret", account="acc_secret")
        detail = {"reason": "Асқар Серіков просил", "from": "NZH-261203-14-07", "phone": "+77011234567", "class": "general"}
        event = event_of(booking=booking, happening=happening, at=NOW, by="officer:acc_9", rules=RULES, ground="28", detail=detail)
        event = replace(event, change=whole(booking), day=DAY)
        (text,) = history(event).lines

        assert set(json.loads(text)) <= ALLOWED
        assert "officer" == json.loads(text)["by"]
        secrets = ("secret", "acc_", "per_", "123ABC", "123 АВС", "XTA2109", "X1", "Серіков", "+7701", "reason")
        assert not [word for word in secrets if word in text]

    def test_fields_are_a_bookings_own_and_none_of_a_person_or_vehicle(self):
        """
        The list of allowed fields names fields that exist, and none that leads to somebody.
        """
        assert set(FIELDS) <= {field.name for field in fields(Booking)}
        assert not set(FIELDS) & {"id", "account", "owner", "drivers", "user", "vehicle", "trailer", "cargo", "due", "suspended", "listed"}

    @pytest.mark.parametrize("ground", ["28", "6-2", "17-1", "18.17-1", "D21", "emergency"])
    def test_cites_grounds(self, ground):
        """
        Paragraphs, decisions and the grounds of D26 are told; anybody's words in their place are not.
        """
        told, kept = (samples.event(ground=said) for said in (ground, "потому что Серіков"))

        assert ground == json.loads(history(told).lines[0])["ground"]
        assert "ground" not in json.loads(history(kept).lines[0])

    @pytest.mark.rule("D1", "D21")
    def test_tells_orders_and_what_they_did_to_places(self):
        """
        A closure by its period, the places withheld by their positions; who ordered it is an officer, why stays his words.
        """
        period = {
            "kind": "closure",
            "starts": "2026-12-03T10:00:00+05:00",
            "ends": "2026-12-03T15:00:00+05:00",
            "reason": "по просьбе Серікова",
        }
        ordered = samples.event(aggregate="ms_1", kind="ordered", by="officer:acc_1", ground="D21", detail=period)
        done = samples.event(
            aggregate="ms_1", aggregate_version=2, kind="places_changed", detail={"withheld": "10-001 10-002", "offered": "bk_1"}
        )
        first, second = (json.loads(text) for text in history(ordered, done).lines)

        assert {"kind": "closure", "starts": period["starts"], "ends": period["ends"]}.items() <= first.items()
        assert ("officer", "D21", False) == (first["by"], first["ground"], "reason" in first)
        assert ("10-001 10-002", False) == (second["withheld"], "offered" in second)

    def test_keeps_a_bookings_lines_together_without_its_id(self):
        """
        The same booking has the same reference, another one another.
        """
        events = [samples.event(aggregate=id_, aggregate_version=n) for id_, n in (("bk_1", 1), ("bk_1", 2), ("bk_2", 1))]
        refs = [json.loads(text)["ref"] for text in history(*events).lines]

        assert (2, 16) == (len(set(refs)), len(refs[0]))

    @settings(max_examples=40)
    @given(
        st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9), st.sampled_from(sorted(Happening))), max_size=12, unique=True),
        st.randoms(),
    )
    def test_is_one_chain_whatever_the_order_it_was_read_in(self, drawn, chance):
        """
        The same events read in any order make the same lines and the same last link, which everybody can compute.
        """
        events = [samples.event(aggregate=f"bk_{n}", aggregate_version=v, kind=kind, at=NOW + timedelta(minutes=v)) for n, v, kind in drawn]
        shuffled = list(events)
        chance.shuffle(shuffled)
        made = history(*events)

        assert made.lines == history(*shuffled).lines or len({event.id for event in events}) < len(events)
        assert made.head == verified(made)
        assert sum(is_shown(event) for event in events) == len(made.lines)

    def test_shows_a_changed_line_by_another_head(self):
        """
        Leaving a line out, changing one, or adding one changes the head.
        """
        events = [samples.event(aggregate=f"bk_{n}") for n in range(4)]
        heads = {history(*part).head for part in (events, events[1:], events[:-1], [replace(events[0], kind="crossed"), *events[1:]])}

        assert 4 == len(heads)

    @pytest.mark.rule("D32")
    def test_is_final_once_the_day_is_closed(self):
        """
        Ten minutes after local midnight, not a second before.
        """
        closes = RULES.midnight(DAY + timedelta(days=1)) + RULES.day_closes_after

        assert [False, True] == [history(now=now).final for now in (closes - timedelta(seconds=1), closes)]

    @pytest.mark.rule("D24")
    def test_is_not_final_while_a_gateway_has_not_told_the_whole_day(self):
        """
        What it tells late lies in that day: final from the moment to which it has told past midnight.
        """
        ends, later = RULES.midnight(DAY + timedelta(days=1)), NOW + timedelta(days=9)

        assert [False, True] == [history(now=later, told_upto=upto).final for upto in (ends - timedelta(seconds=1), ends)]
