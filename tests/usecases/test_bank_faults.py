"""
A fault at every database call of taking a statement in, posting its rows and deciding its lines: retried, it ends where the fault-free run does.
"""

import functools

import pytest

from chalicelib.usecases.outcomes import Done
from chalicelib.usecases.ports import Write
from tests.conftest import open_store
from tests.fakes import samples
from tests.fakes.bank_files import Move, camt053, client_bank, more
from tests.fakes.scenes import DEFAULT, RARER, Scene, sweep
from tests.fakes.snapshots import Snapshots

SUM = 700_000
UNKNOWN = Move(300_000, "x", number="2")


def a_user(office):
    """
    Prepare a user with an invoice: its reference.
    """
    office.store.commit(Write(samples.account(id="acc_1", person="per_acc_1", roles=("user",))))
    return office.invoice()


def file_of(reference, *, write=client_bank):
    """
    Write a statement with a row under a reference and one that nobody knows.
    """
    return write(Move(SUM, reference), UNKNOWN)


def reference(office):
    """
    Find the user's invoice.
    """
    return office.store.invoices.of_account("acc_1", limit=1, cursor=None).items[0].reference


def an_invoice(office):
    """
    Prepare what money is awaited for.
    """
    a_user(office)


def a_statement(office):
    """
    Prepare a statement whose rows are not posted yet.
    """
    office.hand_in(file_of(a_user(office)))


def a_known_day(office):
    """
    Prepare a day that is posted, told again in the other form.
    """
    name = a_user(office)
    office.bring(file_of(name))
    office.hand_in(file_of(name, write=camt053))


def a_waiting_line(office):
    """
    Prepare a line that nobody knows.
    """
    a_user(office)
    office.bring(client_bank(UNKNOWN))


def a_returned_line(office):
    """
    Prepare a line that goes back, and the bank's statement that shows it leave.
    """
    a_waiting_line(office)
    office.decide(waiting(office), "returned")
    office.hand_in(client_bank(more(UNKNOWN, amount=-UNKNOWN.amount, number="9"), opening=UNKNOWN.amount))


def waiting(office):
    """
    Name the first line: whatever state it is in, its id is the same.
    """
    page = office.store.bank_books.statements(limit=9, cursor=None).items
    return office.lines(Done(200, "", {"statements": [page[-1].id]}))[0].id


def post(office):
    """
    Post as sweeps do until nothing is left.
    """
    office.post_all()
    return True


SCENES = {
    "hand in": (an_invoice, lambda office: office.hand_in(file_of(reference(office)), key="h")),
    "post": (a_statement, post),
    "post what is known": (a_known_day, post),
    "match": (a_waiting_line, lambda office: office.decide(waiting(office), "credited", account="acc_1", key="d")),
    "match by reference": (a_waiting_line, lambda office: office.decide(waiting(office), "credited", of=reference(office), key="d")),
    "return": (a_waiting_line, lambda office: office.decide(waiting(office), "returned", key="d")),
    "see it leave": (a_returned_line, post),
}
FEWER = ("hand in", "post", "match")
QUICK = [("refuse", 1), ("crash_after", 1)]
OTHERS = [fault for fault in (*DEFAULT, *RARER) if fault not in QUICK]
TABLES = (
    "accounts",
    "accounts_of_people",
    "bank_lines",
    "events",
    "invoices",
    "outbox",
    "postings",
    "requests",
    "statement_parts",
    "statements",
    "wallets",
)
"""What these journeys read and write."""


@pytest.fixture(scope="module")
def scenes(engine):
    """
    One store a module: each scene puts its own state there.
    """
    store = open_store(engine)
    states = Snapshots(store, tables=TABLES)
    return functools.cache(lambda name: Scene(store, states, prepare=SCENES[name][0], act=SCENES[name][1]))


@pytest.mark.rule("23", "D30")
class TestFaultAtEveryCall:
    @pytest.mark.parametrize(("kind", "lasting"), QUICK)
    @pytest.mark.parametrize("name", FEWER)
    def test_ends_where_the_fault_free_run_ends(self, scenes, name, kind, lasting):
        """
        Before or after the commit, the process dead or the answer lost: each line once, each sum once, each person told once.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 5

    @pytest.mark.slow
    @pytest.mark.parametrize(("kind", "lasting"), OTHERS)
    @pytest.mark.parametrize("name", FEWER)
    def test_ends_there_after_rarer_faults(self, scenes, name, kind, lasting):
        """
        The same for the other kinds, and for those that outlast the store's own tries.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 5

    @pytest.mark.slow
    @pytest.mark.parametrize(("kind", "lasting"), [*DEFAULT, *RARER])
    @pytest.mark.parametrize("name", [name for name in SCENES if name not in FEWER])
    def test_ends_there_in_later_scenes(self, scenes, name, kind, lasting):
        """
        The same for lines that are known, and for money that is seen leaving.
        """
        assert sweep(scenes(name), kind=kind, lasting=lasting) >= 5
