"""
Money as the story tells it.
"""


def tenge(tiyn: int) -> str:
    """
    Write tiyn as tenge: `86 500 ₸`.
    """
    whole, rest = divmod(tiyn, 100)
    return f"{whole:,}".replace(",", " ") + (f",{rest:02d}" if rest else "") + " ₸"
