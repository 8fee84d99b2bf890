import random

import cv2
import numpy as np
import pytest

from iot.plate_reader import read, read_crop
from iot.plate_reader.images import decode
from local.pictures import POOR, draw_truck, draw_unreadable, not_a_picture
from local.pictures.plate import draw_plate

GATE_READS_FROM = 0.4
"""Below this confidence the gate counts a plate as unreadable."""
GATE_DOUBTS_BELOW = 0.8
"""A character less sure than this is one that the reader doubted (D23)."""


def plate_of(seed):
    chance = random.Random(seed)
    letters = "".join(chance.choice("ABCEHKMNPRSTUVXYZ") for _ in range(chance.choice((2, 3))))
    return f"{chance.randint(1, 999):03d}{letters}{chance.randint(1, 20):02d}"


@pytest.mark.rule("10")
class TestReadingTrucks:
    @pytest.mark.parametrize("seed", range(12))
    def test_a_drawn_truck_is_read_to_the_letter_and_without_doubt(self, seed):
        """Whatever the truck, the hour and the angle, the first reading is its plate, and no character of it is doubted."""
        best = read(decode(draw_truck(plate=plate_of(seed), seed=seed)))[0]
        assert (best.text, best.country) == (plate_of(seed), "KZ")
        assert best.confidence >= 0.9
        assert len(best.char_confidences) == len(best.text)
        assert min(best.char_confidences) >= GATE_DOUBTS_BELOW

    def test_no_piece_of_a_plate_is_offered_as_another(self):
        """What is reported beside the plate is its other countries, not its tail: a trailer may bear that as its own."""
        assert {reading.text for reading in read(decode(draw_truck(plate="123ABC02", seed=2)))} == {"123ABC02"}

    @pytest.mark.parametrize("seed", [21, 22, 23])
    def test_a_poor_picture_is_still_read(self, seed):
        """A blurred, noisy, slanting picture gives the right plate as well."""
        assert read(decode(draw_truck(plate=plate_of(seed), seed=seed, quality=POOR)))[0].text == plate_of(seed)

    @pytest.mark.parametrize(
        ("plate", "country"), [("A123BC777", "RU"), ("M967KC03", "RU"), ("01A234BC", "UZ"), ("02123ABC", "KG"), ("F12A45", "CN")]
    )
    def test_a_neighbor_s_truck_is_read_with_its_country(self, plate, country):
        """Plates of neighboring countries are told apart by their grammar and their sign."""
        best = read(decode(draw_truck(plate=plate, country=country, seed=5)))[0]
        assert (best.text, best.country) == (plate, country)

    def test_of_two_trucks_the_nearer_comes_first(self):
        """A truck that looks two thirds as large stands on the left: both are read, and the larger plate is the one at the gate."""
        near, far = decode(draw_truck(plate="123ABC02", seed=1)), decode(draw_truck(plate="417KRM05", seed=4))
        small = cv2.resize(far, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
        beside = np.full((near.shape[0], small.shape[1], 3), 90, np.uint8)
        beside[-small.shape[0] :] = small
        readings = read(np.hstack([beside, near]))
        assert [reading.text for reading in readings[:2]] == ["123ABC02", "417KRM05"]

    def test_the_corners_lie_on_the_plate(self):
        """The box surrounds the plate's text: in the middle of the picture's lower half, and wider than high."""
        best = read(decode(draw_truck(plate="123ABC02", seed=1)))[0]
        left, top, right, bottom = best.box
        assert 300 < left < right < 1100
        assert 700 < top < bottom < 1000
        assert right - left > 3 * (bottom - top)
        assert len(best.corners) == 4


@pytest.mark.rule("D23")
class TestSisterPlates:
    @pytest.mark.parametrize(("expected", "sister"), [("123ABC02", "123ABC03"), ("417KRM05", "471KRM05"), ("860PHA10", "880PHA10")])
    def test_a_sister_plate_is_read_as_itself_and_without_doubt(self, expected, sister):
        """A plate one or two characters off is not read as the expected one, and the differing characters are sure: the gate will not forgive them."""
        readings = read(decode(draw_truck(plate=sister, seed=4)))
        assert readings[0].text == sister
        assert expected not in {reading.text for reading in readings}
        different = [at for at, (one, other) in enumerate(zip(expected, sister, strict=True)) if one != other]
        assert all(readings[0].char_confidences[at] >= 0.95 for at in different)


class TestUnreadable:
    @pytest.mark.parametrize("seed", range(3))
    def test_a_covered_plate_gives_no_reading_that_the_gate_would_take(self, seed):
        """Mud or snow over every character: nothing reaches the confidence from which the gate reads."""
        assert all(reading.confidence < GATE_READS_FROM for reading in read(decode(draw_unreadable(seed=seed))))

    @pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (900, 1, 3), (40, 40, 3)])
    def test_tiny_and_narrow_pictures_are_read_as_nothing(self, shape):
        """A picture too small for any text gives no reading and no error."""
        assert read(np.zeros(shape, np.uint8)) == []
        assert read_crop(np.zeros(shape, np.uint8)) == []

    def test_lettering_that_is_no_plate_is_left_out(self):
        """A maker's name over the grille and a word without digits are not plates."""
        sheet = draw_plate(plate="123ABC02", country="KZ")
        sheet.box(3, 3, 514, 106, (240, 240, 240))
        sheet.text("KAMAZ", (70, 20), (20, 20, 20), height=70, weight=10, gap=14)
        assert read_crop(sheet.picture) == []


class TestReadingCrops:
    def test_a_plate_alone_is_read(self):
        """A picture that is nothing but the plate is read as well."""
        best = read_crop(draw_plate(plate="901STU08", country="KZ").picture)[0]
        assert (best.text, best.country) == ("901STU08", "KZ")


class TestDrawnBytes:
    def test_what_is_no_picture_is_never_read(self):
        """The bytes that stand for no picture do not even begin like one."""
        assert not not_a_picture().startswith((b"\xff\xd8", b"\x89PNG"))
