"""
A gateway asks where a crossing's photograph may be put; what the cloud has already is not sent twice (§9, §10).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.contracts.passages import PhotoWanted
from chalicelib.domain.rules import Rules
from chalicelib.usecases.ports import Clock, DeviceLink, Photos

MOST_BYTES = 15_000_000


@dataclass(frozen=True, slots=True)
class KeepPhotos:
    """
    Grant uploads by short-lived links.
    """

    photos: Callable[[], Photos]
    link: Callable[[], DeviceLink]
    clock: Clock
    rules_on: Callable[[datetime], Rules]

    def grant(self, *, checkpoint: str, wanted: PhotoWanted) -> None:
        """
        Answer a gateway's wish with a link of a minute, or with none where the photograph is kept already or too big.
        """
        photos = self.photos()
        kept = wanted.size > MOST_BYTES or photos.has(checkpoint=checkpoint, sha256=wanted.sha256)
        url = None if kept else photos.upload_link(checkpoint=checkpoint, sha256=wanted.sha256, size=wanted.size)
        expires_at = self.clock.wall() + self.rules_on(self.clock.now()).photo_link_validity
        self.link().grant_photo(checkpoint=checkpoint, sha256=wanted.sha256, url=url, expires_at=expires_at)
