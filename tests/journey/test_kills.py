"""
SIGKILL of any one process at any step of the story: it is back within 5 seconds, the story completes, nothing is lost or done twice.
"""

import itertools
import logging
import random
from datetime import timedelta

import pytest

from tests.journey.audit import Audit, legs
from tests.journey.chaos import VICTIMS, Kill, allowed_s

LOGGER = logging.getLogger(__name__)
ONCE = ("requested", "verified", "held", "confirmed", "reminded", "arrived", "called", "left_area", "admitted", "crossed")

pytestmark = [pytest.mark.xdist_group("system"), pytest.mark.timeout(300)]


def tell(checkpoint, offset):
    """
    Tell a story; while its chapter n is told, process n + offset is killed: the journey, and how long each process was away.
    """
    journey = checkpoint.journey(ahead=timedelta(hours=27))
    victims = itertools.islice(itertools.cycle(VICTIMS), offset, None)
    chance, away = random.Random(offset), []
    for (name, chapter), victim in zip(journey.chapters(), victims, strict=False):
        with Kill(checkpoint.system, victim, chance=chance) as kill:
            chapter()
        away.append((name, victim, kill.seconds))
        LOGGER.info("%-28s %-24s back after %s s", name, victim, kill.seconds)
    return journey, away


class Aftermath:
    """
    What is asserted after every story with kills in it.
    """

    def __init__(self, checkpoint, journey):
        self.checkpoint, self.journey = checkpoint, journey
        checkpoint.settle()
        self.audit = Audit(checkpoint.system)

    def user_has_what_he_paid_for(self):
        """
        One booking, crossed; one payment at the provider; the deposit in the wallet; every step once.
        """
        journey = self.journey
        bookings = journey.user.ask("GET", "/v1/bookings")["items"]
        assert [(journey.booking, "crossed", "released")] == [(one["id"], one["status"], one["deposit"]) for one in bookings]
        assert [journey.fee + journey.deposit] == self.audit.payments(journey.booking)
        wallet = journey.user.ask("GET", "/v1/me/wallet")
        assert (journey.deposit, 0, 0) == tuple(wallet[part]["amount"] for part in ("available", "held", "debt"))
        kinds = [entry["event"] for entry in journey.user.ask("GET", f"/v1/bookings/{journey.booking}")["timeline"]]
        assert dict.fromkeys(ONCE, 1) == {kind: kinds.count(kind) for kind in ONCE}

    def money_adds_up(self):
        """
        Every posting sums to zero, every wallet is what its postings say, one release for the booking.
        """
        postings = self.audit.rows("postings")
        assert {0} == {sum(int(leg["amount"]) for leg in legs(row)) for row in postings}
        kept, booked = self.audit.wallets()
        assert kept == {account: booked.get(account, [0, 0]) for account in kept}
        mine = [row["kind"] for row in postings if row.get("booking") == self.journey.booking]
        assert 1 == mine.count("deposit_released")

    def journal_is_whole(self):
        """
        Each gateway's sequences lie in the table without gap and each once.
        """
        for sequences in self.audit.journals().values():
            assert sequences == list(range(1, len(sequences) + 1))

    def nothing_is_parked(self):
        """
        No outbox row was given up.
        """
        assert [] == [row["id"] for row in self.audit.rows("outbox") if row["parked"]]


def check(checkpoint, journey, away):
    """
    Assert all of it.
    """
    aftermath = Aftermath(checkpoint, journey)
    aftermath.user_has_what_he_paid_for()
    aftermath.money_adds_up()
    aftermath.journal_is_whole()
    aftermath.nothing_is_parked()
    slow = [(chapter, victim, seconds) for chapter, victim, seconds in away if seconds is None or seconds > allowed_s()]
    assert [] == slow


class TestKilled:
    def test_each_process_somewhere_in_one_story(self, checkpoint):
        """
        One story with a kill in every chapter, each process at least once.
        """
        check(checkpoint, *tell(checkpoint, 0))

    @pytest.mark.slow
    @pytest.mark.parametrize("offset", range(1, len(VICTIMS)))
    def test_every_process_in_every_chapter(self, checkpoint, offset):
        """
        The other stories: together with the first, each process is killed in each chapter once.
        """
        check(checkpoint, *tell(checkpoint, offset))
