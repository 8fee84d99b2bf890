"""
The bank's use cases of the office.
"""
# ruff: noqa: D102  - each property is the use case of its name

from functools import cached_property
from hashlib import sha256

from chalicelib.domain.bank_lines import LineState
from chalicelib.domain.money import LedgerAccount
from chalicelib.domain.records import Task
from chalicelib.gateways.bank_files.reading import read_statements
from chalicelib.usecases.ask_invoice import AskInvoice
from chalicelib.usecases.decide_line import DecideLine, LineVerdict
from chalicelib.usecases.ports import Remove
from chalicelib.usecases.post_statement import PostStatement
from chalicelib.usecases.receive_statement import ReceiveStatement
from chalicelib.usecases.reconcile_bank import ReconcileBank
from chalicelib.usecases.watch_bank import WatchBank
from tests import factories
from tests.fakes.bank import payee
from tests.fakes.sanctions import working_calendar

MOST = 5000
"""Messages looked through in a shard: an office delivers nobody else's, so they lie before a statement's."""


class Bank:
    """
    Use cases by name, built at first use.
    """

    @cached_property
    def ask_invoice(self):
        names = ("committer", "bookings", "invoices", "ledger", "requests", "clock", "keyed", "rules_on", "tariff_on")
        return AskInvoice(**self._parts(*names), payee=payee)

    @cached_property
    def receive_statement(self):
        names = ("committer", "bank_books", "requests", "people", "keyed", "clock", "rules_on")
        return ReceiveStatement(**self._parts(*names), payee=payee)

    @cached_property
    def post_statement(self):
        return PostStatement(**self._parts("committer", "bank_books", "invoices", "ledger", "accounts", "clock", "rules_on"))

    @cached_property
    def decide_line(self):
        names = ("committer", "bank_books", "invoices", "ledger", "accounts", "requests", "clock", "rules_on")
        return DecideLine(**self._parts(*names))

    @cached_property
    def reconcile_bank(self):
        return ReconcileBank(**self._parts("bank_books", "ledger", "clock", "rules_on"), balance=lambda day: self.settle.balance(day=day))

    @cached_property
    def watch_bank(self):
        parts = self._parts("committer", "ledger", "differences", "rules_on")
        return WatchBank(**parts, calendar=working_calendar, reconcile=self.reconcile_bank)

    # -- a clerk's day in short words

    def invoice(self, account="acc_1", amount=700_000, *, key="ask"):
        """
        Ask for an invoice: its reference.
        """
        return self.ask_invoice(account=account, amount=amount, request=factories.request(f"{account}-{key}")).resource

    def bring(self, content, *, key=None):
        """
        Hand a statement's file in and post its rows: the outcome.
        """
        done = self.hand_in(content, key=key)
        self.post_all()
        return done

    def hand_in(self, content, *, key=None):
        """
        Hand a statement's file in: the outcome.
        """
        digest = sha256(content).hexdigest()
        return self.receive_statement(
            finance="acc_fin", statements=read_statements(content), sha256_=digest, request=factories.request(key or digest, body=digest)
        )

    def post_all(self):
        """
        Deliver the posting of statements until none is left.
        """
        while waiting := self.to_post():
            for message in waiting:
                if not self.post_statement(message):
                    self.store.commit(Remove(message, message.version))

    def to_post(self):
        """
        List what is to be posted.
        """
        found = [each for shard in range(8) for each in self.store.outbox.pending(shard=shard, until=self.clock.now(), limit=MOST)]
        return [message for message in found if message.task is Task.STATEMENT]

    def lines(self, done):
        """
        Give the lines of a statement by row.
        """
        parts = [part for id_ in done.answer["statements"] for part in self.store.bank_books.parts(id_)]
        outcomes = sorted((outcome for part in parts for outcome in part.outcomes), key=lambda outcome: outcome.row)
        return [self.line(outcome.line) for outcome in outcomes]

    def line(self, line):
        """
        Read a line by its id.
        """
        group, _, number = line.rpartition("-")
        return self.store.bank_books.line(group, int(number))

    def decide(self, line, state, *, of=None, account=None, key=None, by="acc_fin"):
        """
        Say what a line is: the outcome.
        """
        verdict = LineVerdict(LineState(state), "seen", of, account)
        return self.decide_line(finance=by, line=line, verdict=verdict, request=factories.request(key or f"{line}-{state}-{by}"))

    def bank_balance(self):
        """
        Give what the ledger says of the system's accounts, and of the wallets together.
        """
        postings = [
            *self.store.ledger.postings("system", limit=100, cursor=None).items,
            *(each for account in ("acc_1", "acc_2") for each in self.store.ledger.postings(account, limit=100, cursor=None).items),
        ]
        sums = {account: sum(posting.change_of(account) for posting in postings) for account in LedgerAccount}
        return {account.value: sum_ for account, sum_ in sums.items() if sum_}
