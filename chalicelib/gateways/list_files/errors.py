"""
Why a file is no table.
"""


class UnableToReadTableError(Exception):
    """
    A file cannot be read as a list: `kind` names the sentence of `api/field_errors.json` that says why and what to do.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind
