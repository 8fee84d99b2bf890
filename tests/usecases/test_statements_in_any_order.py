"""
One day's movements told by files of either form, in parts and whole, in any order and again: each is taken once, and nothing else is (§23).
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.bank_lines import LineState
from tests.fakes.bank_files import Move, camt053, client_bank
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.rules import next_step

PAYERS = ("KZ66722C000022014099", "KZ79722S000001674774")
MOVES = st.lists(st.tuples(st.sampled_from([100, 200, -30]), st.sampled_from(PAYERS), st.booleans()), min_size=1, max_size=7)
FILES = st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=5)


def of(moves, reference):
    """
    Number the movements as a bank does, some under a reference; those of one payer have numbers of their own.
    """
    return [
        Move(amount, reference if known else "x", number=str(order + 1), other=payer, ref=f"B-{order}")
        for order, (amount, payer, known) in enumerate(moves)
    ]


@pytest.mark.rule("23", "D30")
class TestAnyOrder:
    @settings(max_examples=40, deadline=None)
    @given(MOVES, FILES, st.booleans())
    def test_takes_each_movement_once(self, told, files, last_form):
        """
        Files of the day's first movements, of all of them, twice, in both forms: in the end the ledger's bank is what the day moved, the wallet
        what came under its reference, and each movement is one line.
        """
        office = Office(MemoryStore(next_step=next_step))
        moves = of(told, office.invoice())
        opening = 1_000

        for count, as_camt in (*files, (len(moves), last_form)):
            office.bring((camt053 if as_camt else client_bank)(*moves[:count], opening=opening))

        came = sum(move.amount for move, (_, _, known) in zip(moves, told, strict=True) if known and move.amount > 0)
        assert (came, 0) == office.wallet()
        assert sum(move.amount for move in moves) == -office.bank_balance().get("bank", 0)
        waiting = office.store.bank_books.waiting(LineState.UNMATCHED, limit=100, cursor=None).items
        assert len([move for move, (_, _, known) in zip(moves, told, strict=True) if not (known and move.amount > 0)]) == len(waiting)
