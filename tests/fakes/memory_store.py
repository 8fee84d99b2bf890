"""
The store's stand-in without an engine: the same ports with the same meaning over dictionaries. It passes the same suite as the real one.
"""
# ruff: noqa: D102  - each method is its port's

import copy
import threading
from collections import defaultdict
from datetime import timedelta

from chalicelib.domain.bank_lines import BankLine, StatementPart
from chalicelib.domain.consents import Consent
from chalicelib.domain.crossings import Crossings
from chalicelib.domain.driver_links import DriverLink, LinkToken
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.measures import Measure
from chalicelib.domain.money import Posting
from chalicelib.domain.notices import Notification
from chalicelib.domain.payment_links import PaymentLink
from chalicelib.domain.places import Place
from chalicelib.domain.plans import DayPlan
from chalicelib.domain.policies import PolicyRow
from chalicelib.domain.progress import Progress
from chalicelib.domain.records import Account, Event, HoldCount, Load, Passage, Quota, RequestRecord
from chalicelib.domain.remittance import Download, Export
from chalicelib.domain.settlements import Balance, Settlement
from chalicelib.domain.vehicle_lists import ListEntry, ListPart
from chalicelib.domain.vehicles import MissRecord, VehicleLock
from chalicelib.usecases.ports import Committed, Conflict, Remove, Write
from tests.fakes.memory_bank import MemoryBankBooks, MemoryInvoices
from tests.fakes.memory_consents import MemoryConsents
from tests.fakes.memory_lists import MemoryVehicleLists
from tests.fakes.memory_money import MemoryBookmarks, MemoryDifferences, MemoryLedger, MemoryPayers, MemoryRefunds
from tests.fakes.memory_notices import MemoryDriverLinks, MemoryNotifications, MemoryPaymentLinks
from tests.fakes.memory_orders import MemoryCrossings, MemoryMeasures, MemoryPolicies
from tests.fakes.memory_passages import MemoryPassages
from tests.fakes.memory_reads import (
    MemoryAccounts,
    MemoryBookings,
    MemoryComplaints,
    MemoryHistories,
    MemoryLocks,
    MemoryOutbox,
    MemoryPlaces,
    MemoryRequests,
    MemoryWalks,
)
from tests.fakes.memory_settlements import MemoryRemittances, MemoryScans

KEYS = {
    DayPlan: lambda item: (item.checkpoint, item.day),
    Place: lambda item: (item.checkpoint, item.day, item.position),
    Load: lambda item: (item.checkpoint, item.day),
    Crossings: lambda item: (item.checkpoint, item.day),
    PolicyRow: lambda item: (item.scope, item.policy, item.since, item.at, item.id),
    Measure: lambda item: (item.checkpoint, item.id),
    VehicleLock: lambda item: item.key,
    MissRecord: lambda item: item.key,
    HoldCount: lambda item: item.key,
    RequestRecord: lambda item: item.key,
    Quota: lambda item: item.key,
    StatementPart: lambda item: (item.statement, item.number),
    BankLine: lambda item: (item.group, item.number),
    Invoice: lambda item: item.reference,
    Posting: lambda item: (item.wallet, item.id),
    Settlement: lambda item: item.day,
    Balance: lambda item: item.day,
    Export: lambda item: item.day,
    Download: lambda item: (item.day, item.id),
    Passage: lambda item: (item.checkpoint, item.day, item.journal, item.sequence),
    ListPart: lambda item: (item.list, item.number),
    ListEntry: lambda item: (item.vehicle, item.day),
    Consent: lambda item: (item.account, item.id),
    Notification: lambda item: (item.account, item.id),
    LinkToken: lambda item: item.hash,
    Progress: lambda item: item.step,
    DriverLink: lambda item: item.key,
    PaymentLink: lambda item: item.booking,
}


def key_of(item):
    """
    Name an item within its type.
    """
    if type(item) in KEYS:
        return KEYS[type(item)](item)
    return next(getattr(item, name) for name in ("id", "account", "checkpoint") if hasattr(item, name))


def version_of(item):
    """
    Give an item's version; what is put once has version 1.
    """
    return 1 if isinstance(item, Event | Posting | Download) else item.version


class Shelves:
    """
    Items by type and key, under one lock. Values are given as they are kept: nobody changes them, which `unchanged` tells where it is watched.
    """

    def __init__(self, *, watched=False):
        self.lock = threading.Lock()
        self.items = defaultdict(dict)
        self._as_put = [] if watched else None

    def get(self, type_, key):
        with self.lock:
            return self.items[type_].get(key)

    def all(self, type_):
        with self.lock:
            return list(self.items[type_].values())

    def put(self, key, item):
        self.items[type(item)][key] = item
        if self._as_put is not None:
            self._as_put.append((item, copy.deepcopy(item)))

    def unchanged(self):
        return all(item == as_put for item, as_put in self._as_put)


class MemoryStore:
    """
    All ports of the store; `next_step` as for the real one. `watched`: it can tell whether somebody changed a value in place.
    """

    def __init__(self, *, next_step, watched=False):
        self._shelves = Shelves(watched=watched)
        self.bookings = MemoryBookings(self._shelves, next_step)
        self.places = MemoryPlaces(self._shelves)
        self.crossings = MemoryCrossings(self._shelves)
        self.policies = MemoryPolicies(self._shelves)
        self.measures = MemoryMeasures(self._shelves)
        self.locks = MemoryLocks(self._shelves)
        self.requests = MemoryRequests(self._shelves)
        self.ledger = MemoryLedger(self._shelves)
        self.bank_books = MemoryBankBooks(self._shelves)
        self.invoices = MemoryInvoices(self._shelves)
        self.remittances = MemoryRemittances(self._shelves)
        self.refunds = MemoryRefunds(self._shelves)
        self.scans = MemoryScans(self._shelves)
        self.payers = MemoryPayers(self._shelves)
        self.differences = MemoryDifferences(self._shelves)
        self.bookmarks = MemoryBookmarks(self._shelves)
        self.histories = MemoryHistories(self._shelves)
        self.outbox = MemoryOutbox(self._shelves)
        self.accounts = MemoryAccounts(self._shelves)
        self.complaints = MemoryComplaints(self._shelves)
        self.passages = MemoryPassages(self._shelves)
        self.vehicle_lists = MemoryVehicleLists(self._shelves)
        self.consents = MemoryConsents(self._shelves)
        self.notifications = MemoryNotifications(self._shelves)
        self.driver_links = MemoryDriverLinks(self._shelves)
        self.payment_links = MemoryPaymentLinks(self._shelves)
        self.walks = MemoryWalks(self._shelves)

    def commit(self, *writes):
        """
        Write all or nothing.
        """
        keys = [(type(write.item), key_of(write.item)) for write in writes]
        assert len(set(keys)) == len(keys), "an item appears twice"
        with self._shelves.lock:
            losers = {type(write.item).__name__ for key, write in zip(keys, writes, strict=True) if not self._holds(key, write)}
            if losers:
                return Conflict(frozenset(losers))
            for (type_, key), write in zip(keys, writes, strict=True):
                if isinstance(write, Remove):
                    del self._shelves.items[type_][key]
                else:
                    self._shelves.put(key, write.item)
        return Committed()

    def everything(self):
        """
        Give every item.
        """
        with self._shelves.lock:
            return [item for items in self._shelves.items.values() for item in items.values()]

    def unchanged(self):
        """
        Tell that every value is what it was when it was put (of a watched store).
        """
        return self._shelves.unchanged()

    def _holds(self, key, write):
        type_, name = key
        there = self._shelves.items[type_].get(name)
        if isinstance(write, Write) and write.seen == 0:
            return self._absent(write.item, there)
        return there is not None and version_of(there) == write.seen

    def _absent(self, item, there):
        if isinstance(item, Account):
            return there is None and all(other.person != item.person for other in self._shelves.items[Account].values())
        if isinstance(item, RequestRecord) and there is not None:
            return there.at <= item.at - timedelta(hours=24)
        return there is None
