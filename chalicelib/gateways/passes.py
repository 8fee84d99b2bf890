"""
The pass as a sheet of paper and as a bare code (D25): number, plate, checkpoint, interval, class; never a person.
"""

import io
from collections.abc import Mapping
from typing import Final

from chalicelib.gateways import passes_sheet
from chalicelib.gateways.passes_words import say
from chalicelib.usecases.issue_pass import Pass

QUIET_ZONE: Final = 4
"""Modules of white around the code (ISO/IEC 18004)."""


def draw_pdf(*, pass_: Pass, names: Mapping[str, str], language: str) -> bytes:
    """
    Draw one A5 page, PDF. `names` are the checkpoint's by language, `language` is `kk`, `ru` or `en`.

    The same pass gives the same bytes. Raises `KeyError` for a language there are no words in.
    """
    return passes_sheet.draw(words=say(pass_=pass_, names=names, language=language), modules=code_modules(pass_.token))


def draw_qr_svg(*, token: str) -> bytes:
    """
    Draw the signed token as a QR code, SVG, black on white with its quiet zone; one unit a module, it fills the room it is given.
    """
    import segno  # noqa: PLC0415 - loads where a pass is drawn

    drawn = io.BytesIO()
    code = segno.make_qr(token, error="m")
    code.save(drawn, kind="svg", border=QUIET_ZONE, omitsize=True, light="#fff", xmldecl=False, svgclass=None, lineclass=None)
    return drawn.getvalue()


def code_modules(token: str) -> list[list[bool]]:
    """
    Give the rows of the QR code of error level M, without quiet zone; true is dark.
    """
    import segno  # noqa: PLC0415 - loads where a pass is drawn

    return [[bool(module) for module in row] for row in segno.make_qr(token, error="m").matrix]
