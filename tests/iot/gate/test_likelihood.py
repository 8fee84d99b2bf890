import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.contracts.passages import Reading
from iot.gate.likelihood import Plate, by_plate, likeliest

TEXT = "123ABC02"
SISTERS = ("023ABC02", "133ABC02", "125ABC02", "123KBC02", "123AXC02", "123ABK02", "123ABC12", "123ABC05")


def read(text=TEXT, *, country="KZ", sure=0.99, doubts=None):
    """
    A reading; `doubts` are the confidences of single places.
    """
    characters = tuple((doubts or {}).get(at, sure) for at in range(len(text)))
    return Reading(text=text, country=country, confidence=sum(characters) / len(characters), char_confidences=characters)


def probability(plate, readings, *listed, country="KZ"):
    """
    How likely one plate of the list is.
    """
    found = likeliest(readings, [Plate(country, one) for one in (plate, *listed)])
    return next((one.probability for one in found if one.plate.text == plate), 0.0)


@pytest.mark.rule("D23")
class TestLikeliest:
    def test_is_nearly_certain_of_what_was_surely_read(self):
        """
        Though every sister of it is expected as well.
        """
        assert probability(TEXT, [read()], *SISTERS) > 0.99

    def test_knows_nobody_where_nothing_was_read_or_expected(self):
        """
        Nothing, an empty list, a plate that shares nothing with the list.
        """
        assert [] == likeliest([], [Plate("KZ", TEXT)])
        assert [] == likeliest([read()], [])
        assert [] == likeliest([read("777XYZ09")], [Plate("KZ", TEXT)])

    def test_finds_the_vehicle_behind_doubted_characters(self):
        """
        One doubted character, or two of them, or a lost end: the list says who it is.
        """
        assert probability(TEXT, [read("923ABC02", doubts={0: 0.4})], "555KKK05") > 0.95
        assert probability(TEXT, [read("923ABD02", doubts={0: 0.4, 5: 0.4})], "555KKK05") > 0.9
        assert probability(TEXT, [read("23ABC02")], "555KKK05") > 0.9

    def test_is_not_talked_out_of_a_confident_character(self):
        """
        A plate one sure character off is more likely a stranger of the same fleet than a misreading.
        """
        assert probability(TEXT, [read("923ABC02", sure=0.999)], "555KKK05") < 0.5

    def test_prefers_look_alikes(self):
        """
        An 8 doubted may be a B; it is hardly a K.
        """
        doubted = [read("123A8C02", doubts={4: 0.6})]
        assert probability("123ABC02", doubted, "123AKC02") > 0.9
        assert probability("123AKC02", doubted, "123ABC02") < 0.1

    def test_takes_a_truck_of_an_expected_fleet_for_a_stranger(self):
        """
        Read rightly but with one doubt, itself not expected, all its sisters are: the one that differs at the doubted place is not named.
        """
        doubted = [read(doubts={3: 0.6})]
        alone = probability("123KBC02", doubted, "555KKK05")
        among_sisters = probability("123KBC02", doubted, *(one for one in SISTERS if one != "123KBC02"))
        assert among_sisters < 0.9 < alone

    def test_uses_every_hypothesis(self):
        """
        What only the second hypothesis says is less likely than what the first one says, and far likelier than what none says.
        """
        best, other = read("128ABC02", doubts={2: 0.55}), read("123ABC02", doubts={2: 0.4})
        both = likeliest([best, other], [Plate("KZ", text) for text in ("128ABC02", "123ABC02", "127ABC02")])
        assert ["128ABC02", "123ABC02", "127ABC02"] == [one.plate.text for one in both]
        assert probability("123ABC02", [best, other], "555KKK05") > probability("123ABC02", [best], "555KKK05")

    def test_tells_countries_apart(self):
        """
        Two vehicles of one text: the country that was read.
        """
        found = likeliest([read("123AB02", country="AM")], [Plate("KZ", "123AB02"), Plate("AM", "123AB02")])
        assert "AM" == found[0].plate.country
        assert found[0].probability > 0.95

    @settings(max_examples=150, deadline=None)
    @given(
        texts=st.lists(st.text(string.ascii_uppercase + string.digits, max_size=10), min_size=1, max_size=4),
        sure=st.floats(0, 1),
        listed=st.sets(st.sampled_from((TEXT, *SISTERS)), min_size=1),
    )
    def test_gives_probabilities_whatever_was_read(self, texts, sure, listed):
        """
        Each within 0–1, all together at most 1, the likeliest first.
        """
        found = likeliest([Reading(text, "KZ", sure) for text in texts], [Plate("KZ", text) for text in listed])
        chances = [one.probability for one in found]
        assert sorted(chances, reverse=True) == chances
        assert all(0 <= chance <= 1 for chance in chances)
        assert sum(chances) <= 1 + 1e-9


class TestByPlate:
    def test_keeps_the_hypotheses_of_a_plate_together(self):
        """
        Another spelling and a lost end are of the best one; another plate in the picture is not, nor are its own hypotheses.
        """
        plates = by_plate([read(), read("123A8C02"), read("777XYZ09"), read("23ABC02"), read("777XY09")])
        assert [[one.text for one in plate] for plate in plates] == [[TEXT, "123A8C02", "23ABC02"], ["777XYZ09", "777XY09"]]

    def test_nothing_read_is_no_plate(self):
        """
        No readings, no plates.
        """
        assert by_plate([]) == []
