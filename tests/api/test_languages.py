import pytest

from chalicelib.api.languages import Language, preferred


class TestPreferred:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            (None, Language.RU),
            ("", Language.RU),
            ("kk", Language.KK),
            ("en-GB, ru;q=0.8", Language.EN),
            ("ru;q=0.5, kk;q=0.9", Language.KK),
            ("en;q=0.5, kk;q=0.5", Language.EN),
            ("de, fr", Language.RU),
            ("de, *;q=0.1", Language.RU),
            ("en;q=0", Language.RU),
            ("en;q=2, kk;q=0.1", Language.KK),
            ("en;q=x, kk;q=0.1", Language.KK),
            ("KK-kz", Language.KK),
            ("x" * 10_000, Language.RU),
            (";;;,,,", Language.RU),
        ],
    )
    def test_follows_weights_then_order_and_ends_with_russian(self, header, language):
        """
        The highest weight wins, then the first written; nothing that we speak means Russian.
        """
        assert language is preferred(header)
