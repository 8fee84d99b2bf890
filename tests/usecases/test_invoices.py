"""
Invoices for bank transfers (§23): one a request, for a sum or for a booking, to an account that somebody has named.
"""

from dataclasses import replace

import pytest

from chalicelib.domain.decisions import Code
from chalicelib.domain.references import is_reference
from chalicelib.usecases.outcomes import Done, Missing
from tests import factories
from tests.fakes.bank import payee
from tests.fakes.office import DEPOSIT, FEE
from tests.fakes.rules import RULES

TOTAL = FEE + DEPOSIT


def ask(office, amount=700_000, *, key="ask", body="{}"):
    """
    Ask for an invoice over a sum.
    """
    return office.ask_invoice(account="acc_1", amount=amount, request=factories.request(key, body=body))


def ask_for(office, booking, *, account="acc_1", key="ask"):
    """
    Ask for an invoice for a booking.
    """
    return office.ask_invoice.for_booking(account=account, booking=booking, request=factories.request(key))


@pytest.mark.rule("23")
class TestInvoice:
    def test_is_made_once_a_request(self, office):
        """
        The same key gives the same reference, in another process too; another key another one; no money moves.
        """
        done = [ask(office), ask(office.rebuilt()), ask(office, key="other")]

        assert done[0] == done[1] != done[2]
        made = office.store.invoices.invoice(done[0].resource)
        assert is_reference(made.reference)
        assert ("acc_1", 700_000, 0, payee()) == (made.account, made.amount, made.received, made.payee)
        assert RULES.invoice_validity == made.expires_at - made.created_at
        assert 2 == len(office.store.invoices.of_account("acc_1", limit=9, cursor=None).items)
        assert (0, 0) == office.wallet()

    def test_never_takes_anothers_reference(self, office):
        """
        Where a reference is somebody else's already, the next one is tried.
        """
        taken = ask(office).resource
        other = replace(office.ask_invoice, keyed=SameFirst(office.keyed, taken))

        again = other(account="acc_2", amount=5, request=factories.request("second"))

        assert again.resource != taken
        assert ("acc_1", "acc_2") == tuple(office.store.invoices.invoice(each).account for each in (taken, again.resource))

    def test_needs_somebody_to_pay(self, office):
        """
        Without the registrar's account in the settings there is no invoice, and the refusal says so.
        """
        nobody = replace(office.ask_invoice, payee=lambda: None)

        outcome = nobody(account="acc_1", amount=5, request=factories.request("ask"))

        assert [Code.PAYEE_UNKNOWN] == [reason.code for reason in outcome.reasons]
        assert [] == list(office.store.invoices.of_account("acc_1", limit=9, cursor=None).items)


class SameFirst:
    """
    A keyed hash whose first answer leads to a given reference.
    """

    def __init__(self, keyed, reference):
        self.keyed, self.first = keyed, f"{int(reference[4:]):x}"

    def of(self, value):
        """
        Hash a value.
        """
        return self.first if value.startswith("invoice 0 ") else self.keyed.of(value)


@pytest.mark.rule("23", "28")
class TestInvoiceForABooking:
    @pytest.mark.parametrize("prepared", ["verified", "held"])
    def test_is_for_what_the_wallet_lacks(self, office, prepared):
        """
        Fee and deposit less what is available, with a place or before one is chosen.
        """
        booking = getattr(office, prepared)()
        office.fill("acc_1", 1_000_000)

        invoice = office.store.invoices.invoice(ask_for(office, booking).resource)

        assert (TOTAL - 1_000_000, booking) == (invoice.amount, invoice.booking)

    def test_is_refused_where_nothing_lacks_or_nothing_is_to_pay(self, office):
        """
        A full wallet needs none; a confirmed booking is paid.
        """
        booking = office.held()
        office.fill("acc_1", TOTAL)
        full = ask_for(office, booking)
        office.pay_for(booking)
        paid = ask_for(office, booking)

        assert [[Code.NOTHING_TO_PAY], [Code.NOT_HELD]] == [[reason.code for reason in refused.reasons] for refused in (full, paid)]

    def test_is_the_owners_alone(self, office):
        """
        Another's booking is unknown, and so is one that is not there.
        """
        booking = office.held()

        assert isinstance(ask_for(office, booking, account="acc_2"), Missing)
        assert isinstance(ask_for(office, "bk_none"), Missing)
        assert isinstance(ask_for(office, booking), Done)

    def test_waits_for_a_known_fee(self, office):
        """
        Before a place is chosen the fee of today counts; where it is unknown nothing can be asked for (§25).
        """
        booking = office.verified()
        unknown = replace(office.ask_invoice, tariff_on=lambda _: None)

        outcome = unknown.for_booking(account="acc_1", booking=booking, request=factories.request("ask"))

        assert [Code.FEE_UNKNOWN] == [reason.code for reason in outcome.reasons]
