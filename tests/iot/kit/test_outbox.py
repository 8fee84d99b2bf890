import pytest

from chalicelib.contracts.passages import Acknowledgement
from iot.kit.link import UnableToPublishError
from iot.kit.outbox import Outbox
from tests.iot.kit.test_journal import entry, open_journal


class Receiver:
    """
    Notes the first and last sequence of each batch; `away` takes none.
    """

    def __init__(self):
        self.got = []
        self.away = False

    def __call__(self, document):
        """
        Take a batch, or raise.
        """
        if self.away:
            raise UnableToPublishError("away")
        sequences = [one["sequence"] for one in document["entries"]]
        self.got.append((sequences[0], sequences[-1]))


@pytest.fixture
def journal(tmp_path):
    return open_journal(tmp_path / "gate.db")


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def outbox(journal, receiver):
    return Outbox(journal=journal, publish=receiver, resend_seconds=3)


def write(journal, count):
    with journal._database.transaction():
        for _ in range(count):
            journal.append(entry())


def acknowledge(journal, upto):
    assert journal.acknowledge(Acknowledgement(journal=journal.id, upto=upto))


class TestOutbox:
    def test_sends_new_entries_without_waiting_for_older_ones(self, journal, receiver, outbox):
        """
        Each entry once while its time is not over.
        """
        write(journal, 2)
        outbox.send(now=0)
        write(journal, 1)
        outbox.send(now=1)
        outbox.send(now=2)
        assert [(1, 2), (3, 3)] == receiver.got

    def test_sends_again_what_is_not_acknowledged_in_time(self, journal, receiver, outbox):
        """
        MQTT's own word is not enough: after three seconds everything unacknowledged goes out anew.
        """
        write(journal, 3)
        outbox.send(now=0)
        acknowledge(journal, 1)
        outbox.send(now=2)
        outbox.send(now=5)
        assert [(1, 3), (2, 3)] == receiver.got

    def test_asks_ever_more_patiently_and_with_one_batch_while_nobody_answers(self, journal, receiver, outbox):
        """
        A cloud that is down is not flooded; once it answers all follows at once.
        """
        write(journal, 250)
        for now in range(100):
            outbox.send(now=now)
        assert [(1, 100), (101, 200), (201, 250)] == receiver.got[:3]
        assert {(1, 100)} == set(receiver.got[3:])
        assert 3 < len(receiver.got) < 10
        acknowledge(journal, 100)
        receiver.got.clear()
        outbox.send(now=100)
        assert [(101, 200), (201, 250)] == receiver.got

    def test_sends_the_batch_that_was_not_taken_next_time(self, journal, receiver, outbox):
        """
        A cut loses nothing and skips nothing.
        """
        write(journal, 1)
        receiver.away = True
        with pytest.raises(UnableToPublishError):
            outbox.send(now=0)
        receiver.away = False
        outbox.send(now=1)
        assert [(1, 1)] == receiver.got

    def test_rewinds_to_what_was_acknowledged(self, journal, receiver, outbox):
        """
        After a reconnection what was under way may be lost.
        """
        write(journal, 3)
        outbox.send(now=0)
        acknowledge(journal, 2)
        outbox.send(now=0.1)
        outbox.rewind()
        outbox.send(now=0.2)
        assert [(1, 3), (3, 3)] == receiver.got

    def test_keeps_a_bounded_window_under_way(self, journal, receiver, outbox):
        """
        A thousand entries, not a day's worth, wait for acknowledgement at once.
        """
        write(journal, 1300)
        outbox.send(now=0)
        assert (901, 1000) == receiver.got[-1]
        acknowledge(journal, 500)
        outbox.send(now=0.1)
        assert (1201, 1300) == receiver.got[-1]

    def test_starts_after_a_restart_where_the_acknowledgement_stood(self, journal, receiver):
        """
        A new process resends the rest, from the journal alone.
        """
        write(journal, 4)
        acknowledge(journal, 3)
        Outbox(journal=journal, publish=receiver).send(now=0)
        assert [(4, 4)] == receiver.got
