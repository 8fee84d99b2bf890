import string
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.contracts.passages import ReaderReport, Reading
from iot.gate.voting import TOGETHER, Ballots, vote
from tests.iot.gate.lists import NOON, admission
from tests.iot.gate.rig import Rig

TEXT = "123ABC02"


def read(text=TEXT, *, country="KZ", sure=0.99, doubts=None, confidence=0.9):
    """
    A reading; `doubts` are the confidences of single places.
    """
    return Reading(text, country, confidence, tuple((doubts or {}).get(at, sure) for at in range(len(text))))


def report(*readings, at=NOON, lane="entry-1"):
    return ReaderReport(frame=f"{lane} {at}", lane=lane, at=at, readings=readings)


def seconds(count):
    return NOON + timedelta(seconds=count)


class TestVote:
    def test_of_nothing_or_of_one_frame_changes_nothing(self):
        """
        No frame, frames without readings, one frame's readings as they are.
        """
        assert () == vote([]) == vote([[], []])
        assert (read(), read("12ABC02")) == vote([[], [read(), read("12ABC02")]])

    def test_is_surer_than_its_frames_where_they_agree(self):
        """
        A character doubted in each of three frames is less doubtful when all of them read it; none gets certain.
        """
        (best, *_) = vote([[read(doubts={3: 0.6})]] * 3)
        assert TEXT == best.text
        assert 0.6 < best.char_confidences[3] < 0.95
        assert 0.99 < best.char_confidences[0] < 1
        assert 0.9 < best.confidence < 1

    def test_is_in_doubt_where_they_differ(self):
        """
        The surer one wins its place, and is less sure of it than it was alone.
        """
        (best, *_) = vote([[read("123ABD02", doubts={5: 0.6})], [read(doubts={5: 0.85})]])
        assert TEXT == best.text
        assert 0.5 < best.char_confidences[5] < 0.85

    def test_reads_what_no_frame_alone_has_read(self):
        """
        Each frame has lost another character; together they have all of them.
        """
        frames = [[read("923ABC02", doubts={0: 0.4})], [read("123ABD02", doubts={5: 0.4})], [read("128ABC02", doubts={2: 0.4})]]
        assert TEXT == vote(frames)[0].text

    def test_gives_no_voice_to_a_frame_of_another_length(self):
        """
        A plate cut off by the picture's edge says nothing against the whole one, and stays a hypothesis.
        """
        readings = vote([[read()], [read("23ABC02", confidence=0.8)]])
        assert [TEXT, "23ABC02"] == [reading.text for reading in readings]

    def test_names_every_country_that_was_read_the_surest_first(self):
        """
        One text of two countries' grammars.
        """
        frames = [[read(country="AM", confidence=0.7), read(confidence=0.6)], [read(confidence=0.9)]]
        assert [(TEXT, "KZ"), (TEXT, "AM")] == [(reading.text, reading.country) for reading in vote(frames)]

    def test_keeps_the_other_plates_of_the_last_frame(self):
        """
        A truck behind a stranger stays visible.
        """
        assert [TEXT, "777XYZ09"] == [reading.text for reading in vote([[read(), read("888XYZ09")], [read(), read("777XYZ09")]])]

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.lists(
                st.builds(
                    Reading,
                    text=st.text(string.ascii_uppercase + string.digits, max_size=9),
                    country=st.sampled_from(["KZ", ""]),
                    confidence=st.floats(0, 1),
                    char_confidences=st.lists(st.floats(0, 1), max_size=9).map(tuple),
                ),
                max_size=3,
            ),
            max_size=6,
        )
    )
    def test_gives_readings_whatever_the_frames_say(self, frames):
        """
        Confidences stay within 0–1, one for each character; something was read exactly if some frame read something.
        """
        readings = vote(frames)
        assert bool(readings) == any(frames)
        assert all(0 <= reading.confidence <= 1 for reading in readings)
        if sum(map(bool, frames)) > 1:
            assert len(readings[0].text) == len(readings[0].char_confidences)
            assert all(0 <= chance <= 1 for chance in readings[0].char_confidences)


class TestBallots:
    def together(self, first, second, **how):
        """
        How many frames the second report is judged by.
        """
        ballots = Ballots()
        ballots.cast(report(first))
        readings = ballots.readings(report(second, **how))
        return readings != (second,)

    def test_join_frames_of_one_truck(self):
        """
        Close after each other, in one lane, nearly alike.
        """
        doubtful = read("123ABD02", doubts={5: 0.5})
        assert self.together(doubtful, read(), at=seconds(2))
        assert not self.together(doubtful, read(), at=seconds(TOGETHER.seconds + 1))
        assert not self.together(doubtful, read(), at=seconds(2), lane="exit-1")
        assert not self.together(doubtful, read("777XYZ09"), at=seconds(2))

    def test_never_join_two_sisters(self):
        """
        Two characters, each surely read in one place, are two trucks: the second one is judged by its own frame alone.
        """
        assert not self.together(read("123ABD02"), read(), at=seconds(1))

    def test_begin_anew_after_a_truck_was_let_through(self):
        """
        What it was read as says nothing of the next.
        """
        ballots = Ballots()
        ballots.cast(report(read(doubts={5: 0.5})))
        ballots.close("entry-1")
        assert (read(),) == ballots.readings(report(read(), at=seconds(1)))

    def test_forget_what_is_long_ago_and_skip_what_read_nothing(self):
        """
        At most eight frames; a frame in between that is not readable, or hardly, neither speaks nor parts.
        """
        ballots = Ballots()
        for count in range(20):
            ballots.cast(report(read(doubts={5: 0.5}), at=seconds(count)))
            ballots.cast(report(at=seconds(count)))
            ballots.cast(report(read("999ABC02", confidence=0.2), at=seconds(count)))
        assert 8 == len(ballots._frames["entry-1"])
        assert () == ballots.readings(report(at=seconds(20)))
        assert (read(confidence=0.2),) == ballots.readings(report(read(confidence=0.2), at=seconds(20)))


@pytest.mark.rule("D23")
class TestNoOneIsVotedIn:
    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.floats(0.02, 0.99), min_size=2, max_size=8))
    def test_a_character_that_no_frame_read_is_never_voted_for(self, sure):
        """
        However doubtful all frames were.
        """
        assert TEXT == vote([[read(doubts={5: one})] for one in sure])[0].text


class TestGate:
    def test_opens_at_the_second_frame_of_a_truck_that_the_first_one_doubted(self, tmp_path):
        """
        Its sister is expected, too: the first frame leaves it to the officer, the second one confirms what was read.
        """
        rig = Rig(tmp_path)
        rig.expect(admission("123ABC02"), admission("123ABD02"))
        for count, sure in enumerate((0.45, 0.45)):
            rig.say("reader/entry-1/report", report(read(doubts={5: sure}), at=seconds(count)))
        assert [("stay", "AMBIGUOUS"), ("open", "MATCH")] == [
            (one["decision"]["action"], one["decision"]["reason"]) for one in rig.told("entry-1")
        ]

    def test_judges_the_next_truck_by_its_own_frames(self, tmp_path):
        """
        A sister right behind a truck that was let in, doubted where the two differ: what was read before does not make it the first one.
        """
        rig = Rig(tmp_path)
        rig.expect(admission("123ABC02"), admission("555KKK05"))
        rig.say("reader/entry-1/report", report(read(), at=NOON))
        rig.say("reader/entry-1/report", report(read("123ABD02", doubts={5: 0.85}), at=seconds(3)))
        assert ["MATCH", "SIMILAR_PLATE"] == [one["decision"]["reason"] for one in rig.told("entry-1")]
