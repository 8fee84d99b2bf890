"""
The store: every port that use cases know tables by, on one engine under one prefix.
"""

from chalicelib.store.accounts import StoredAccounts
from chalicelib.store.bank import StoredBankBooks
from chalicelib.store.bookings import Clockwork, StoredBookings
from chalicelib.store.complaints import StoredComplaints
from chalicelib.store.consents import StoredConsents
from chalicelib.store.crossings import StoredCrossings
from chalicelib.store.database import Database, StoreSettings
from chalicelib.store.differences import StoredDifferences
from chalicelib.store.events import StoredHistories
from chalicelib.store.invoices import StoredInvoices
from chalicelib.store.ledger import StoredLedger
from chalicelib.store.locks import StoredLocks
from chalicelib.store.notices import StoredLinks, StoredNotifications, StoredPaymentLinks
from chalicelib.store.outbox import StoredOutbox
from chalicelib.store.passages import StoredPassages
from chalicelib.store.places import StoredPlaces
from chalicelib.store.policies import StoredMeasures, StoredPolicies
from chalicelib.store.progress import StoredWalks
from chalicelib.store.provider import StoredBookmarks, StoredPayers
from chalicelib.store.reading import Reader
from chalicelib.store.refunds import StoredRefunds
from chalicelib.store.requests import StoredRequests
from chalicelib.store.scanning import StoredScans
from chalicelib.store.settlements import StoredRemittances
from chalicelib.store.tables import bind_all, create_all, kinds
from chalicelib.store.transactions import Transactions
from chalicelib.store.vehicle_lists import StoredVehicleLists
from chalicelib.usecases import ports
from chalicelib.usecases.ports import Committed, Conflict, Remove, Write


class Store:
    """
    All tables but the people's. `next_step` tells what a booking waits for, under the rules in force on its day.

    Opens nothing before the first call; several stores may live in one process; safe for many threads.
    """

    def __init__(self, settings: StoreSettings, *, next_step: Clockwork) -> None:
        kept = kinds(next_step)
        self.database = Database(settings)
        self.kinds = kept
        self.rows = bind_all(self.database, kept)
        reader = Reader(self.database)
        self.bookings: ports.Bookings = StoredBookings(reader, kept[0])
        self.places: ports.Places = StoredPlaces(reader)
        self.crossings: ports.CrossingCounts = StoredCrossings(reader)
        self.policies: ports.Policies = StoredPolicies(reader)
        self.measures: ports.Measures = StoredMeasures(reader)
        self.locks: ports.Locks = StoredLocks(reader)
        self.requests: ports.Requests = StoredRequests(reader)
        self.ledger: ports.Ledger = StoredLedger(reader)
        self.invoices: ports.Invoices = StoredInvoices(reader)
        self.remittances: ports.Remittances = StoredRemittances(reader)
        self.refunds: ports.Refunds = StoredRefunds(reader)
        self.payers: ports.Payers = StoredPayers(reader)
        self.differences: ports.Differences = StoredDifferences(reader)
        self.bookmarks: ports.Bookmarks = StoredBookmarks(reader)
        self.bank_books: ports.BankBooks = StoredBankBooks(reader)
        self.histories: ports.Histories = StoredHistories(reader)
        self.outbox: ports.Outbox = StoredOutbox(reader)
        self.accounts: ports.Accounts = StoredAccounts(reader)
        self.complaints: ports.Complaints = StoredComplaints(reader)
        self.passages: ports.Passages = StoredPassages(reader)
        self.vehicle_lists: ports.VehicleLists = StoredVehicleLists(reader)
        self.consents: ports.Consents = StoredConsents(reader)
        self.notifications: ports.Notifications = StoredNotifications(reader)
        self.driver_links: ports.DriverLinks = StoredLinks(reader)
        self.payment_links: ports.PaymentLinks = StoredPaymentLinks(reader)
        self.walks: ports.Walks = StoredWalks(reader)
        self.scans: ports.Scans = StoredScans(self.database, kept)
        self.transactions: ports.Committer = Transactions(self.database, kept)

    def commit(self, *writes: Write | Remove) -> Committed | Conflict:
        """
        Write all or nothing (the port `Committer`).
        """
        return self.transactions.commit(*writes)

    def create_tables(self, *, streams: bool = False) -> None:
        """
        Create the tables that are missing.
        """
        create_all(self.database, self.rows, streams=streams)
