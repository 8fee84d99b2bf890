from collections import Counter
from datetime import date

import pytest

from chalicelib.contracts.passages import LaneKind
from chalicelib.jurisdictions import LANGUAGES, InvalidJurisdictionError, checkpoints, jurisdiction

KAZAKHSTAN = jurisdiction()


@pytest.mark.rule("5")
class TestCheckpoints:
    def test_are_the_48_of_the_annex(self):
        """
        The annex names 5 checkpoints toward China, 5 Uzbekistan, 1 Turkmenistan, 30 Russia, 7 Kyrgyzstan.
        """
        found = Counter(checkpoint.country for checkpoint in KAZAKHSTAN.checkpoints.values())

        assert {"CN": 5, "UZ": 5, "TM": 1, "RU": 30, "KG": 7} == found

    def test_have_a_code_each_of_their_own(self):
        """
        A code opens booking numbers (D7): no two checkpoints share one, and Nur Zholy's is NZH.
        """
        codes = [checkpoint.code for checkpoint in KAZAKHSTAN.checkpoints.values()]

        assert 48 == len(set(codes))
        assert "NZH" == KAZAKHSTAN.checkpoints["nur-zholy"].code

    def test_are_named_in_three_languages_with_their_region(self):
        """
        Every checkpoint and its region has a name in kk, ru and en, and Kazakh names are not the Russian spelling throughout.
        """
        for checkpoint in KAZAKHSTAN.checkpoints.values():
            for language in LANGUAGES:
                assert checkpoint.names[language].strip()
                assert checkpoint.region.names[language].strip()
        assert "Құрманғазы" == KAZAKHSTAN.checkpoints["kurmangazy"].names["kk"]
        assert "Курмангазы" == KAZAKHSTAN.checkpoints["kurmangazy"].names["ru"]

    @pytest.mark.parametrize(
        ("region", "count"),
        [
            ("18", 5),
            ("19", 2),
            ("05", 2),
            ("16", 2),
            ("13", 4),
            ("12", 2),
            ("10", 6),
            ("07", 6),
            ("14", 5),
            ("15", 4),
            ("04", 3),
            ("06", 1),
            ("08", 6),
        ],
    )
    def test_lie_in_the_regions_of_the_annex(self, region, count):
        """
        Counted in the annex region by region, under the codes on plates.
        """
        assert count == sum(checkpoint.region.code == region for checkpoint in KAZAKHSTAN.checkpoints.values())

    def test_lie_at_the_border_and_say_how_surely(self):
        """
        Positions are inside the country's frame, marked approximate, and name their source.
        """
        for checkpoint in KAZAKHSTAN.checkpoints.values():
            assert 40 < checkpoint.position.lat < 56
            assert 46 < checkpoint.position.lon < 88
            assert checkpoint.position.approximate
            assert "approximate" in checkpoint.position.source

    def test_mark_an_assumed_capacity(self):
        """
        300 a day where nobody has published a figure is an assumption and says so; a published one names where.
        """
        assert KAZAKHSTAN.checkpoints["nur-zholy"].capacity.assumed
        assert 300 == KAZAKHSTAN.checkpoints["nur-zholy"].capacity.per_day
        assert (200, False) == (
            KAZAKHSTAN.checkpoints["kurmangazy"].capacity.per_day,
            KAZAKHSTAN.checkpoints["kurmangazy"].capacity.assumed,
        )
        assert all(checkpoint.capacity.source for checkpoint in KAZAKHSTAN.checkpoints.values())

    def test_have_an_entry_and_an_exit_with_barriers(self):
        """
        Every checkpoint has both; only Nur Zholy has a waiting area, whose lanes have no barrier.
        """
        for checkpoint in KAZAKHSTAN.checkpoints.values():
            assert {LaneKind.ENTRY, LaneKind.EXIT} == {lane.kind for lane in checkpoint.lanes if lane.has_barrier}
            assert checkpoint.has_waiting_area == any(not lane.has_barrier for lane in checkpoint.lanes)
        assert ["wa-in", "wa-out", "entry-1", "exit-1"] == [lane.id for lane in KAZAKHSTAN.checkpoints["nur-zholy"].lanes]

    def test_are_open_around_the_clock(self):
        """
        Opening hours are given in minutes after local midnight, half-open.
        """
        hours = KAZAKHSTAN.checkpoints["nur-zholy"].opening_hours

        assert (0, 1440) == (hours.opens_minutes, hours.closes_minutes)

    def test_refuse_a_repeated_code(self, tmp_path):
        """
        A file in which two checkpoints share a code does not load.
        """
        text = (checkpoints.Path(checkpoints.__file__).parent / "kz" / "checkpoints.json").read_text(encoding="utf-8")
        broken = tmp_path / "checkpoints.json"
        broken.write_text(text.replace('"code": "DST"', '"code": "NZH"'), encoding="utf-8")

        with pytest.raises(InvalidJurisdictionError, match="code is repeated"):
            checkpoints.load_checkpoints(broken)


@pytest.mark.rule("6", "6-1", "D2")
class TestClasses:
    def test_carry_the_ceilings_of_the_order(self):
        """
        1 % post, 5 % goods, 5 % state bodies, 1 % expedited; general has none.
        """
        day = date(2026, 12, 3)

        assert {"priority_post": 1, "priority_goods": 5, "priority_state": 5, "expedited": 1, "general": None} == {
            id_: class_.ceiling_percent(day) for id_, class_ in KAZAKHSTAN.classes.items()
        }

    def test_have_no_ceiling_before_the_amendment(self):
        """
        Ceilings are effective-dated: before 17.09.2025 none is known.
        """
        assert KAZAKHSTAN.classes["expedited"].ceiling_percent(date(2025, 9, 16)) is None

    @pytest.mark.rule("D4", "D6")
    def test_rank_and_release_as_decided(self):
        """
        Priority goes before expedited before general; only priority places open to everyone on the day.
        """
        ranks = {id_: class_.rank for id_, class_ in KAZAKHSTAN.classes.items()}

        assert ranks["priority_post"] == ranks["priority_goods"] == ranks["priority_state"] < ranks["expedited"] < ranks["general"]
        assert {"priority_post", "priority_goods", "priority_state"} == {
            id_ for id_, class_ in KAZAKHSTAN.classes.items() if class_.released_on_the_day
        }
