"""
A site's notes are written only where they have changed.
"""

from dataclasses import replace

from chalicelib.domain.site_notes import SiteNotes
from chalicelib.usecases.ports import Write


def notes_write(seen: SiteNotes, after: SiteNotes) -> tuple[Write, ...]:
    """
    Write the next version of a site's notes, or nothing.
    """
    return () if after == seen else (Write(replace(after, version=seen.version + 1), seen.version),)
