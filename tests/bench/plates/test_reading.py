import pytest

from bench.plates.folder import cut_out_plate, labeled
from bench.plates.reading import put_through
from bench.plates.tables import exact, print_accuracy, print_cost, print_reliability
from iot.plate_reader import read
from iot.plate_reader.images import decode
from local.pictures import draw_truck

PLATES = {"one.jpg": "123ABC02", "two.jpg": "417KRM05"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labeled")
    rows = ["set,file,text,country,x0,y0,x1,y1,role,kind", "kz,one.jpg,999ZZZ01,KZ,0,0,9,9,background,photo"]
    for seed, (file, plate) in enumerate(PLATES.items(), start=1):
        jpeg = draw_truck(plate=plate, seed=seed)
        (folder / file).write_bytes(jpeg)
        left, top, right, bottom = read(decode(jpeg))[0].box
        rows.append(f"kz,{file},{plate},KZ,{left - 4},{top - 4}.5,{right + 4},{bottom + 4},primary,photo")
    (folder / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


class TestLabeled:
    def test_is_one_row_a_photograph(self, folder):
        """
        The plate it is about, not those behind; of the sets asked for.
        """
        assert list(PLATES.items()) == [(photo.file, photo.text) for photo in labeled(folder)]
        assert [] == labeled(folder, groups=["ru"])

    def test_plates_are_cut_out_with_a_margin_inside_the_picture(self, folder):
        """
        At a picture's edge there is none.
        """
        picture = decode((folder / "one.jpg").read_bytes())
        assert (54, 104) == cut_out_plate(picture, (0, 0, 100, 50)).shape[:2]
        assert (58, 108) == cut_out_plate(picture, (10, 10, 110, 60)).shape[:2]


class TestPutThrough:
    def test_reads_everything_in_a_process_of_its_own_and_tells_the_cost(self, folder, capsys):
        """
        Our reader on two drawn trucks: both to the letter, whole and cut out; the tables say so.
        """
        run = put_through("ours", folder, labeled(folder))

        assert all(map(exact, (*run.photos, *run.crops)))
        assert all(answer.seconds > 0 for answer in (*run.photos, *run.crops))
        assert run.megabytes >= run.at_rest > 0
        print_accuracy([run])
        print_reliability([run])
        print_cost([run])
        assert "100.0 % [34–100]" in capsys.readouterr().out

    @pytest.mark.slow
    def test_reads_with_what_others_would_use(self, folder):
        """
        RapidOCR reads drawn trucks, too.
        """
        assert all(map(exact, put_through("rapidocr", folder, labeled(folder)).photos))
