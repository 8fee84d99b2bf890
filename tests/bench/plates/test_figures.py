import pytest

from bench.plates.figures import (
    Share,
    calibration_error,
    character_accuracy,
    distance,
    found,
    percentile,
    reliability,
    right_characters,
)


class TestShare:
    @pytest.mark.parametrize(
        ("hits", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)]
    )
    def test_has_wilsons_interval(self, hits, of, low, high):
        """
        Two edges, and two of Newcombe's published examples (Statistics in Medicine 17, 1998, table I).
        """
        assert (low, high) == pytest.approx(Share(hits, of).interval, abs=5e-5)

    def test_of_nothing_says_nothing(self):
        """
        No observation leaves everything possible.
        """
        assert (0.0, (0.0, 1.0)) == (Share(0, 0).value, Share(0, 0).interval)


class TestDistance:
    @pytest.mark.parametrize(
        ("one", "other", "edits"), [("", "", 0), ("ABC", "", 3), ("KITTEN", "SITTING", 3), ("123ABC02", "123ABD02", 1), ("12", "21", 2)]
    )
    def test_counts_changes_additions_and_losses(self, one, other, edits):
        """
        Either way around.
        """
        assert (edits, edits) == (distance(one, other), distance(other, one))

    def test_makes_a_share_of_the_true_text_that_is_never_below_nothing(self):
        """
        One of eight wrong is seven eighths; a longer heap of rubbish is 0.
        """
        assert 0.875 == character_accuracy("123ABD02", "123ABC02")
        assert 0.0 == character_accuracy("ZZZZZZZZZZ", "11")


class TestRightCharacters:
    def test_go_by_place_and_over_a_lost_character_by_alignment(self):
        """
        One read wrong, one left out, one added.
        """
        assert [True, True, False, True] == right_characters("12C4", "1234")
        assert [True, True, True] == right_characters("124", "1234")
        assert [True, True, False, True, True] == right_characters("12X34", "1234")


class TestCalibration:
    def test_is_the_gap_between_said_and_true(self):
        """
        Ten times 0.95, nine of them right, and ten times 0.55, all wrong: (0.05 + 0.55) ÷ 2.
        """
        said = [(0.95, at > 0) for at in range(10)] + [(0.55, False)] * 10
        assert 0.3 == pytest.approx(calibration_error(said))
        assert [(10, 0.0), (10, 0.9)] == [(one.count, one.right) for one in reliability(said)]

    def test_counts_full_confidence_to_the_last_tenth(self):
        """
        1.0 and 0.95 lie together.
        """
        assert [2] == [one.count for one in reliability([(1.0, True), (0.95, True)])]
        assert 0.0 == calibration_error([])


class TestPercentile:
    def test_is_a_value_that_was_seen(self):
        """
        Of a hundred, the 99th; of ten, the last; of nothing, 0.
        """
        assert (99, 10, 0.0) == (percentile(range(1, 101), 0.99), percentile(range(1, 11), 0.99), percentile([], 0.5))


class TestFound:
    @pytest.mark.parametrize(
        ("box", "seen"),
        [((20, 12, 80, 28), True), ((10, 10, 110, 40), True), ((200, 200, 240, 210), False), ((60, 10, 160, 30), False)],
    )
    def test_goes_by_the_middle_or_by_half_the_area(self, box, seen):
        """
        Text within the plate, the plate with some rim, another place, its neighbor.
        """
        assert seen is found(box, (10, 10, 100, 30))
