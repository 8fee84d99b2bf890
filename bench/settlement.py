"""
`python -m bench.settlement [--bookings 20000] [--postings 200000]`: how long a day takes to settle, what room it needs, how long the audit reads.

A day of bookings, each with the postings that it leaves (top-up, fee and deposit, the deposit's end), over all checkpoints, on the engine in memory.
Settled once small and once whole: seconds a booking and the most memory taken tell whether it grows with the day. Then the audit of all postings.
"""

import argparse
import gc
import resource
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from bench.day import wired
from chalicelib import wiring
from chalicelib.domain.money import DepositState, LedgerAccount, Leg, Posting, Wallet, transfer
from chalicelib.store.ledger import POSTING, WALLET
from local.engines.engine import Engine

SETTLES_S: Final = 60.0
AUDITS_S: Final = 60.0
FLAT: Final = 1.25
"""The whole day may take this much more memory than a tenth of it."""
FEE: Final = 432_500
DEPOSIT: Final = 20 * FEE
BATCH: Final = 25


def postings(number: int, *, day: date, checkpoint: str) -> Iterator[Posting]:
    """
    Make what one booking leaves in the ledger: three postings on one wallet, every fifth deposit forfeited.
    """
    at = wiring.rules_on(wiring.clock().now()).at(day, number % 1400)
    account, booking = f"acc_{day}_{number}", f"bk_{day}_{number}"
    of: dict[str, Any] = {"wallet": account, "at": at, "day": day}
    yield Posting(
        id="top",
        kind="top_up",
        legs=transfer(LedgerAccount.PROVIDER, LedgerAccount.WALLET_AVAILABLE, FEE + DEPOSIT),
        reference=f"pi_{booking}",
        **of,
    )
    legs = (
        Leg(LedgerAccount.WALLET_AVAILABLE, -FEE - DEPOSIT),
        Leg(LedgerAccount.WALLET_HELD, DEPOSIT),
        Leg(LedgerAccount.FEE_REVENUE, FEE),
    )
    there: dict[str, Any] = {"checkpoint": checkpoint, "place_class": "general", "booking": booking}
    yield Posting(id=f"confirm:{booking}", kind="booking_fee", legs=legs, **of, **there)
    state, target = (
        (DepositState.FORFEITED, LedgerAccount.FORFEITS) if number % 5 == 0 else (DepositState.RELEASED, LedgerAccount.WALLET_AVAILABLE)
    )
    yield Posting(
        id=f"deposit:{booking}", kind=f"deposit_{state.value}", legs=transfer(LedgerAccount.WALLET_HELD, target, DEPOSIT), **of, **there
    )


def seed(count: int, *, day: date) -> int:
    """
    Write a day's postings with the wallets they explain: how many postings.
    """
    checkpoints, made = list(wiring.law().checkpoints), 0
    requests: list[tuple[str, dict[str, Any]]] = []
    for number in range(count):
        mine = list(postings(number, day=day, checkpoint=checkpoints[number % len(checkpoints)]))
        made += len(mine)
        requests += [_put(POSTING, posting) for posting in mine] + [_put(WALLET, Wallet(mine[0].wallet).after(mine))]
        while len(requests) >= BATCH:
            _write(requests[:BATCH])
            requests = requests[BATCH:]
    _write(requests)
    return made


def _put(kind: Any, item: Any) -> tuple[str, dict[str, Any]]:
    row = kind.to_row(wiring.store().database.bound(kind.row), item, commit="bench")
    return row.Meta.table_name, {"PutRequest": {"Item": row.serialize()}}


def _write(requests: list[tuple[str, dict[str, Any]]]) -> None:
    tables: dict[str, list[Any]] = {}
    for table, request in requests:
        tables.setdefault(table, []).append(request)
    if tables:
        answer = wiring.store().database.connection.client.batch_write_item(RequestItems=tables)
        if answer.get("UnprocessedItems"):
            raise RuntimeError("the engine did not take all")


def measured(day: date) -> tuple[float, int]:
    """
    Settle a day: seconds, and the most bytes that Python held for it.
    """
    gc.collect()
    tracemalloc.start()
    since = time.perf_counter()
    closed = wiring.settle_days().close(day=day)
    seconds = time.perf_counter() - since
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    if not closed:
        raise RuntimeError(f"{day} was not settled")
    return seconds, peak


def main() -> int:
    """
    Settle a tenth of a day, the whole day, and audit everything: status 1 where a limit is passed.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.settlement", description=__doc__)
    parser.add_argument("--bookings", type=int, default=20_000)
    parser.add_argument("--postings", type=int, default=200_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Engine(state=None) as engine, wired(engine, Path(name)) as put:
        first = wiring.configuration().first_day
        put(wiring.rules_on(wiring.clock().now()).at(first + timedelta(days=90), 60))
        made = seed(wanted.bookings // 10, day=first) + seed(wanted.bookings, day=first + timedelta(days=1))
        small, whole = measured(first), measured(first + timedelta(days=1))
        rest = max(0, wanted.postings - made)
        made += seed(rest // 3, day=first + timedelta(days=2))
        wiring.settle_days().close(day=first + timedelta(days=2))
        since, spent = time.perf_counter(), time.process_time()
        report = wiring.audit()()
        audit, cpu = time.perf_counter() - since, time.process_time() - spent
    flat = whole[1] / small[1]
    print(f"a day of {wanted.bookings} bookings settles in {whole[0]:.1f} s (target ≤ {SETTLES_S:.0f}), traced for memory")
    print(
        f"whole day ÷ a tenth of it: {whole[0] / small[0]:.1f} times as long, {flat:.2f} times the memory (target ≤ {FLAT}), peak {whole[1] / 1e6:.1f} MB"
    )
    print(
        f"audit of {made} postings: {audit:.1f} s (target ≤ {AUDITS_S:.0f}), {cpu / made * 1e6:.0f} µs of our CPU each, {len(report.differences)} differences"
    )
    print(f"most memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return int(whole[0] > SETTLES_S or audit > AUDITS_S or flat > FLAT or bool(report.differences))


if __name__ == "__main__":
    raise SystemExit(main())
