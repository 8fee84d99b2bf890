"""
A settlement's files are handed out through links that live a minute; who took which is written down for good (§24, api.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from chalicelib.domain.decisions import Code, Refused
from chalicelib.domain.remittance import Download, Export, FileKind, Requisites, file_name, regions_without
from chalicelib.usecases.outcomes import Missing
from chalicelib.usecases.ports import (
    Chance,
    Clock,
    Committed,
    Committer,
    Ledger,
    Remittances,
    SettlementFiles,
    Signer,
    StoreBusyError,
    Write,
)

LINK_TYPE: Final = "settlement-file+jwt"
LINK_LIVES: Final = timedelta(seconds=60)
MOST_TRIES: Final = 5


class ChangedFileError(Exception):
    """
    A file made again is not what it was: the code that makes it has changed. Nothing is handed out.
    """


@dataclass(frozen=True, slots=True)
class FileLink:
    """
    A token that opens one file once asked for, until `expires_at` by the wall clock.
    """

    token: str
    expires_at: datetime
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class HandedFile:
    """
    A file with what it is named after.
    """

    name: str
    kind: FileKind
    content: bytes


@dataclass(frozen=True, slots=True)
class HandOutFiles:
    """
    `GET /v1/finance/settlements/{id}/files/{kind}` and the link it gives. `opened` reads a link's claims or gives none.
    """

    committer: Committer
    ledger: Ledger
    remittances: Remittances
    clock: Clock
    chance: Chance
    files: SettlementFiles
    requisites: Callable[[], Requisites | None]
    signer: Callable[[], Signer]
    opened: Callable[[str], Mapping[str, Any] | None]

    def link(self, *, account: str, day: date, kind: FileKind) -> FileLink | Refused | Missing:
        """
        Give a link to a file of a settlement: for this account, this file, a minute. Without bank details there is none.
        """
        made = self._made(day)
        if isinstance(made, Refused | Missing):
            return made
        content = made.get(kind)
        if content is None:
            return Missing()
        issued = self.clock.wall().replace(microsecond=0)
        expires_at = issued + LINK_LIVES
        claims = {"sub": account, "day": str(day), "kind": kind.value, "iat": int(issued.timestamp()), "exp": int(expires_at.timestamp())}
        return FileLink(self.signer().sign(claims, typ=LINK_TYPE), expires_at, file_name(day, kind), sha256(content).hexdigest())

    def take(self, *, token: str) -> HandedFile | Refused | Missing:
        """
        Hand out what a link is for, and write down who took it; a link that is not ours, or is too old, leads nowhere.
        """
        claims = self.opened(token)
        if claims is None or not claims["iat"] - LINK_LIVES.total_seconds() <= self.clock.wall().timestamp() < claims["exp"]:
            return Missing()
        day, kind = date.fromisoformat(claims["day"]), FileKind(claims["kind"])
        made = self._made(day)
        if isinstance(made, Refused | Missing):
            return made
        content, now = made[kind], self.clock.now()
        id_ = f"{now.astimezone(UTC).isoformat(timespec='microseconds')}-{self.chance.id('dl')}"
        taken = Download(day, id_, kind, str(claims["sub"]), now, sha256(content).hexdigest(), len(content))
        if not isinstance(self.committer.commit(Write(taken)), Committed):
            raise StoreBusyError("download")
        return HandedFile(file_name(day, kind), kind, content)

    def _made(self, day: date) -> Mapping[FileKind, bytes] | Refused | Missing:
        settlement = self.ledger.settlement(day)
        if settlement is None:
            return Missing()
        for _ in range(MOST_TRIES):
            known = self.remittances.export(day)
            requisites = known.requisites if known else self.requisites()
            lacking = regions_without(settlement, requisites)
            if requisites is None or lacking:
                return Refused.because(Code.REMITTANCE_NOT_CONFIGURED, "24", regions=", ".join(lacking) or "-")
            files = self.files.make(settlement, requisites)
            digests = {kind.value: sha256(content).hexdigest() for kind, content in files.items()}
            if known is None and not self._keep(Export(day, self.clock.now(), requisites, digests)):
                continue
            if known is not None and known.sha256 != digests:
                raise ChangedFileError(str(day))
            return files
        raise StoreBusyError("export")

    def _keep(self, export: Export) -> bool:
        return isinstance(self.committer.commit(Write(export)), Committed)
