"""
Notices by account and links by key: the store and its stand-in give the same.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.driver_links import DriverLink, LinkToken
from chalicelib.domain.payment_links import PaymentLink
from chalicelib.store.errors import InvalidCursorError
from chalicelib.usecases.ports import Committed, Conflict, Write
from tests.fakes import samples
from tests.fakes.samples import NOW


class TestNotifications:
    @pytest.mark.rule("29", "34")
    def test_are_listed_newest_first_page_by_page(self, any_store):
        """
        Every notice of an account once, nobody else's.
        """
        for number in range(3):
            any_store.commit(Write(samples.notification(id=f"2026120{number}T000000000000.n")))
        any_store.commit(Write(samples.notification(account="acc_2")))
        first = any_store.notifications.of_account("acc_1", now=NOW, limit=2, cursor=None)
        second = any_store.notifications.of_account("acc_1", now=NOW, limit=2, cursor=first.next_cursor)

        assert ["20261202", "20261201", "20261200"] == [each.id[:8] for each in (*first.items, *second.items)]
        with pytest.raises(InvalidCursorError):
            any_store.notifications.of_account("acc_1", now=NOW, limit=2, cursor="x")

    @pytest.mark.rule("D31")
    def test_are_none_after_their_time(self, any_store):
        """
        The engine forgets late or never: what is past its time is not listed.
        """
        any_store.commit(Write(samples.notification()))
        end = samples.notification().keep_until

        assert [[1], [0]] == [
            [len(any_store.notifications.of_account("acc_1", now=moment, limit=9, cursor=None).items)]
            for moment in (end - timedelta(seconds=1), end)
        ]

    def test_are_read_by_their_account_alone(self, any_store):
        """
        The account is part of the key.
        """
        any_store.commit(Write(samples.notification()))
        id_ = samples.notification().id

        assert samples.notification() == any_store.notifications.notification("acc_1", id_)
        assert any_store.notifications.notification("acc_2", id_) is None


class TestDriverLinks:
    def test_are_found_by_key_and_by_token(self, any_store):
        """
        A link by booking and driver, what a token opens by its hash; each written once.
        """
        link, token = DriverLink("bk_1#per_2", "bk_1", "per_2", 1, NOW), LinkToken("ab", "bk_1#per_2", 1, NOW)
        assert Committed() == any_store.commit(Write(link), Write(token))

        assert {link.key: link} == any_store.driver_links.links([link.key, "bk_1#any"])
        assert (token, None) == (any_store.driver_links.token("ab"), any_store.driver_links.token("cd"))
        assert Conflict(frozenset({"DriverLink"})) == any_store.commit(Write(link))
        revoked = replace(link, revoked_at=NOW, version=2)
        assert Committed() == any_store.commit(Write(revoked, 1))
        assert revoked == any_store.driver_links.links([link.key])[link.key]


class TestPaymentLinks:
    def test_are_found_by_booking(self, any_store):
        """
        One link a booking, written by its version.
        """
        link = PaymentLink("bk_1", 1, NOW, attempt="att_1")
        assert Committed() == any_store.commit(Write(link))

        assert (link, None) == (any_store.payment_links.link("bk_1"), any_store.payment_links.link("bk_2"))
        assert Conflict(frozenset({"PaymentLink"})) == any_store.commit(Write(link))
        revoked = replace(link, revoked_at=NOW, version=2)
        assert Committed() == any_store.commit(Write(revoked, 1))
        assert revoked == any_store.payment_links.link("bk_1")
