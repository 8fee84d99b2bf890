"""
Orders to the budget: requisites that can be right, one order a region, its purpose in both languages (§24, D27).
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.remittance import (
    Beneficiary,
    FileKind,
    InvalidRequisitesError,
    Party,
    PaymentOrder,
    Requisites,
    file_name,
    payment_orders,
    regions_without,
    tenge,
)
from tests.fakes.settlements import row, settlement

DAY = date(2026, 12, 3)
TITLES = {"kk": "Кезек операторы ЖШС", "ru": "ТОО «Оператор очереди»"}


def iban(account):
    """
    Put the check digits of ISO 13616 before a bank's and account's signs.
    """
    rest = int("".join(str(int(sign, 36)) for sign in f"{account}KZ00")) % 97
    return f"KZ{98 - rest:02d}{account}"


def party(**changes):
    """
    An organization whose numbers check.
    """
    fields = {"titles": TITLES, "business_id": "150340012340", "iik": iban("125KZT1234567890"), "bic": "SMPLKZKA", "kbe": "11"}
    return Party(**{**fields, **changes})


def budget(**changes):
    """
    A region's budget.
    """
    purpose = {"kk": "{day} үшін төлем, {amount} теңге", "ru": "Плата за {day}, {amount} тенге"}
    return Beneficiary(**{"party": party(), "budget_code": "204201", "knp": "911", "purpose": purpose, **changes})


@pytest.mark.rule("24", "D27")
class TestParty:
    @pytest.mark.parametrize("changes", [{}, {"bic": "SMPLKZKA123"}, {"titles": {"kk": "а" * 140, "ru": " а "}}])
    def test_has_details_that_can_be_right(self, changes):
        """
        A code of eight or eleven signs, names of up to 140.
        """
        assert "11" == party(**changes).kbe

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"business_id": "150340012341"}, "bin"),
            ({"business_id": "15034001234"}, "bin"),
            ({"business_id": "1503400123400"}, "bin"),
            ({"iik": iban("125KZT1234567890")[:-1] + "1"}, "iik"),
            ({"iik": iban("125KZT123456789")}, "iik"),
            ({"iik": iban("125KZT1234567890").replace("KZ", "kz", 1)}, "iik"),
            ({"bic": "SMPLKZK"}, "bic"),
            ({"bic": "SMPLRUKA"}, "bic"),
            ({"kbe": "1"}, "kbe"),
            ({"kbe": "111"}, "kbe"),
            ({"titles": {"ru": "А"}}, "name"),
            ({"titles": {"kk": "А"}}, "name"),
            ({"titles": {**TITLES, "kk": "  "}}, "name"),
            ({"titles": {**TITLES, "ru": "а" * 141}}, "name"),
            ({"business_id": "1", "kbe": "1"}, "bin"),
        ],
    )
    def test_that_cannot_be_right_is_refused_by_the_field(self, changes, field):
        """
        Check digits, lengths, letters, a name in each language; the first wrong field is named.
        """
        with pytest.raises(InvalidRequisitesError, match=f"^{field}$"):
            party(**changes)

    @given(st.integers(0, 10**11 - 1))
    def test_has_one_check_digit_for_each_number(self, number):
        """
        Of ten last digits one is right at most, by the weights 1 … 11, or 3 … 11, 1, 2 where these come to ten; ten again: none is.
        """
        digits = [int(sign) for sign in f"{number:011d}"]
        rests = [sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
                 for weights in (range(1, 12), (*range(3, 12), 1, 2))]  # fmt: skip
        expected = next((rest for rest in rests if rest != 10), None)

        assert ([] if expected is None else [expected]) == [last for last in range(10) if takes(f"{number:011d}{last}")]

    @given(st.text("0123456789ABCXYZ", min_size=16, max_size=16), st.integers(0, 15), st.sampled_from("0123456789ABCXYZ"))
    def test_has_an_account_that_shows_a_wrong_sign(self, account, place, sign):
        """
        A digit for another digit or a letter for a letter: the account is nobody's.
        """
        right = iban(account)
        wrong = right[: 4 + place] + sign + right[5 + place :]

        assert right == party(iik=right).iik
        if wrong != right and sign.isdigit() == right[4 + place].isdigit():
            with pytest.raises(InvalidRequisitesError):
                party(iik=wrong)


def takes(number):
    """
    Tell whether a БИН is taken.
    """
    try:
        party(business_id=number)
    except InvalidRequisitesError:
        return False
    return True


@pytest.mark.rule("24", "D27")
class TestBeneficiary:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"budget_code": "20420"}, "budget_code"),
            ({"budget_code": "2042011"}, "budget_code"),
            ({"knp": "91"}, "knp"),
            ({"knp": "9111"}, "knp"),
            ({"purpose": {"kk": "а"}}, "purpose"),
            ({"purpose": {"ru": "а"}}, "purpose"),
            ({"purpose": {"kk": "а", "ru": " "}}, "purpose"),
            ({"purpose": {"kk": "а", "ru": "а" * 211}}, "purpose"),
        ],
    )
    def test_that_cannot_be_right_is_refused_by_the_field(self, changes, field):
        """
        A code of six digits, one of three, a purpose in each language that leaves room for the other.
        """
        with pytest.raises(InvalidRequisitesError, match=f"^{field}$"):
            budget(**changes)

    def test_has_a_purpose_of_half_an_order_at_most(self):
        """
        Two of 210 letters fit.
        """
        assert budget(purpose={"kk": "а" * 210, "ru": "б"}).purpose["ru"] == "б"


@pytest.mark.rule("24", "D27", "D29")
class TestOrders:
    def test_pay_each_region_what_it_is_owed(self):
        """
        Numbered by day and region for the day of remittance, in the order of regions; one below zero is paid nothing.
        """
        north, south = budget(), budget(knp="912")
        closed = settlement(row(region="23", fees=5), row(region="19", fees=1_234_505), row(region="47", fees=-1))
        payer = party(kbe="17")
        told = [("19", 1_234_505, north, "12345.05"), ("23", 5, south, "0.05")]

        made = payment_orders(closed, Requisites(payer, {"19": north, "23": south}, sample=True))

        assert [
            PaymentOrder(
                number=f"20261203-{region}",
                day=DAY,
                region=region,
                amount=amount,
                payer=payer,
                beneficiary=to,
                purpose=f"03.12.2026 үшін төлем, {spelled} теңге / Плата за 03.12.2026, {spelled} тенге",
                execute_on=date(2026, 12, 4),
                sample=True,
            )
            for region, amount, to, spelled in told
        ] == list(made)

    def test_have_a_purpose_that_a_bank_takes(self):
        """
        Blanks around it go, and it is cut where sums have made it longer than 420 letters.
        """
        spaced = budget(purpose={"kk": " а {amount} ", "ru": " б"})
        long = budget(purpose={"kk": f"{'а' * 190}{{day}}{{day}}", "ru": "б" * 210})

        def purpose(to):
            return payment_orders(settlement(row(fees=100)), Requisites(party(), {"19": to}))[0].purpose

        assert "а 1.00 / б" == purpose(spaced)
        assert f"{'а' * 190}03.12.202603.12.2026 / {'б' * 207}" == purpose(long)

    def test_are_not_written_where_details_are_missing(self):
        """
        Regions that are owed something and are not known; all of them where nothing was set.
        """
        closed = settlement(row(region="19"), row(region="23"), row(region="47", fees=-1))

        assert ("23",) == regions_without(closed, Requisites(party(), {"19": budget()}))
        assert ("19", "23") == regions_without(closed, None)

    @pytest.mark.parametrize(
        ("kind", "name"),
        [(FileKind.CSV, "csv"), (FileKind.XLSX, "xlsx"), (FileKind.PAIN001, "pain.001.xml"), (FileKind.CLIENT_BANK, "1c.txt")],
    )
    def test_go_into_files_named_by_the_day(self, kind, name):
        """
        One name a kind.
        """
        assert f"settlement-2026-12-03.{name}" == file_name(DAY, kind)

    @pytest.mark.parametrize(("tiyn", "spelled"), [(0, "0.00"), (5, "0.05"), (865_000, "8650.00"), (-1, "-0.01"), (-101, "-1.01")])
    def test_spell_sums_in_tenge(self, tiyn, spelled):
        """
        Two digits of tiyn, always.
        """
        assert spelled == tenge(tiyn)
