import json
from datetime import timedelta

import pytest

from chalicelib.contracts.boards import BoardRow, BoardView
from chalicelib.contracts.messages import to_json
from chalicelib.contracts.passages import Action, Decision, DecisionReason, GateDecision, LaneKind, Reading
from iot.board.component import Board
from iot.board.display import FileDisplay, UnableToDisplayError
from tests.iot.gate.lists import NOON
from tests.iot.kit.clocks import MovableClock

LANES = {"entry-1": LaneKind.ENTRY, "exit-1": LaneKind.EXIT, "wa-in": LaneKind.WAITING_AREA_ENTRY}


def row(number, *, minutes_ago=0, plate=None):
    return BoardRow(plate=plate or f"{number}ABC02", country="KZ", number=f"N-{number}", since=NOON - timedelta(minutes=minutes_ago))


def view(version, **columns):
    return BoardView(checkpoint="nur-zholy", version=version, at=NOON, **{name: tuple(rows) for name, rows in columns.items()})


def decided(lane, number, *, action=Action.OPEN, read=None):
    return GateDecision(
        frame=f"{lane} {number}",
        lane=lane,
        at=NOON,
        readings=(Reading(text=read or f"{number}ABC02", country="KZ", confidence=0.9),),
        decision=Decision(action=action, reason=DecisionReason.MATCH, booking=f"b-{number}", booking_number=f"N-{number}"),
    )


class Wall:
    """
    A board on a file, and what it shows.
    """

    def __init__(self, directory, *, clock=None):
        self.directory = directory
        self.clock = clock or MovableClock(NOON)
        self.display = FileDisplay(file=directory / "board.json")
        self.board = Board(checkpoint="nur-zholy", lanes=LANES, clock=self.clock, display=self.display, memory=directory / "memory.json")
        self.board.refresh()

    def cloud(self, shown):
        """
        The cloud's view comes.
        """
        self.board.on_view(to_json(shown).encode())

    def gate(self, told):
        """
        The gate's decision comes.
        """
        self.board.on_decision(to_json(told).encode())

    def shows(self, column):
        """
        The plates in a column.
        """
        return [one["plate"] for one in json.loads((self.directory / "board.json").read_text())[column]]


@pytest.fixture
def wall(tmp_path):
    return Wall(tmp_path)


@pytest.mark.rule("12")
class TestBoard:
    def test_shows_the_clouds_view(self, wall):
        """
        Newest first.
        """
        wall.cloud(view(1, called=[row(1, minutes_ago=5), row(2, minutes_ago=1)], leaving=[row(3)]))
        assert (["2ABC02", "1ABC02"], ["3ABC02"]) == (wall.shows("called"), wall.shows("leaving"))

    def test_drops_older_views_other_checkpoints_and_nonsense(self, wall):
        """
        Versions only grow.
        """
        wall.cloud(view(5, called=[row(1)]))
        wall.cloud(view(5, called=[row(2)]))
        wall.cloud(view(4, called=[row(3)]))
        wall.cloud(BoardView(checkpoint="korday", version=9, at=NOON))
        wall.board.on_view(b"nonsense")
        wall.board.on_decision(b"nonsense")
        assert ["1ABC02"] == wall.shows("called")

    def test_shows_who_enters_and_leaves_at_once_without_the_cloud(self, wall):
        """
        A vehicle stands in the column of its furthest step only.
        """
        wall.cloud(view(1, called=[row(1), row(2)]))
        wall.gate(decided("entry-1", 1))
        assert (["2ABC02"], ["1ABC02"], []) == (wall.shows("called"), wall.shows("entering"), wall.shows("leaving"))
        wall.gate(decided("exit-1", 1))
        assert (["2ABC02"], [], ["1ABC02"]) == (wall.shows("called"), wall.shows("entering"), wall.shows("leaving"))

    def test_shows_the_bookings_plate_where_a_character_was_misread(self, wall):
        """
        The called row knows better than the camera.
        """
        wall.cloud(view(1, called=[row(1, plate="180ABC02")]))
        wall.gate(decided("entry-1", 1, read="1B0ABC02"))
        assert ["180ABC02"] == wall.shows("entering")

    def test_keeps_a_passage_over_a_view_that_does_not_know_it_yet(self, wall):
        """
        The cloud hears of it later than the board.
        """
        wall.gate(decided("entry-1", 1))
        wall.cloud(view(2, called=[row(1), row(2)]))
        assert (["2ABC02"], ["1ABC02"]) == (wall.shows("called"), wall.shows("entering"))

    @pytest.mark.parametrize(("lane", "action"), [("entry-1", Action.STAY), ("wa-in", Action.ARRIVED), ("elsewhere", Action.OPEN)])
    def test_shows_nobody_who_did_not_pass(self, wall, lane, action):
        """
        Shut, only arrived, or no lane of ours.
        """
        wall.gate(decided(lane, 1, action=action))
        assert ([], []) == (wall.shows("entering"), wall.shows("leaving"))

    def test_lets_passages_go_after_ten_minutes(self, wall):
        """
        Without any message.
        """
        wall.gate(decided("exit-1", 1))
        wall.clock.advance(600)
        wall.board.refresh()
        assert [] == wall.shows("leaving")

    def test_remembers_both_over_a_restart(self, wall, tmp_path):
        """
        Also what the cloud has not confirmed; a damaged memory is an empty board.
        """
        wall.cloud(view(7, called=[row(2)]))
        wall.gate(decided("entry-1", 1))
        again = Wall(tmp_path, clock=wall.clock)
        assert (["2ABC02"], ["1ABC02"]) == (again.shows("called"), again.shows("entering"))
        again.cloud(view(6, called=[row(3)]))
        assert ["2ABC02"] == again.shows("called")
        (tmp_path / "memory.json").write_text('{"view":')
        assert [] == Wall(tmp_path).shows("called")

    def test_has_room_for_twelve_rows(self, wall):
        """
        Readable from 20 m; the newest stay.
        """
        wall.cloud(view(1, called=[row(number, minutes_ago=number) for number in range(30)]))
        assert [f"{number}ABC02" for number in range(12)] == wall.shows("called")


class TestHealth:
    def test_says_since_when_the_display_is_dark(self, wall):
        """
        And that it shows again.
        """
        showing = wall.display.show

        def fail(_view):
            raise UnableToDisplayError("cable")

        assert ("showing", True) == (wall.board.health().state, wall.board.health().ok)
        wall.display.show = fail
        wall.clock.advance(60)
        wall.board.refresh()
        assert ("dark", False, NOON + timedelta(minutes=1)) == (
            wall.board.health().state,
            wall.board.health().ok,
            wall.board.health().since,
        )
        wall.display.show = showing
        wall.board.refresh()
        assert wall.board.health().ok


class TestFileDisplay:
    def test_says_when_it_cannot_show(self, tmp_path):
        """
        A full or missing disk is the display's fault, not a crash.
        """
        (tmp_path / "file").touch()
        with pytest.raises(UnableToDisplayError):
            FileDisplay(file=tmp_path / "file" / "board.json").show(view(1))
