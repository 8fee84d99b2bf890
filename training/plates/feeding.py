"""
Work prepared beside other work: in this process, or in so many others where a fast device would wait for it.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Final, TypeVar

import cv2

Lot = TypeVar("Lot")
Batch = TypeVar("Batch")

AHEAD: Final = 4
"""Lots that each worker may be ahead."""


def fed(prepare: Callable[[Lot, int], Batch], lots: Iterable[Lot], *, workers: int) -> Iterator[Batch]:
    """
    Each lot prepared, in order; so many processes prepare lots ahead, none prepares them here. `prepare` is told the lot's number: its seed.
    """
    if not workers:
        yield from (prepare(lot, number) for number, lot in enumerate(lots))
        return
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=cv2.setNumThreads, initargs=(1,))
    ahead: deque[Future[Batch]] = deque()
    try:
        for number, lot in enumerate(lots):
            ahead.append(pool.submit(prepare, lot, number))
            if len(ahead) > AHEAD * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
