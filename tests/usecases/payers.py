"""
What payers by a link do on an office, in short words.
"""

from chalicelib.domain.records import Task
from tests.fakes.office import DEPOSIT, FEE

TOTAL = FEE + DEPOSIT
PART = 1_000_000


def start(office, token, request=None):
    """
    Open the payment: the attempt.
    """
    return office.by_link.start(token=token, request=request).answer["attempt"]


def state(office, token):
    """
    See what a payer is told.
    """
    return office.by_link.see(token=token).state


def canceled(office):
    """
    Name the attempts whose intents are to be canceled.
    """
    waiting = [row for shard in range(8) for row in office.store.outbox.pending(shard=shard, until=office.clock.now(), limit=50)]
    return [row.payload["attempt"] for row in waiting if row.task is Task.CANCEL_INTENT]
