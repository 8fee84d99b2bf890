import numpy as np

from bench.plates.folder import Photo
from bench.plates.frames import in_frames, print_votes, shaken
from chalicelib.contracts.passages import Reading
from iot.plate_reader.images import decode
from local.pictures import draw_truck

PHOTO = Photo("kz", "one.jpg", "123ABC02", "KZ", (0, 0, 9, 9))


def frame(text, *, doubt_at):
    return (Reading(text, "KZ", 0.9, tuple(0.4 if at == doubt_at else 0.99 for at in range(len(text)))),)


class TestShaken:
    def test_is_the_same_scene_in_another_picture(self):
        """
        Seeded, of the same size, and never quite the same twice.
        """
        picture = decode(draw_truck(plate="123ABC02", seed=1))
        chance = np.random.default_rng(3)
        one, other = shaken(picture, chance=chance), shaken(picture, chance=chance)
        assert picture.shape == one.shape == other.shape
        assert np.array_equal(one, shaken(picture, chance=np.random.default_rng(3)))
        assert 1 < np.abs(one.astype(int) - other).mean() < 60


class TestVotes:
    def test_are_printed_beside_single_frames(self, capsys):
        """
        Each frame misread another character; their vote is exact.
        """
        frames = (frame("923ABC02", doubt_at=0), frame("128ABC02", doubt_at=2), frame("123ABD02", doubt_at=5))
        print_votes("one", [(PHOTO, frames)])
        printed = capsys.readouterr().out
        assert "one frame  exact 0.0 % [0–56], n 3" in printed
        assert "their vote exact 100.0 %" in printed

    def test_come_from_frames_read_in_a_process_of_their_own(self, tmp_path):
        """
        A drawn truck in two frames, each read to the letter.
        """
        (tmp_path / "one.jpg").write_bytes(draw_truck(plate="123ABC02", seed=1))
        ((photo, frames),) = in_frames("ours", tmp_path, [PHOTO], count=2)
        assert PHOTO == photo
        assert ["123ABC02", "123ABC02"] == [readings[0].text for readings in frames]
