"""
One spelling of a name for whoever looks people up by it.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.names import spell_name


class TestSpellName:
    @pytest.mark.parametrize(
        "written",
        [
            "Семёнов Алексей Ильич",
            "алексей ильич семенов",
            "СЕМЕНОВ, АЛЕКСЕЙ ИЛЬИЧ",
            "  Семенов-Алексей\tИльич ",
            "Ильич/Семе\u0308нов. Алексей",
        ],
    )
    def test_is_one_however_it_is_written(self, written):
        """
        Case, order, marks, blanks and the two dots of ё make no other person.
        """
        assert "алексей ильич семенов" == spell_name(written)

    def test_keeps_apart_whom_letters_keep_apart(self):
        """
        One word is not two, and other letters are another name; Latin and digits are spelled too.
        """
        assert "анна мария" == spell_name("Мария-Анна") != spell_name("Марианна")
        assert "john smith 3" != spell_name("John Smith 3") == "3 john smith"
        assert "strasse" == spell_name("Straße")
        assert "" == spell_name(" -.,'")

    @given(st.lists(st.text("абвё XYZ-9", min_size=1), max_size=4), st.randoms())
    def test_does_not_mind_the_order_and_is_its_own_spelling(self, words, random):
        """
        Shuffled words are the same name; a spelling is spelled as it is.
        """
        shuffled = random.sample(words, len(words))

        assert spell_name(" ".join(words)) == spell_name(" ".join(shuffled)) == spell_name(spell_name(" ".join(words)))
