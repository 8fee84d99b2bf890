"""
What must add up in every life, whatever happened in it: money, and the history that tells how everything came to be.
"""

from collections import defaultdict

from hypothesis.stateful import invariant

from chalicelib.domain.bookings import Booking, Status
from chalicelib.domain.money import DepositState, LedgerAccount, Posting
from chalicelib.domain.places import Place
from chalicelib.domain.records import Event
from chalicelib.domain.replay import rebuilt

ACCOUNTS = ("acc_1", "acc_2")


class Books:
    """
    Mixed into a state machine that gives `store`, `all`, and in `begun` the first event of each application put there.
    """

    @invariant()
    def wallets_follow_from_postings(self):
        """
        Each wallet is the sum of its postings, and none is below zero.
        """
        for account in ACCOUNTS:
            mine = [posting for posting in self.all(Posting) if posting.wallet == account]
            wallet = self.store.ledger.wallet(account)
            sums = tuple(
                sum(posting.change_of(leg) for posting in mine) for leg in (LedgerAccount.WALLET_AVAILABLE, LedgerAccount.WALLET_HELD)
            )
            assert (wallet.available, wallet.held) == sums
            assert min(sums) >= 0

    @invariant()
    def held_money_has_its_booking(self):
        """
        What a wallet holds is the deposits and reservations of its bookings, and nothing else.
        """
        for account in ACCOUNTS:
            mine = [booking for booking in self.all(Booking) if booking.account == account]
            deposits = sum(booking.due.deposit for booking in mine if booking.deposit is DepositState.HELD)
            reserved = sum(booking.due.from_wallet for booking in mine if booking.status is Status.HELD and booking.attempt)
            assert self.store.ledger.wallet(account).held == deposits + reserved

    @invariant()
    def ledger_sums_to_zero(self):
        """
        All accounts together are zero.
        """
        assert 0 == sum(leg.amount for posting in self.all(Posting) for leg in posting.legs)

    def events_rebuild_every_booking(self):
        """
        What the events say, one after another, is what is stored, to the last field; so are the numbers that were ever issued for each place.
        """
        told, issued = {}, defaultdict(set)
        for event in sorted(self.all(Event), key=lambda event: event.aggregate_version):
            told.setdefault(event.aggregate, []).append(event)
        for booking in self.all(Booking):
            events = [self.begun[booking.id], *told.get(booking.id, [])]
            for count in range(1, len(events) + 1):
                seen = rebuilt(events[:count])
                issued[seen.day, seen.position] |= {seen.number} - {None}
            assert booking == seen
        assert {(place.day, place.position): place.sales for place in self.all(Place) if place.sales} == {
            where: len(numbers) for where, numbers in issued.items() if numbers
        }
