"""
The site: passes, commands, photographs, the live view, what gateways say, who calls (§2.1, §4, §9, §11, D23, D25, D26).
"""

import json
from datetime import timedelta

import pytest

from chalicelib.contracts import messages, topics
from chalicelib.contracts.admissions import AdmissionsWanted
from chalicelib.contracts.commands import CommandKind, Ground
from chalicelib.contracts.messages import UnableToParseError
from chalicelib.contracts.passages import Action, DecisionReason, PhotoWanted
from chalicelib.domain.decisions import Code
from chalicelib.usecases.command_barrier import CommandBarrier, Order
from chalicelib.usecases.issue_pass import IssuePass, Pass
from chalicelib.usecases.keep_photos import MOST_BYTES, KeepPhotos
from chalicelib.usecases.know_caller import KnowCaller
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Write
from chalicelib.usecases.receive_uplink import ReceiveUplink, UnknownTopicError
from chalicelib.usecases.watch_checkpoint import WatchCheckpoint, Whereabouts
from tests import factories
from tests.factories import SLOT, batch, beat, minutes, seen
from tests.fakes import samples
from tests.fakes.photos import PhotoShelf
from tests.fakes.rules import RULES
from tests.fakes.samples import DAY, HERE, NOW


def rules_on(_):
    """
    Give the figures.
    """
    return RULES


@pytest.mark.rule("D25")
class TestPass:
    def passes(self, office):
        """
        The use case.
        """
        return IssuePass(bookings=office.store.bookings, signer=lambda: office.signer, clock=office.clock, rules_on=rules_on)

    def test_proves_a_confirmed_booking_without_a_name(self, office):
        """
        Number, plate, checkpoint and interval, until the no-show's moment; nobody's name.
        """
        booking = office.confirmed()
        given = self.passes(office)(account="acc_1", booking=booking)

        claims = json.loads(given.token)
        assert isinstance(given, Pass)
        assert ("NZH-261203-14-01", "001ABC02", "KZ", HERE) == tuple(claims[name] for name in ("number", "plate", "country", "checkpoint"))
        assert (SLOT.timestamp(), (SLOT + minutes(120)).timestamp()) == (claims["start"], claims["exp"])
        assert {"number", "plate", "country", "checkpoint", "start", "end", "version", "exp", "typ"} == set(claims)

    def test_is_none_before_payment_and_after_the_end(self, office):
        """
        A held place and a cancelled booking have no pass; a foreign one is missing.
        """
        held, cancelled = office.held(1), office.confirmed(2)
        office.cancel_for(cancelled)

        refused = [self.passes(office)(account=f"acc_{number}", booking=id_) for number, id_ in ((1, held), (2, cancelled))]
        assert [[Code.NOT_CONFIRMED]] * 2 == [[reason.code for reason in each.reasons] for each in refused]
        assert Missing() == self.passes(office)(account="acc_9", booking=held)


@pytest.mark.rule("11", "D26")
class TestCommands:
    def commands(self, office):
        """
        The use case.
        """
        parts = {"committer": office.store, "bookings": office.store.bookings, "requests": office.store.requests}
        return CommandBarrier(**parts, link=lambda: office.link, clock=office.clock, chance=office.chance, rules_on=rules_on)

    def order(self, ground=Ground.MATCH_CONFIRMED, booking="bk_1", checkpoint=HERE):
        """
        Open the entry.
        """
        return Order(checkpoint, "entry-1", CommandKind.OPEN, ground, "plate is dirty", booking)

    def send(self, office, **changes):
        """
        Order it under one key.
        """
        return self.commands(office)(officer="acc_o", order=self.order(**changes), request=factories.request("cmd"))

    def test_are_kept_and_sent_while_they_are_fresh(self, office):
        """
        Who, what, why in an event; the command goes out once with its number and end; one that ran out is not sent at all.
        """
        office.confirmed()
        done = self.send(office)
        assert done == self.send(office)
        event = office.store.histories.event(done.answer["event"])
        assert ("officer:acc_o", "match_confirmed", "plate is dirty") == (event.by, event.ground, event.detail["reason"])
        row = next(
            row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=NOW, limit=50) if row.task == "command"
        )

        self.commands(office).deliver(row)
        office.clock.advance(seconds=10)
        self.commands(office).deliver(row)

        ((checkpoint, command),) = office.link.commands
        assert (HERE, done.resource, "bk_1", "NZH-261203-14-01") == (checkpoint, command.id, command.booking, command.booking_number)
        assert NOW + RULES.command_validity == command.valid_until

    def test_need_a_booking_of_the_checkpoint_for_a_match(self, office):
        """
        No booking, a held one, a cancelled one: no match; another checkpoint's is missing; a ground of need admits no booking it names.
        """
        office.held(1)
        office.cancel_for(office.confirmed(2))

        assert [[Code.MATCH_REQUIRED]] * 3 == [
            [reason.code for reason in self.send(office, booking=booking).reasons] for booking in (None, "bk_1", "bk_2")
        ]
        office.confirmed(3, slot=SLOT.replace(hour=15))
        assert Missing() == self.send(office, booking="bk_3", checkpoint="dostyk")
        assert 202 == self.send(office, ground=Ground.EMERGENCY, booking="bk_3").status
        row = next(
            row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=NOW, limit=50) if row.task == "command"
        )
        self.commands(office).deliver(row)
        assert office.link.commands[-1][1].booking is None


@pytest.mark.rule("9", "10")
class TestPhotos:
    @pytest.mark.parametrize(("size", "kept", "url"), [(1000, (), f"put:{HERE}/ab"), (1000, ("ab",), None), (MOST_BYTES + 1, (), None)])
    def test_are_asked_for_once_and_not_too_big(self, office, size, kept, url):
        """
        A link of a minute for what is not kept yet; none for what is, or is too big.
        """
        shelf = PhotoShelf()
        shelf.kept.update(kept)
        photos = KeepPhotos(photos=lambda: shelf, link=lambda: office.link, clock=office.clock, rules_on=rules_on)

        photos.grant(checkpoint=HERE, wanted=PhotoWanted("ab", size))

        assert [(HERE, "ab", url, NOW + timedelta(seconds=60))] == office.link.photos


@pytest.mark.rule("2.1", "4", "7")
class TestLiveView:
    def live(self, office):
        """
        Look.
        """
        parts = {"bookings": office.store.bookings, "places": office.store.places, "passages": office.store.passages}
        return WatchCheckpoint(**parts, photos=PhotoShelf, clock=office.clock, rules_on=rules_on).live(checkpoint=HERE)

    def test_shows_each_vehicle_where_it_is(self, office):
        """
        Expected, called, in the waiting area, at the gate, inside, left.
        """
        for number in range(1, 7):
            office.confirmed(number, slot=SLOT.replace(hour=14 + number % 3))
        office.clock.move_to(SLOT.replace(hour=13, minute=30))
        for number in range(2, 7):
            office.time.remind(booking=f"bk_{number}")
            office.time.call(booking=f"bk_{number}")
        lanes = [("wa-in", 3), ("wa-in", 4), ("wa-out", 4), ("entry-1", 5), ("entry-1", 6), ("exit-1", 6)]
        found = [seen(number, lane, f"bk_{who}", at=office.clock.now()) for number, (lane, who) in enumerate(lanes, 1)]
        office.journal.batch(checkpoint=HERE, batch=batch(*found))

        live = self.live(office)
        where = {booking.id: place for booking, place in live.vehicles}
        assert list(Whereabouts) == [where[f"bk_{number}"] for number in range(1, 7)]
        assert dict.fromkeys(Whereabouts, 1) == live.counts
        assert 6 == len(live.sightings)
        assert live.connected
        office.clock.advance(seconds=20)
        assert not self.live(office).connected

    def test_tells_where_an_unknown_vehicle_is_booked(self, office):
        """
        A truck of another checkpoint at this gate: the officer sees which.
        """
        plan = factories.plan(DAY, checkpoint="dostyk")
        office.open(plan)
        office.confirmed(1, checkpoint="dostyk")
        office.clock.move_to(SLOT)
        stranger = seen(1, "entry-1", None, at=SLOT, action=Action.STAY, reason=DecisionReason.UNKNOWN_VEHICLE)
        office.journal.batch(checkpoint=HERE, batch=batch(stranger))

        assert ["dostyk"] == [sighting.elsewhere for sighting in self.live(office).sightings]


class TestUplink:
    def uplink(self, office):
        """
        The entrance.
        """
        photos = KeepPhotos(photos=PhotoShelf, link=lambda: office.link, clock=office.clock, rules_on=rules_on)
        return ReceiveUplink(office.journal, office.admissions, photos)

    def test_leads_each_topic_to_its_use_case(self, office):
        """
        Journal, heartbeat, wish for the list, wish for a photograph's link: each does its work for the thing's own checkpoint.
        """
        thing = topics.thing(HERE)
        said = [
            (topics.journal(thing), batch(seen(1, "entry-1", None, at=NOW, action=Action.STAY))),
            (topics.heartbeat(thing), beat(NOW, last=1)),
            (topics.admissions_wanted(thing), AdmissionsWanted(have=0)),
            (topics.photo_wanted(thing), PhotoWanted("ab", 10)),
        ]
        for topic, message in said:
            self.uplink(office)(topic=topic, payload=messages.to_json(message))

        known = office.store.passages.gateway(HERE)
        assert (1, NOW, 1) == (known.stored_upto, known.reported_upto, known.admissions_version)
        assert (1, 1, 1) == (len(office.link.acknowledged), len(office.link.admissions), len(office.link.photos))

    @pytest.mark.parametrize(
        "topic", ["", "queue", "queue/gw-nur-zholy/other", "queue/gw-nur-zholy/journal/more", "other/gw-nur-zholy/journal"]
    )
    def test_knows_no_other_topic(self, office, topic):
        """
        A topic that no gateway of ours has is an error of its own.
        """
        with pytest.raises((UnknownTopicError, ValueError)):
            self.uplink(office)(topic=topic, payload="{}")

    @pytest.mark.parametrize(
        "payload", ["", "[]", "{}", '{"journal": 5, "entries": []}', '{"journal": "j", "entries": [{"sequence": "1"}]}']
    )
    def test_refuses_what_is_no_message(self, office, payload):
        """
        A message that does not keep its contract is refused by name and changes nothing.
        """
        with pytest.raises(UnableToParseError):
            self.uplink(office)(topic=topics.journal(f"gw-{HERE}"), payload=payload)
        assert 0 == office.store.passages.gateway(HERE).version


class PlainReader:
    """
    Takes a token for the account's name.
    """

    def claims_of(self, token):
        """
        Give the claims.
        """
        return {"sub": token}


class TestCaller:
    def test_has_the_rights_the_store_says_now(self, office):
        """
        The token says who, the store says what he may: rights taken away are gone at the next request.
        """
        account = samples.account()
        office.store.commit(Write(account))
        caller = KnowCaller(accounts=office.store.accounts, tokens=PlainReader)

        assert {"sub": "acc_1"} == caller.claims_of("acc_1")
        assert ("user", "officer") == caller.rights_of("acc_1").roles
        office.store.commit(Write(samples.account(roles=("user",), version=2), 1))
        assert ("user",) == caller.rights_of("acc_1").roles
        assert caller.rights_of("acc_none") is None
