import threading

import pytest

from iot.kit.database import Database


@pytest.fixture
def database(tmp_path):
    return Database(path=tmp_path / "deep" / "a.db", schema=("CREATE TABLE IF NOT EXISTS words (word TEXT)",))


def words(database):
    with database.reading() as connection:
        return [row["word"] for row in connection.execute("SELECT word FROM words")]


def write(database, word):
    with database.transaction() as connection:
        connection.execute("INSERT INTO words VALUES (?)", (word,))


class TestDatabase:
    def test_survives_a_power_cut_by_its_settings(self, database):
        """
        Write-ahead log, and each commit flushed to the disk (2: FULL).
        """
        with database.reading() as connection:
            assert ("wal", 2) == tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous"))

    def test_joins_inner_transactions_to_the_outer_one(self, database):
        """
        All or nothing, however deep.
        """

        def fail():
            with database.transaction():
                write(database, "lost")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        write(database, "kept")
        assert ["kept"] == words(database)

    def test_lets_one_thread_in_at_a_time(self, database):
        """
        Threads share the connection, not a transaction.
        """
        threads = [threading.Thread(target=write, args=(database, str(number))) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 20 == len(words(database))
