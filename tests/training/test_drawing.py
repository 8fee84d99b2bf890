from random import Random

import cv2
import numpy as np
import pytest

from bench.plates import border
from iot.plate_reader.grammar import understand
from iot.plate_reader.recognition import COUNTRIES, LETTERS, ReadCharacter
from iot.plate_reader.strips import strip
from training.plates import cameras, drawing, materials, optics, scenes, texts, wear


@pytest.fixture(scope="module")
def things():
    return materials.load(None, seed=5)


def surely(text):
    return [ReadCharacter(character, 1.0, {character: 1.0}) for character in text]


class TestTexts:
    def test_every_text_is_understood_as_a_plate_of_its_country(self):
        """
        What is drawn for a country fits one of that country's formats, and every country that the reader knows is drawn.
        """
        random = Random(1)
        seen = set()
        for _ in range(3000):
            words = texts.wording(random)
            if words.country != "XX":
                seen.add(words.country)
                assert words.country in {item.country for item in understand(surely(words.text))}, words

        assert seen == set(COUNTRIES)

    def test_every_character_is_one_that_the_reader_knows(self):
        """
        Nothing is taught that no class stands for.
        """
        random = Random(2)
        drawn = {character for _ in range(3000) for character in texts.wording(random, countries=frozenset({"CN", "XX"})).text}

        assert drawn == set(LETTERS)

    def test_a_country_and_a_layout_can_be_asked_for(self):
        """
        Two-line plates of one country alone.
        """
        random = Random(3)
        found = [texts.wording(random, countries=frozenset({"KZ"}), kinds=frozenset({"square"})) for _ in range(50)]

        assert {(words.country, len(words.lines)) for words in found} == {("KZ", 2)}


class TestPlates:
    @pytest.mark.parametrize("pattern", [row for row in texts.PATTERNS if row[2] != "plain"], ids=lambda row: f"{row[0]} {row[3]}")
    def test_every_layout_is_drawn_with_ink_on_ground(self, things, pattern):
        """
        Each pattern of each country gives a picture of one or two lines' height with both dark and light in it.
        """
        random = Random(4)
        words = texts.wording(random, countries=frozenset({pattern[0]}), kinds=frozenset({pattern[2]}))
        plate = drawing.draw(random, words, random.choice(things.strokes), things.hans[0])

        assert (plate.shape[0] > 100) == (len(words.lines) == 2)
        assert np.ptp(plate.astype(int)) > 80

    def test_the_same_seed_draws_the_same(self, things):
        """
        Scenes are told by their number alone.
        """
        one, other = (scenes.scene(Random(9), things, size=(384, 288)) for _ in range(2))

        assert np.array_equal(one.picture, other.picture)
        assert [item.words for item in one.plates] == [item.words for item in other.plates]

    @pytest.mark.parametrize("condition", ["dirty", "snowy"])
    def test_a_season_changes_the_plate_and_leaves_it_a_plate(self, things, condition):
        """
        Dirt and snow cover some of the picture, not all of it.
        """
        random = Random(6)
        plate = drawing.draw(random, texts.wording(random), things.strokes[0], things.hans[0])
        changed = np.abs(wear.covered(Random(7), plate, condition=condition).astype(int) - plate).mean()

        assert 3 < changed < 120


class TestViews:
    def test_the_corners_are_where_the_plate_is(self, things):
        """
        Cut out by its corners and put upright, a view shows the plate that was laid there.
        """
        random = Random(11)
        words = texts.wording(random, countries=frozenset({"KZ"}), kinds=frozenset({"row"}))
        plate = drawing.draw(random, words, things.strokes[0], things.hans[0])
        canvas = np.full((400, 600, 3), 90, np.uint8)
        corners = optics.quad(optics.Pose(roll=8, shear=0.1, narrow=0.8, taper=0.05), wide=300, high=70) + np.array([300, 200], np.float32)
        optics.lay(canvas, plate, corners.astype(np.float32))

        upright = strip(canvas, corners.astype(np.float32), lines=1)
        straight = cv2.resize(plate, (160, 32), interpolation=cv2.INTER_AREA)
        assert np.corrcoef(upright.ravel(), straight.ravel())[0, 1] > 0.9


class TestRain:
    def test_it_falls_over_the_whole_picture_and_lets_most_of_it_through(self):
        """
        Brighter streaks in every quarter of a dark picture, the same for the same seed; more than half of the picture is hardly changed.
        """
        dark = np.full((240, 320, 3), 60, np.uint8)
        for seed in range(5):
            wet = cameras.rained(Random(seed), dark)
            assert (wet == cameras.rained(Random(seed), dark)).all()
            assert wet.shape == dark.shape
            quarters = [wet[y : y + 120, x : x + 160] for y in (0, 120) for x in (0, 160)]
            assert all(quarter.max() > 85 for quarter in quarters)
            assert np.median(wet) < 100


class TestBorderSet:
    def test_rain_changes_the_picture_and_nothing_else(self):
        """
        The plate and its corners are those of the dry scene.
        """
        dry, wet = border.draw(5), border.draw(5, rain=True)
        assert dry.plates[0].words == wet.plates[0].words
        assert (dry.plates[0].corners == wet.plates[0].corners).all()
        assert (dry.picture != wet.picture).any()

    def test_conditions_and_lines_come_in_turn_for_every_country(self):
        """
        A few hundred scenes have every country in every condition, and two-line plates of those that have such.
        """
        plans = [border.planned(number)[:2] for number in range(252)]

        assert {(words.country, condition) for words, condition in plans} == {
            (country, condition) for country in COUNTRIES for condition in scenes.CONDITIONS
        }
        assert {words.country for words, _ in plans if len(words.lines) == 2} == border.SQUARE
