"""
Files of a settlement: through a link of a minute, written down for good, the same for ever (§24, api.md).
"""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.remittance import FileKind
from chalicelib.usecases.hand_out_files import ChangedFileError
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import Conflict, Write
from tests.fakes import settlements
from tests.fakes.settlements import DAY


@pytest.fixture
def finance(quick_office):
    """
    An office with one settled day.
    """
    quick_office.store.commit(Write(settlements.settlement()))
    return quick_office


def linked(office, kind=FileKind.PAIN001, account="acc_f"):
    """
    Ask for a link.
    """
    return office.hand_out.link(account=account, day=DAY, kind=kind)


@pytest.mark.rule("24")
class TestLink:
    def test_gives_its_file_for_a_minute(self, finance):
        """
        The digest told with the link is that of the file; after sixty seconds of the wall's clock the link leads nowhere.
        """
        link = linked(finance)

        given = finance.hand_out.take(token=link.token)

        assert link.sha256 == hashlib.sha256(given.content).hexdigest()
        assert (timedelta(seconds=60), given.name) == (link.expires_at - finance.clock.wall().replace(microsecond=0), link.name)
        finance.clock.advance(seconds=59)
        assert given == finance.hand_out.take(token=link.token)
        finance.clock.advance(seconds=1)
        assert Missing() == finance.hand_out.take(token=link.token)

    def test_is_of_what_is_there(self, finance):
        """
        An unknown day, a payment message of a day that owes nothing, a token of somebody's own: nothing.
        """
        finance.store.commit(Write(settlements.settlement(settlements.row(fees=0), day=DAY + timedelta(days=1), funded=0)))

        assert Missing() == finance.hand_out.link(account="acc_f", day=DAY - timedelta(days=1), kind=FileKind.CSV)
        assert Missing() == finance.hand_out.link(account="acc_f", day=DAY + timedelta(days=1), kind=FileKind.PAIN001)
        assert Missing() == finance.hand_out.take(token="x")

    def test_says_whose_bank_details_are_missing(self, finance):
        """
        None set, or none for a region that is owed something: no file at all, and nothing is frozen.
        """
        for known, regions in ((None, "19"), (settlements.requisites("05"), "19")):
            finance.requisites = known
            for kind in FileKind:
                refused = linked(finance, kind)
                assert isinstance(refused, Refused)
                assert (Code.REMITTANCE_NOT_CONFIGURED, {"regions": regions}) == (refused.reasons[0].code, refused.reasons[0].parameters)
        assert finance.store.remittances.export(DAY) is None


@pytest.mark.rule("24", "D29")
class TestExport:
    def test_keeps_the_details_it_first_went_out_with(self, finance):
        """
        Details that change later change no file of a day that was exported.
        """
        before = finance.hand_out.take(token=linked(finance).token)
        finance.requisites = replace(finance.requisites, sample=False)

        assert before == finance.hand_out.take(token=linked(finance).token)
        assert settlements.requisites() == finance.store.remittances.export(DAY).requisites

    def test_hands_out_nothing_that_is_not_what_it_was(self, finance):
        """
        A file that would come out otherwise than it was told to be is a fault, not a file.
        """
        made = finance.hand_out.files.make
        linked(finance)

        class Changed:
            def make(self, settlement, requisites):
                return {**made(settlement, requisites), FileKind.CSV: b"other"}

        object.__setattr__(finance.hand_out, "files", Changed())
        with pytest.raises(ChangedFileError):
            linked(finance)


@pytest.mark.rule("24")
class TestDownloads:
    def test_say_who_took_what_when_and_are_never_changed(self, finance):
        """
        Every taking is a row of its own with account, kind, digest and moment, latest first; a link not used is none.
        """
        linked(finance, account="acc_0")
        for number, kind in enumerate((FileKind.CSV, FileKind.MANIFEST, FileKind.CSV), 1):
            finance.clock.advance(seconds=1)
            finance.hand_out.take(token=linked(finance, kind, account=f"acc_{number}").token)

        page = finance.store.remittances.downloads(DAY, limit=2, cursor=None)
        rest = finance.store.remittances.downloads(DAY, limit=2, cursor=page.next_cursor)
        found = [*page.items, *rest.items]

        assert [("acc_3", "csv"), ("acc_2", "manifest"), ("acc_1", "csv")] == [(each.account, each.kind) for each in found]
        csv = finance.hand_out.take(token=linked(finance, FileKind.CSV).token).content
        assert (hashlib.sha256(csv).hexdigest(), len(csv)) == (found[0].sha256, found[0].size)
        assert Conflict(frozenset({"Download"})) == finance.store.commit(Write(replace(found[0], account="acc_9")))
        manifest = json.loads(finance.hand_out.take(token=linked(finance, FileKind.MANIFEST).token).content)
        assert found[0].sha256 == next(each["sha256"] for each in manifest["files"] if each["kind"] == "csv")
