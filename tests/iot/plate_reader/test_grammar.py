import pytest

from iot.plate_reader.countries import ALPHABETS, FORMATS
from iot.plate_reader.grammar import REPAIRED, UNKNOWN_COUNTRY, understand
from iot.plate_reader.recognition import ReadCharacter


def read_as(text, *, sure=0.99, odds=None):
    """Characters as the network would give them; `odds` adds what it nearly said at a position."""
    return [ReadCharacter(letter, sure, {letter: sure, **(odds or {}).get(at, {})}) for at, letter in enumerate(text)]


def best(text, **more):
    """The likeliest hypothesis."""
    return understand(read_as(text, **more))[0]


class TestFormats:
    @pytest.mark.rule("D9")
    @pytest.mark.parametrize(
        ("text", "country", "kind"),
        [
            ("123ABC02", "KZ", "individual"),
            ("123AB20", "KZ", "legal"),
            ("H123402", "KZ", "foreign owner"),
            ("12ABC07", "KZ", "trailer"),
            ("A123BCD", "KZ", "individual 1993"),
            ("A123BC77", "RU", "vehicle"),
            ("A123BC777", "RU", "vehicle"),
            ("AB123477", "RU", "trailer"),
            ("01A234BC", "UZ", "individual"),
            ("30123ABC", "UZ", "legal"),
            ("01H123456", "UZ", "foreign"),
            ("08KG123ABC", "KG", "individual"),
            ("08123ABC", "KG", "individual"),
            ("A1234BC", "KG", "individual, old"),
            ("新F12345", "CN", "truck"),
            ("新F1234挂", "CN", "trailer"),
            ("AB1234AG", "TM", "truck"),
            ("1234AB01", "TJ", "individual"),
            ("AB12347", "BY", "truck"),
            ("A1234B7", "BY", "trailer"),
            ("34ABC123", "TR", "vehicle"),
            ("AA1234BB", "UA", "vehicle"),
            ("RK115AN", "GE", "vehicle"),
        ],
    )
    def test_a_plate_of_a_country_is_taken_for_one(self, text, country, kind):
        """Each line of the table: the best hypothesis is this country's, of this kind, and nothing in it is repaired."""
        hypothesis = best(text)
        assert (hypothesis.text, hypothesis.country, hypothesis.kind) == (text, country, kind)
        assert hypothesis.repaired == ()
        assert hypothesis.confidence == pytest.approx(0.99)

    def test_every_sign_of_every_pattern_is_known(self):
        """Each pattern is made of known alphabets and classes, and its country is a two-letter code."""
        for form in FORMATS:
            bare = form.pattern.replace("[", " ").replace("]", " ").split()
            assert form.country.isalpha()
            assert len(form.country) == 2
            assert all(sign in ALPHABETS or "[" in form.pattern for sign in "".join(bare)), form

    @pytest.mark.parametrize("text", ["KAMAZ", "SCANIA", "1234567", "10102015", "24", "RUS", "PLATESMANIACOM", ""])
    def test_what_is_no_plate_gives_nothing(self, text):
        """Names, bare numbers and scraps are not plates of any country."""
        assert understand(read_as(text)) == []

    @pytest.mark.rule("D9")
    def test_a_grammar_warns_and_never_refuses(self):
        """A named plate that fits no format is reported as it stands, of no known country."""
        hypothesis = best("7BATYR7")
        assert (hypothesis.text, hypothesis.country) == ("7BATYR7", UNKNOWN_COUNTRY)

    def test_one_text_of_two_countries_is_given_for_both(self):
        """123AB02 is written alike in Kazakhstan and Armenia: both are named, the likelier first."""
        countries = [item.country for item in understand(read_as("123AB02")) if item.text == "123AB02"]
        assert countries[0] == "KZ"
        assert "AM" in countries


@pytest.mark.rule("D23")
class TestRepair:
    @pytest.mark.parametrize(
        ("seen", "plate", "at"),
        [("123A8C02", "123ABC02", 4), ("123ABCO2", "123ABC02", 6), ("1Z3ABC02", "123ABC02", 1), ("123A5C02", "123ASC02", 4)],
    )
    def test_a_look_alike_is_put_right_by_its_place_and_shown_as_doubted(self, seen, plate, at):
        """A letter among the digits, or a digit among the letters, becomes its look-alike, at most half sure; its neighbors stay sure."""
        hypothesis = next(item for item in understand(read_as(seen)) if item.text == plate)
        assert hypothesis.repaired == (at,)
        assert hypothesis.char_confidences[at] <= REPAIRED
        assert all(sure == 0.99 for other, sure in enumerate(hypothesis.char_confidences) if other != at)

    def test_a_digit_is_never_exchanged_for_another_digit(self):
        """Where the character read may stand it stays, however alike another one looks: sister plates stay apart."""
        assert {item.text for item in understand(read_as("123ABC08")) if item.country == "KZ" and len(item.text) == 8} == {"123ABC08"}

    def test_the_network_s_own_second_thought_comes_before_the_table(self):
        """Where the place forbids the first choice and the network nearly said a fitting one, that one is taken."""
        hypothesis = best("12?ABC02", odds={2: {"7": 0.3}})
        assert hypothesis.text == "127ABC02"
        assert hypothesis.char_confidences[2] == pytest.approx(0.3)

    def test_three_letters_o_read_as_zeros_are_one_doubt(self):
        """001OOO06 printed with round letters is read as digits and put right."""
        assert best("00100006").text == "001OOO06"

    def test_letters_read_as_digits_need_the_country_s_sign(self):
        """997IO18 read as digits is put right behind KZ, and is a bare number without it."""
        assert best("KZ9971018").text == "997IO18"
        assert understand(read_as("9971018")) == []

    @pytest.mark.parametrize(
        ("seen", "country", "text"),
        [("1AO2345", "CZ", "1A02345"), ("WX4567O", "PL", "WX45670"), ("BAB0I23", "PL", "BAB0123"), ("MUCAB0123", "DE", "")],
    )
    def test_letters_that_a_country_does_not_use_are_digits(self, seen, country, text):
        """Czech plates have no O, Polish numbers neither; a German number does not begin with nought."""
        told = [item.text for item in understand(read_as(seen)) if item.country == country and len(item.text) == len(seen)]
        assert told[:1] == ([text] if text else [])


class TestSecondThoughts:
    def test_a_doubted_character_gives_a_further_reading_as_likely_as_its_odds(self):
        """B at 0.6 may be R at 0.3: half as likely, and no surer there than the network is."""
        characters = read_as("123ABC02")
        characters[4] = ReadCharacter("B", 0.6, {"B": 0.6, "R": 0.3})
        first, second = (next(item for item in understand(characters) if item.text == text) for text in ("123ABC02", "123ARC02"))
        assert second.score == pytest.approx(first.score / 2)
        assert second.char_confidences[4] == pytest.approx(0.3)
        assert second.confidence < first.confidence

    def test_a_surely_read_character_has_none(self):
        """What else it might have been is not worth telling: sister plates stay apart."""
        characters = read_as("123ABC02", odds={4: {"R": 0.06}})
        assert "123ARC02" not in {item.text for item in understand(characters)}

    def test_a_second_thought_keeps_to_the_format(self):
        """KZ regions end at 20: a doubted 2 of them does not become a 3."""
        characters = read_as("123ABC20")
        characters[6] = ReadCharacter("2", 0.6, {"2": 0.6, "3": 0.3})
        assert "123ABC30" not in {item.text for item in understand(characters) if item.country == "KZ"}

    @pytest.mark.parametrize(("sure", "told"), [(0.9, {"KAMAZ3"}), (0.2, set())])
    def test_a_name_is_no_plate_by_a_digit_hardly_read(self, sure, told):
        """A rim read as a digit after a maker's name; a digit that was surely read makes it a plate of no known format."""
        characters = [*read_as("KAMAZ"), ReadCharacter("3", sure, {"3": sure})]
        assert {item.text for item in understand(characters) if item.text.startswith("KAMAZ")} == told


class TestSigns:
    @pytest.mark.parametrize("seen", ["KZ123ABC02", "K2123ABC02", "Z123ABC02"])
    def test_the_country_s_sign_is_not_part_of_the_number(self, seen):
        """KZ, whole or half read, is left out without loss of trust."""
        hypothesis = best(seen)
        assert (hypothesis.text, hypothesis.country) == ("123ABC02", "KZ")
        assert hypothesis.confidence == pytest.approx(0.99)

    def test_the_sign_behind_a_russian_region_is_left_out(self):
        """RUS after the region is no part of the number."""
        assert best("A123BC77RUS").text == "A123BC77"

    def test_a_third_digit_that_no_region_has_costs_trust(self):
        """Regions of three digits that begin with 3, 4 or 6 are not known to be given out; such a plate is still read (D9)."""
        assert best("T666TB370").text == "T666TB370"
        assert best("T666TB370").score < 0.7 < best("T666TB770").score

    def test_a_stray_character_costs_trust(self):
        """Any other character left out lowers the confidence below what an untouched plate has."""
        hypothesis = next(item for item in understand(read_as("X123ABC02")) if item.text == "123ABC02")
        assert hypothesis.confidence < 0.7
