import hashlib
import io
import struct
import time
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from iot.plate_reader.headers import read_header
from iot.plate_reader.images import MOST_BYTES, NotAPictureError, decode, photograph
from local.pictures import draw_truck, not_a_picture
from tests.iot.plate_reader.garbage import png, whole_files


@pytest.fixture(scope="module")
def truck():
    return draw_truck(plate="123ABC02", seed=1)


@pytest.fixture
def striped():
    """A picture whose left half is red and right half blue, 60 × 40, so that turning it shows."""
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[:, :30] = (0, 0, 255)
    picture[:, 30:] = (255, 0, 0)
    return picture


def saved(picture, path, **options):
    Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)).save(path, **options)
    return path.read_bytes()


class TestRefusal:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\xff",
            b"\xff\xd8",
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xe0\xff\xff",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a" + bytes(100),
            b"BM" + bytes(100),
            b"RIFF\x00\x00\x00\x00WEBPVP8 ",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            bytes(5000),
            b"\xff\xd8\xff" + b"\xff" * 5000,
            b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x00\x00\x00\x03\xff\xda\x00\x02\xff\xd9",
            not_a_picture(),
        ],
    )
    def test_what_is_no_picture_is_refused_at_once(self, data):
        """Garbage, other formats and bare beginnings are refused by name, in less than a tenth of a second of the processor."""
        began = time.process_time()
        with pytest.raises(NotAPictureError):
            decode(data)
        assert time.process_time() - began < 0.1

    @pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.999])
    def test_a_jpeg_that_was_cut_off_is_refused(self, truck, share):
        """Half a plate could be read as another: a JPEG without its end is no picture."""
        with pytest.raises(NotAPictureError):
            decode(truck[: int(len(truck) * share)])

    def test_a_png_that_was_cut_off_is_refused(self, striped):
        """The same for a PNG without its end."""
        whole = cv2.imencode(".png", striped)[1].tobytes()
        with pytest.raises(NotAPictureError, match="cut off"):
            decode(whole[:-20])

    @pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (2**31 - 1, 1), (0, 10), (5_000, 5_000)])
    def test_a_picture_that_promises_too_many_pixels_is_never_decoded(self, width, height):
        """A bomb of a few bytes costs neither time nor memory."""
        began = time.process_time()
        with pytest.raises(NotAPictureError):
            decode(png(width, height, data=zlib.compress(bytes(10))))
        assert time.process_time() - began < 0.1

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (png(4_800, 4_800), "bytes of pixels"),
            (png(4_800, 4_800, depth=16), "bytes of pixels"),
            (png(4_800, 2_000, depth=16, color=6), "bytes of pixels"),
            (png(2_000, 2_000, data=zlib.compress(bytes(9_000_000))), "a broken PNG"),
            (png(60, 40)[:-30] + b"\0" + png(60, 40)[-29:], "a broken PNG"),
            (png(60, 40)[:-12] + struct.pack(">I4sI", 0, b"puFF", 0) * 20_000 + png(60, 40)[-12:], "too many pieces"),
        ],
    )
    def test_a_bomb_or_a_broken_png_is_refused_before_it_costs_anything(self, data, why):
        """
        Pixels that no photograph packs so well, rows that are missing, a wrong checksum, chunks without end.
        """
        began = time.process_time()
        with pytest.raises(NotAPictureError, match=why):
            decode(data)
        assert time.process_time() - began < 0.1

    def test_a_jpeg_that_would_be_decoded_over_and_over_is_refused(self):
        """
        A progressive JPEG whose last scan is repeated: each costs a pass over all pixels for a few bytes.
        """
        file = io.BytesIO()
        Image.new("RGB", (4_800, 4_800)).save(file, "JPEG", progressive=True)
        whole = file.getvalue()
        last = whole[whole.rfind(b"\xff\xda") : -2]
        began = time.process_time()
        with pytest.raises(NotAPictureError, match="scans"):
            decode(whole[:-2] + last * 1_000 + b"\xff\xd9")
        assert time.process_time() - began < 0.1

    def test_a_jpeg_of_two_sizes_is_refused(self, truck):
        """
        One would be measured, the other decoded.
        """
        at = truck.index(b"\xff\xc0")
        frame = truck[at : at + 19]
        huge = frame[:5] + b"\xff\xff\xff\xff" + frame[9:]
        for pair in (huge + frame, frame + huge):
            with pytest.raises(NotAPictureError):
                decode(truck[:at] + pair + truck[at + 19 :])

    def test_a_jpeg_that_was_cut_off_is_refused_though_its_thumbnail_is_whole(self):
        """
        The end that counts is the picture's own.
        """
        with_thumbnail = whole_files()[5]
        decode(with_thumbnail)
        with pytest.raises(NotAPictureError, match="cut off"):
            decode(with_thumbnail[:-200])

    def test_too_many_bytes_are_refused(self, truck):
        """15 MB is the limit, whatever they hold."""
        with pytest.raises(NotAPictureError, match="bytes"):
            decode(truck + bytes(MOST_BYTES))

    def test_noise_in_a_picture_s_clothes_never_raises_anything_else(self, truck):
        """A hundred JPEGs with bytes overwritten either decode or are refused; nothing else comes out."""
        chance = np.random.default_rng(7)
        small = cv2.imencode(".jpg", cv2.resize(decode(truck), (160, 120)))[1].tobytes()
        for _ in range(100):
            spoiled = bytearray(small)
            for at in chance.integers(0, len(small), 12):
                spoiled[at] = int(chance.integers(256))
            try:
                assert decode(bytes(spoiled)).ndim == 3
            except NotAPictureError:
                continue


class TestDecoding:
    def test_one_pixel_is_a_picture(self):
        """The smallest picture there is decodes."""
        assert decode(cv2.imencode(".png", np.zeros((1, 1, 3), np.uint8))[1].tobytes()).shape == (1, 1, 3)

    def test_cmyk_is_seen_in_its_colors(self, tmp_path, striped):
        """A CMYK JPEG comes out blue-green-red, red left and blue right."""
        Image.fromarray(cv2.cvtColor(striped, cv2.COLOR_BGR2RGB)).convert("CMYK").save(tmp_path / "cmyk.jpg", quality=95)
        picture = decode((tmp_path / "cmyk.jpg").read_bytes())
        assert picture[20, 10, 2] > 180
        assert picture[20, 10, 0] < 80
        assert picture[20, 50, 0] > 180
        assert picture[20, 50, 2] < 80

    def test_sixteen_bits_become_eight(self):
        """A 16-bit PNG keeps its brightness in 8 bits."""
        deep = np.full((8, 8, 3), 0x8040, np.uint16)
        assert decode(cv2.imencode(".png", deep)[1].tobytes())[0, 0].tolist() == [0x80, 0x80, 0x80]

    @pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA"])
    def test_every_color_model_gives_three_channels(self, tmp_path, striped, mode):
        """Gray, black and white, palette and transparent PNGs come out as BGR."""
        Image.fromarray(cv2.cvtColor(striped, cv2.COLOR_BGR2RGB)).convert(mode).save(tmp_path / "any.png")
        assert decode((tmp_path / "any.png").read_bytes()).shape == (40, 60, 3)

    def test_a_picture_lying_on_its_side_is_set_upright(self, tmp_path, striped):
        """Exif orientation 6 (turn right): what was left is then above."""
        exif = Image.Exif()
        exif[0x0112] = 6
        picture = decode(saved(striped, tmp_path / "side.jpg", exif=exif, quality=95))
        assert picture.shape == (60, 40, 3)
        assert picture[5, 20, 2] > 200
        assert picture[55, 20, 0] > 200


class TestKeeping:
    def test_a_plain_jpeg_is_kept_as_it_came(self, truck):
        """Evidence is not written anew without need: the same bytes, under their own hash."""
        kept = photograph(truck, decode(truck))
        assert kept.jpeg == truck
        assert kept.sha256 == hashlib.sha256(truck).hexdigest()

    def test_metadata_and_stowaways_are_left_behind(self, tmp_path, striped):
        """A JPEG with Exif, a comment or bytes behind its end is written anew without them, upright."""
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010E] = "secret place"
        data = saved(striped, tmp_path / "talkative.jpg", exif=exif, comment=b"secret comment") + b"<script>stowaway</script>"
        kept = photograph(data, decode(data))
        assert not any(word in kept.jpeg for word in (b"secret", b"Exif", b"stowaway"))
        assert read_header(kept.jpeg).plain
        assert decode(kept.jpeg).shape == (60, 40, 3)

    def test_a_png_is_kept_as_jpeg_of_bounded_size(self):
        """Whatever came, what is kept is a JPEG of at most 1920 pixels."""
        data = cv2.imencode(".png", np.zeros((2500, 3000, 3), np.uint8))[1].tobytes()
        kept = decode(photograph(data, decode(data)).jpeg)
        assert kept.shape == (1600, 1920, 3)
