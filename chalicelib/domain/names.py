"""
One spelling of a person's name for all who look people up by it: what is hashed and compared, never shown.
"""

import unicodedata


def spell_name(name: str) -> str:
    """
    Spell a name for comparison: composed, without case and punctuation, `ё` as `е`, its words in alphabetical order.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    words = "".join(letter if letter.isalnum() else " " for letter in folded).split()
    return " ".join(sorted(words))
