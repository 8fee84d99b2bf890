"""
Files as clerks and their enemies make them.
"""

import io
import zipfile

import openpyxl

from chalicelib.jurisdictions import jurisdiction

COLUMNS = jurisdiction().lists().aliases
HEADING = ("госномер", "страна регистрации", "VIN-код", "дата бронирования", "примечание")


def workbook(rows, *, prepare=None):
    """
    A workbook of rows; `prepare` does something more to its sheet.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if prepare is not None:
        prepare(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content, changes):
    """
    The same archive with members put in or replaced.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, text in changes.items():
            new.writestr(name, text)
    return out.getvalue()


def member(content, name):
    """
    Read a member.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)
