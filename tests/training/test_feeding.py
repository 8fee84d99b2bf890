from itertools import count, islice

import pytest

from training.plates.feeding import fed


def squared(lot, number):
    return number, lot * lot


class TestFed:
    @pytest.mark.parametrize("workers", [0, 2])
    def test_every_lot_is_prepared_in_order_with_its_number(self, workers):
        """
        However many processes prepare, the same lots come in the same order: seeds do not depend on who was faster.
        """
        assert list(fed(squared, range(20), workers=workers)) == [(number, number * number) for number in range(20)]

    @pytest.mark.parametrize("workers", [0, 1])
    def test_lots_without_end_are_prepared_only_as_they_are_taken(self, workers):
        """
        A lesson takes as many as its time allows, then its workers end.
        """
        asked = []
        lots = fed(squared, (asked.append(number) or number for number in count()), workers=workers)
        assert list(islice(lots, 3)) == [(0, 0), (1, 1), (2, 4)]
        lots.close()
        assert len(asked) < 20
