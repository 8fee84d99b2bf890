import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chalicelib.contracts.messages import from_document, to_json
from chalicelib.contracts.passages import Acknowledgement, EntryKind, JournalBatch, JournalEntry, LaneKind, Reading
from iot.kit import journal as journals
from iot.kit.database import Database
from iot.kit.journal import Journal
from tests.iot.gate.lists import NOON

ROOT = Path(__file__).resolve().parents[3]

WRITER = """
import sys
from pathlib import Path
from tests.iot.kit.test_journal import entry, open_journal
journal = open_journal(Path(sys.argv[1]))
while True:
    print(journal.append(entry()).sequence, flush=True)
"""


def entry(**changes):
    fields = {"sequence": 0, "at": NOON, "kind": EntryKind.PASSAGE, "lane": "entry-1", "lane_kind": LaneKind.ENTRY}
    return JournalEntry(**(fields | changes))


def open_journal(path):
    return Journal(database=Database(path=path, schema=journals.SCHEMA))


@pytest.fixture
def journal(tmp_path):
    return open_journal(tmp_path / "gate.db")


class TestJournal:
    def test_numbers_entries_from_one_without_gaps(self, journal):
        """
        The sequence is the journal's, whatever an entry brings.
        """
        assert [1, 2, 3] == [journal.append(entry(sequence=99)).sequence for _ in range(3)]

    def test_leaves_no_gap_where_a_transaction_failed(self, tmp_path):
        """
        What is rolled back never had a number.
        """
        database = Database(path=tmp_path / "gate.db", schema=journals.SCHEMA)
        journal = Journal(database=database)
        journal.append(entry())

        def fail():
            with database.transaction():
                journal.append(entry())
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert 2 == journal.append(entry()).sequence

    def test_keeps_its_identity_with_its_file(self, tmp_path):
        """
        Opened again it is the same journal; a new file is another one.
        """
        first = open_journal(tmp_path / "a.db")
        first.append(entry())
        again = open_journal(tmp_path / "a.db")
        assert (first.id, 2) == (again.id, again.append(entry()).sequence)
        assert first.id != open_journal(tmp_path / "b.db").id

    def test_forgets_only_what_the_cloud_acknowledged(self, journal):
        """
        Numbers go on where they stood.
        """
        for _ in range(5):
            journal.append(entry())
        assert journal.acknowledge(Acknowledgement(journal=journal.id, upto=3))
        assert 2 == journal.position().pending
        upto, document = journal.batch(after=0)
        assert (5, [4, 5]) == (upto, [one["sequence"] for one in document["entries"]])
        assert 6 == journal.append(entry()).sequence

    @pytest.mark.parametrize(("whose", "upto"), [("another", 2), ("mine", 0), ("mine", 3), ("mine", 1), ("mine", -5)])
    def test_ignores_an_acknowledgement_that_cannot_be_meant(self, journal, whose, upto):
        """
        Another journal's, one of the past, one of entries never written.
        """
        journal.append(entry())
        journal.append(entry())
        journal.acknowledge(Acknowledgement(journal=journal.id, upto=1))
        identity = journal.id if whose == "mine" else whose
        assert not journal.acknowledge(Acknowledgement(journal=identity, upto=upto))
        assert (2, 1) == (journal.position().last, journal.position().pending)


class TestBatch:
    def test_is_a_batch_of_the_contract(self, journal):
        """
        The entries come back as they were written.
        """
        written = [journal.append(entry(readings=(Reading(text="京A12345", country="CN", confidence=0.9),))) for _ in range(2)]
        batch = from_document(JournalBatch, journal.batch(after=0)[1])
        assert (journal.id, tuple(written)) == (batch.journal, batch.entries)

    def test_holds_at_most_a_hundred_entries(self, journal):
        """
        The next batch goes on where this one ended.
        """
        for _ in range(120):
            journal.append(entry())
        assert [100, 120, None] == [batch and batch[0] for batch in (journal.batch(after=after) for after in (0, 100, 120))]

    def test_stays_below_what_a_message_may_weigh(self, journal):
        """
        100 KB in UTF-8; one entry alone is sent however large it is.
        """
        for size in (40_000, 40_000, 40_000, 150_000, 10):
            journal.append(entry(frame="京" * (size // 3)))
        ends = []
        while (batch := journal.batch(after=ends[-1] if ends else 0)) is not None:
            ends.append(batch[0])
        assert [2, 3, 4, 5] == ends
        assert len(to_json(journal.batch(after=0)[1]).encode()) < 100_500


class TestSigkill:
    def test_loses_no_entry_that_was_told_committed(self, tmp_path):
        """
        Killed while writing as fast as it can, three times over: what it said it wrote is there, and the next number follows.
        """
        told = 0
        for _ in range(3):
            command = [sys.executable, "-c", WRITER, str(tmp_path / "gate.db")]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
                first = int(writer.stdout.readline())
                assert first in {told + 1, told + 2}, "an entry may be committed and its number not told"
                time.sleep(0.1)
                os.kill(writer.pid, signal.SIGKILL)
                told = max([first, *map(int, writer.stdout.read().split("\n")[:-1])])
            journal = open_journal(tmp_path / "gate.db")
            assert journal.position().last in {told, told + 1}
            told = max(told, journal.position().last)
        entries = []
        while (batch := journal.batch(after=len(entries))) is not None:
            entries += batch[1]["entries"]
        assert list(range(1, told + 1)) == [one["sequence"] for one in entries]
