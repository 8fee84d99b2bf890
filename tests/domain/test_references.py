"""
References by which a transfer is known (ISO 11649): a slip is seen, another alphabet or grouping is understood.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.references import is_reference, mistyped_reference, printed, reference_of, written_references

NUMBERS = st.integers(0, 10**12 - 1)
OURS = reference_of(123456789012)


class TestReferences:
    def test_have_the_check_digits_of_the_standard(self):
        """
        ISO 11649's own example, whose body is shorter, and a number of ours with all its digits.
        """
        assert 1 == int("539007547034" + "271518") % 97
        assert "RF18539007547034" == reference_of(539007547034)
        assert is_reference("RF18539007547034")
        assert "RF18 5390 0754 7034" == printed("RF18539007547034")

    @given(NUMBERS, st.integers(0, 13), st.integers(1, 9))
    def test_show_every_slip_of_one_digit(self, number, place, by):
        """
        One digit written wrong is never another reference.
        """
        digits = reference_of(number)[2:]
        wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]

        assert not is_reference(f"RF{wrong}")

    @given(NUMBERS, st.integers(0, 12))
    def test_show_every_swap_of_neighbors(self, number, place):
        """
        Two neighboring digits exchanged are seen, unless they are the same.
        """
        digits = reference_of(number)[2:]
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

        assert is_reference(f"RF{swapped}") == (swapped == digits)

    def test_are_refused_for_what_is_no_number_of_ours(self):
        """
        Twelve digits, no more and none below zero.
        """
        for number in (-1, 10**12):
            with pytest.raises(ValueError, match="no number"):
                reference_of(number)


class TestWritten:
    @pytest.mark.parametrize(
        "purpose",
        [
            OURS,
            f"Пополнение лицевого счета {printed(OURS)}, без НДС",
            printed(OURS).lower(),
            OURS.replace("RF", "РФ"),
            OURS.replace("RF", "рф "),
            OURS.replace("RF", "Рф№"),
            OURS.replace("RF", "КА"),
            OURS.replace("RF", "PF"),
            OURS.replace("0", "О"),
            OURS.replace("0", "o").replace("1", "l"),
            OURS.replace("3", "З"),
            printed(OURS).replace(" ", "-"),
            printed(OURS).replace(" ", "\n"),
            printed(OURS).replace(" ", "\u00a0"),
            f"оплата за/{printed(OURS).replace(' ', '.')}/очередь",
            OURS.removeprefix("RF"),
            f"{OURS} и еще раз {printed(OURS)}",
            "ＲＦ" + OURS[2:],
            f"БИН 123456789012 Сч 40 от 03.12.2026 г. {OURS}",
        ],
    )
    def test_are_found_in_whatever_hand(self, purpose):
        """
        Spaces, small letters, Cyrillic look-alikes, a keyboard in Russian, other signs between, no prefix at all.
        """
        assert [OURS] == written_references(purpose)

    def test_are_all_told(self):
        """
        Two invoices in one transfer are two references, in the order of the text.
        """
        other = reference_of(7)

        assert [OURS, other] == written_references(f"{OURS}; {other}")

    @pytest.mark.parametrize(
        "purpose",
        ["", "Пополнение счета", "ИИН 880101300123, договор 1234", f"{OURS}0", f"1{OURS[2:]}", OURS[:-1], "RF" + "0" * 13, "9" * 400],
    )
    def test_are_not_invented(self, purpose):
        """
        Other numbers, longer and shorter ones are none.
        """
        assert [] == written_references(purpose)

    @given(st.text(max_size=60))
    def test_have_true_check_digits_in_any_text(self, text):
        """
        Whatever is found is a reference.
        """
        assert all(is_reference(found) for found in written_references(text))

    @pytest.mark.parametrize(
        ("purpose", "slip"),
        [
            (OURS[:-1] + "3", True),
            (OURS[:-1], True),
            (printed(OURS).lower() + "5", True),
            (OURS, False),
            ("Договор 15 от 03.12.2026", False),
            ("РФ, г. Омск", False),
        ],
    )
    def test_are_missed_with_a_word(self, purpose, slip):
        """
        What was meant for a reference and is none is told from what was not meant for one.
        """
        assert slip == mistyped_reference(purpose)
