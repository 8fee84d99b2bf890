import random

import pytest

from bench.plates.expected import LISTED, SISTERS, expectations, print_expectations, sisters_of
from bench.plates.folder import Photo
from bench.plates.reading import Answer, Run
from chalicelib.contracts.passages import Reading
from iot.gate.likelihood import Plate

PHOTO = Photo("kz", "one.jpg", "123ABC02", "KZ", (0, 0, 9, 9))


def run(text):
    """
    A recognizer that read this, sure of every character.
    """
    reading = Reading(text, "KZ", 0.99, (0.99,) * len(text))
    return Run("one", (Answer(PHOTO, ((reading, (0, 0, 9, 9)),), 0.1),), (), 1, 1)


class TestExpectations:
    def test_a_sure_reading_names_the_truck_and_never_a_stranger(self):
        """
        In every list that holds it, and in none that does not.
        """
        (tally,) = expectations(run("123ABC02"), lists=10)
        assert (10, 0, 0) == (tally.opened, tally.opened_wrong, tally.stranger_opened)
        assert (10, 0, 0) == (tally.named, tally.named_wrong, tally.stranger_named)
        assert all(right and chance > 0.95 for chance, right in tally.likely)
        assert all(chance < 0.5 for chance in tally.stranger_likely)

    def test_a_surely_wrong_reading_never_names_the_truck_as_certain(self):
        """
        The reader itself swears to another plate, two characters off.
        """
        (tally,) = expectations(run("124ABD02"), lists=10)
        assert (0, 0) == (tally.opened, tally.opened_wrong)
        assert (0, 0) == (tally.named, tally.named_wrong)

    def test_are_printed_with_their_thresholds(self, capsys):
        """
        One row a set and one for all, one line of thresholds.
        """
        print_expectations([("one", expectations(run("123ABC02"), lists=5))])
        printed = capsys.readouterr().out
        assert 2 == printed.count("100.00 % [21–100]")
        assert "0.95: 100.00 / 0.000 / 0.000 %" in printed


class TestSisters:
    @pytest.mark.parametrize("truck", [Plate("KZ", "123ABC02"), Plate("RU", "A123BC77"), Plate("PL", "WSQ3021")])
    def test_are_one_character_off_and_of_the_same_kind(self, truck):
        """
        A digit for a digit, a letter for a letter, of Russia's twelve in Russia.
        """
        sisters = sisters_of(truck, chance=random.Random(1))
        assert SISTERS == len({one.text for one in sisters}) < LISTED
        for sister in sisters:
            changed = [(one, other) for one, other in zip(truck.text, sister.text, strict=True) if one != other]
            assert 1 == len(changed)
            assert changed[0][0].isdigit() == changed[0][1].isdigit()
            assert truck.country != "RU" or not set(sister.text) & set("DFGIJLNQRSUVWZ")
