"""
The door of the audit: over a machine's store, stopped or running.
"""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from chalicelib.store.database import StoreSettings
from chalicelib.store.store import Store
from chalicelib.usecases.ports import Write
from local.engines.engine import Engine
from local.supervisor.layout import ROOT, Layout
from tests.fakes.office import Office
from tests.fakes.rules import next_step


def audited(state):
    """
    Run the door: its exit status and what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", "local.audit"],
        cwd=ROOT,
        env={**os.environ, "STATE": str(state)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.rule("D30")
class TestAudit:
    def test_says_by_its_exit_status_whether_all_adds_up(self, tmp_path):
        """
        0 over a whole store, stopped and running; 1 with the difference named once a wallet is a tiyn off; 2 where there is nothing.
        """
        assert 2 == audited(tmp_path)[0]
        layout = Layout.find(state=tmp_path, port=None)
        with Engine(state=layout.folder("dynamodb"), port=layout.ports["dynamodb"]) as engine:
            store = Store(StoreSettings("queue-", "eu-central-1", engine.url, "local", "local"), next_step=next_step)
            store.create_tables()
            office = Office(store)
            office.open()
            office.confirmed(1)
            running = audited(tmp_path)
        stopped = audited(tmp_path)

        assert (0, 0) == (running[0], stopped[0])
        assert "2 postings, 1 wallets, 1 bookings, 0 settlements" in stopped[1]
        assert "everything adds up" in running[1]

        with Engine(state=layout.folder("dynamodb"), port=layout.ports["dynamodb"]):
            wallet = store.ledger.wallet("acc_1")
            store.commit(Write(replace(wallet, available=wallet.available + 1, version=wallet.version + 1), wallet.version))
        status, said = audited(tmp_path)
        assert 1 == status
        assert "DIFFERS  wallet acc_1" in said
