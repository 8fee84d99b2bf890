import pytest

from chalicelib.contracts.passages import Reading
from iot.gate.matching import Fit, match
from iot.gate.roll import Expected
from tests.iot.gate.lists import admission

SURE = 0.97


def read(text, *, country="KZ", confidence=SURE, doubt_at=()):
    """
    A reading, sure of all characters but those at the given positions.
    """
    characters = tuple(0.4 if index in doubt_at else confidence for index in range(len(text)))
    return Reading(text=text, country=country, confidence=confidence, char_confidences=characters)


def fitted(readings, *plates):
    expected = [Expected(admission(plate, country=country)) for country, plate in (one.split() for one in plates)]
    found = match(readings, expected)
    return found.fit, [f"{one.admission.country} {one.admission.plate}" for one in found.bookings]


@pytest.mark.rule("D23")
class TestMatch:
    def test_takes_an_expected_plate_as_read(self):
        """
        Exact, also in another spelling of it (D9).
        """
        assert (Fit.EXACT, ["KZ 123ABC02"]) == fitted([read("123ABC02")], "KZ 123ABC02", "KZ 123ABD02")
        assert (Fit.EXACT, ["KZ 123ABC02"]) == fitted([read("123 АВС-02")], "KZ 123ABC02")

    @pytest.mark.parametrize(
        ("text", "doubt_at"),
        [("123ABD02", (5,)), ("123A8C02", ()), ("I23ABC02", ()), ("123ABCO2", ()), ("123ABC0Z", ()), ("923ABC02", (0,))],
    )
    def test_forgives_one_character_that_the_reader_itself_doubted(self, text, doubt_at):
        """
        Low confidence there, or a look-alike pair, and exactly one vehicle that fits.
        """
        assert (Fit.REPAIRED, ["KZ 123ABC02"]) == fitted([read(text, doubt_at=doubt_at)], "KZ 123ABC02", "KZ 555KKK05")

    @pytest.mark.parametrize("text", ["123ABD02", "923ABC02", "123ABC05"])
    def test_never_forgives_a_confident_difference(self, text):
        """
        A sister plate, even where the reader doubted every other character.
        """
        at = next(index for index, (one, other) in enumerate(zip(text, "123ABC02", strict=True)) if one != other)
        everything_else = tuple(index for index in range(8) if index != at)
        assert (Fit.SIMILAR, []) == fitted([read(text)], "KZ 123ABC02")
        assert (Fit.SIMILAR, []) == fitted([read(text, doubt_at=everything_else)], "KZ 123ABC02")

    def test_never_forgives_two_characters_or_a_missing_one(self):
        """
        Two doubted ones are too many; a lost one is not a doubted one.
        """
        assert (Fit.UNKNOWN, []) == fitted([read("923ABD02", doubt_at=(0, 5))], "KZ 123ABC02")
        assert (Fit.SIMILAR, []) == fitted([read("23ABC02", doubt_at=range(7))], "KZ 123ABC02")
        assert (Fit.SIMILAR, []) == fitted([read("1123ABC02", doubt_at=range(9))], "KZ 123ABC02")

    def test_opens_for_nobody_where_two_fit(self):
        """
        A doubted character that could be either's, whether or not what was read is one of them.
        """
        sisters = ("KZ 123ABC02", "KZ 123ABD02")
        assert (Fit.AMBIGUOUS, []) == fitted([read("123ABE02", doubt_at=(5,))], *sisters)
        assert (Fit.AMBIGUOUS, []) == fitted([read("123ABC02", doubt_at=(5,))], *sisters)
        assert (Fit.EXACT, ["KZ 123ABC02"]) == fitted([read("123ABC02", doubt_at=(0,))], *sisters)

    def test_judges_by_the_whole_reading_where_it_gave_no_characters(self):
        """
        A reading of 0.6 doubts each of its characters; one of 0.9 none.
        """
        unsure, sure = (Reading(text="123ABD02", country="KZ", confidence=confidence) for confidence in (0.6, 0.9))
        assert (Fit.REPAIRED, ["KZ 123ABC02"]) == fitted([unsure], "KZ 123ABC02")
        assert (Fit.SIMILAR, []) == fitted([sure], "KZ 123ABC02")

    @pytest.mark.parametrize("readings", [[], [read("", confidence=0.9)], [read("123ABC02", confidence=0.39)]])
    def test_reads_nothing_below_its_floor(self, readings):
        """
        Nothing, an empty text, or a guess.
        """
        assert (Fit.UNREADABLE, []) == fitted(readings, "KZ 123ABC02")


class TestAlternatives:
    def test_takes_the_readers_other_hypothesis_where_the_best_one_doubts_every_difference(self):
        """
        Two look-alikes at once are forgiven only if the reader itself offers the plate.
        """
        best, other = read("I23A8C02"), read("123ABC02", confidence=0.9)
        assert (Fit.REPAIRED, ["KZ 123ABC02"]) == fitted([best, other], "KZ 123ABC02")
        assert (Fit.UNKNOWN, []) == fitted([best], "KZ 123ABC02")

    def test_never_lets_a_lesser_hypothesis_overrule_a_confident_character(self):
        """
        The best reading clearly shows a sister plate.
        """
        assert (Fit.SIMILAR, []) == fitted([read("123ABD02"), read("123ABC02", confidence=0.9)], "KZ 123ABC02")

    def test_leaves_two_plates_in_one_picture_to_the_officer(self):
        """
        An expected truck behind a stranger does not let the stranger in.
        """
        assert (Fit.AMBIGUOUS, []) == fitted([read("999ZZZ01"), read("123ABC02", confidence=0.96)], "KZ 123ABC02")


class TestCountry:
    def test_must_agree_where_the_reader_is_sure_of_it(self):
        """
        The same text on another country's plate is another vehicle.
        """
        assert (Fit.SIMILAR, []) == fitted([read("123AB02", country="AM")], "KZ 123AB02")

    def test_may_differ_as_the_one_forgiven_doubt(self):
        """
        An unsure reader's country is held against nobody, but then the text must be exact.
        """
        assert (Fit.REPAIRED, ["KZ 123AB02"]) == fitted([read("123AB02", country="AM", confidence=0.85)], "KZ 123AB02")
        assert (Fit.SIMILAR, []) == fitted([read("123A802", country="AM", confidence=0.85)], "KZ 123AB02")

    @pytest.mark.parametrize("country", ["", "XX", "ZZ", "KZ", "kz"])
    def test_is_not_asked_where_the_reader_named_none(self, country):
        """
        Unknown says nothing against anybody.
        """
        assert (Fit.EXACT, ["KZ 123AB02"]) == fitted([read("123AB02", country=country)], "KZ 123AB02")

    def test_agrees_when_any_of_the_readers_grammars_names_it(self):
        """
        A text that fits several countries is listed once for each.
        """
        assert (Fit.EXACT, ["KZ 123AB02"]) == fitted(
            [read("123AB02", country="AM"), read("123AB02", country="KZ", confidence=0.9)], "KZ 123AB02"
        )

    def test_chooses_between_vehicles_of_the_same_text(self):
        """
        Two countries, one text: the named country's vehicle; nobody where none was named.
        """
        both = ("KZ 123AB02", "AM 123AB02")
        assert (Fit.EXACT, ["AM 123AB02"]) == fitted([read("123AB02", country="AM")], *both)
        assert (Fit.AMBIGUOUS, []) == fitted([read("123AB02", country="")], *both)


FLEET = tuple(f"KZ {plate}" for plate in ("023ABC02", "133ABC02", "125ABC02", "123KBC02", "123AXC02", "123ABK02", "123ABC12", "123ABC05"))


@pytest.mark.rule("D23")
class TestLikelihood:
    def test_keeps_a_forgiven_character_for_the_officer_where_the_fleet_makes_a_stranger_likely(self):
        """
        One doubted character fits one expected vehicle only; but all the sisters of what was read are expected, so it is more likely their sister.
        """
        doubted = Reading("123ABC02", "KZ", 0.95, (0.99, 0.99, 0.99, 0.6, 0.99, 0.99, 0.99, 0.99))
        assert (Fit.REPAIRED, ["KZ 123KBC02"]) == fitted([doubted], "KZ 123KBC02", "KZ 555KKK05")
        assert (Fit.AMBIGUOUS, []) == fitted([doubted], *FLEET)

    def test_a_slight_doubt_does_not_shut_out_a_truck_whose_sister_is_expected(self):
        """
        A character at 0.7 is its own truck's; at 0.4 it may be the sister's.
        """
        slight = Reading("123ABC02", "KZ", 0.95, (0.97,) * 5 + (0.7, 0.97, 0.97))
        assert (Fit.EXACT, ["KZ 123ABC02"]) == fitted([slight], "KZ 123ABC02", "KZ 123ABK02")
        assert (Fit.AMBIGUOUS, []) == fitted([read("123ABC02", doubt_at=(5,))], "KZ 123ABC02", "KZ 123ABK02")

    def test_tells_the_officer_the_likeliest_vehicle_though_nothing_opens(self):
        """
        Two doubted characters never open; the officer hears who it most likely is, and nobody is named to him by chance.
        """
        expected = [Expected(admission(plate)) for plate in ("123ABC02", "555KKK05")]
        found = match([read("923ABD02", doubt_at=(0, 5))], expected)
        assert (Fit.UNKNOWN, "123ABC02") == (found.fit, found.detail)
        assert "123ABC02" == found.likely[0].plate.text
        assert match([read("923ABD02")], expected).detail is None

    def test_names_a_vehicle_from_a_reading_too_poor_to_act_on(self):
        """
        Below the floor nothing opens, whatever was read; but the list knows only one vehicle like it, and of none where nothing is near.
        """
        expected = [Expected(admission(plate)) for plate in ("123ABC02", "555KKK05")]
        poor = Reading("123ABC02", "KZ", 0.3, (0.8,) * 8)
        assert (Fit.UNREADABLE, (), "123ABC02") == ((found := match([poor], expected)).fit, found.bookings, found.detail)
        assert match([Reading("777XYZ09", "KZ", 0.3, (0.8,) * 8)], expected).detail is None

    def test_names_the_expected_one_of_two_vehicles_in_a_picture(self):
        """
        The plate that the reader takes for the nearer one is nobody's; the other is read to the letter. The officer hears of it, and nothing opens.
        """
        expected = [Expected(admission(plate)) for plate in ("123ABC02", "555KKK05")]
        found = match([read("777XYZ09"), read("123ABC02")], expected)
        assert ((), "123ABC02") == (found.bookings, found.named and found.named.text)
        doubted = match([read("777XYZ09"), read("123ABD02", doubt_at=(5,))], expected)
        assert doubted.named is None

    def test_names_nobody_of_two_other_vehicles_that_are_both_expected(self):
        """
        Behind a strange plate stand two expected ones: which of them is meant is the officer's to see.
        """
        expected = [Expected(admission(plate)) for plate in ("123ABC02", "555KKK05")]
        assert match([read("777XYZ09"), read("123ABC02"), read("555KKK05")], expected).named is None
