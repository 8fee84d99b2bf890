"""
Invoices at a moment, and payees as a deployment writes them.
"""

from datetime import timedelta

import pytest

from chalicelib.domain.invoices import InvoiceState
from chalicelib.domain.payees import is_iban, payee_faults
from tests.fakes import bank
from tests.fakes.samples import NOW

PAYEE = {
    "name": "ТОО «Оператор»",
    "bin": "150340012340",
    "iik": bank.IIK,
    "bank": "АО «Банк»",
    "bic": "SMPLKZ00",
    "kbe": "16",
    "knp": "859",
}


@pytest.mark.rule("23")
class TestInvoice:
    def test_is_open_until_its_time_is_over(self):
        """
        Nothing came: open, then expired, from the very moment.
        """
        invoice = bank.invoice()

        assert InvoiceState.OPEN == invoice.state_at(invoice.expires_at - timedelta(seconds=1))
        assert InvoiceState.EXPIRED == invoice.state_at(invoice.expires_at)

    def test_counts_what_comes_even_late(self):
        """
        Less than asked is a part, the rest pays it, also after its time.
        """
        late = NOW + timedelta(days=30)
        part = bank.invoice().after_receipt(1, late)
        whole = part.after_receipt(part.amount, late)

        assert (InvoiceState.PART_PAID, InvoiceState.PAID) == (part.state_at(late), whole.state_at(late))
        assert (3, whole.amount + 1, late) == (whole.version, whole.received, whole.received_at)


@pytest.mark.rule("23")
class TestPayee:
    def test_as_a_payment_order_needs_it_is_taken(self):
        """
        All seven words, with or without the mark of a sample.
        """
        assert () == tuple(payee_faults(PAYEE))
        assert () == tuple(payee_faults({**PAYEE, "sample": True}))

    @pytest.mark.parametrize("word", sorted(PAYEE))
    def test_without_a_word_is_named(self, word):
        """
        What is missing is said by its name.
        """
        assert [f"{word} is missing or cannot be"] == list(payee_faults({name: PAYEE[name] for name in PAYEE if name != word}))

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"bin": "15034001234"}, "bin is"),
            ({"iik": "KZ19000SAMPLE0000000"}, "other check digits"),
            ({"bic": "SMPLRU00"}, "bic is"),
            ({"kbe": 16}, "kbe is"),
            ({"inn": "1"}, "inn is unknown"),
            ({"sample": "yes"}, "neither true nor false"),
        ],
    )
    def test_that_cannot_be_is_refused(self, change, said):
        """
        A number too short, false check digits, another country's bank, a word that nobody knows.
        """
        assert any(said in fault for fault in payee_faults({**PAYEE, **change}))

    def test_that_is_no_object_is_refused(self):
        """
        A list is no payee.
        """
        assert payee_faults([])

    @pytest.mark.parametrize(("account", "true"), [("GB29NWBK60161331926819", True), ("GB28NWBK60161331926819", False), ("KZ", False)])
    def test_has_a_true_iban(self, account, true):
        """
        The registry's own example, the same with a slip, and half a number.
        """
        assert true == is_iban(account)
