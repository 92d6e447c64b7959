"""The shelf of releases: ``WORKSPACE/published/``.

``releases/ID/`` holds one release and is never changed; ``current`` is a symbolic link that is replaced in one step,
so that a reader sees one release or the next and never half of one. A connection opened on the release before stays
on it until it is closed.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DATABASE = "outturn.duckdb"
DESCRIPTION = "datapackage.json"
#: Which releases are frozen: identifier → when, by whom and why. Beside the releases, which are never changed.
FROZEN = "frozen.json"
#: A name in this folder that begins so is a release in the making, or one that a crash left behind.
UNFINISHED = ".unfinished-"


class ReleaseNotFoundError(LookupError):
    """There is no such release."""


@dataclass(frozen=True)
class ReleaseShelf:
    """The releases of a workspace, and which of them readers see."""

    published: Path

    @property
    def releases(self) -> Path:
        return self.published / "releases"

    @property
    def current_link(self) -> Path:
        return self.published / "current"

    def identifiers(self) -> list[str]:
        """Releases, oldest first: their names begin with the time of publication."""
        if not self.releases.is_dir():
            return []
        return sorted(path.name for path in self.releases.iterdir() if path.is_dir() and not path.name.startswith("."))

    def current(self) -> str | None:
        """Identifier of the release that readers see, if any."""
        return self.current_link.readlink().name if self.current_link.is_symlink() else None

    def folder(self, identifier: str) -> Path:
        """Folder of a release; ``current``, ``previous`` and any unambiguous beginning of an identifier will do.

        Raises ``ReleaseNotFoundError``.
        """
        wanted: str | None = identifier
        if identifier == "current":
            wanted = self.current()
        elif identifier == "previous":
            wanted = next((name for name in reversed(self.identifiers()) if name < (self.current() or "")), None)
        matches = [name for name in self.identifiers() if wanted and name.startswith(wanted)]
        if wanted in matches:
            matches = [wanted]
        if len(matches) != 1:
            known = ", ".join(self.identifiers()[-5:]) or "none yet"
            raise ReleaseNotFoundError(f"release {identifier!r} is not on the shelf; the latest are: {known}")
        return self.releases / matches[0]

    def description(self, identifier: str) -> dict[str, Any]:
        """The ``datapackage.json`` of a release."""
        content: dict[str, Any] = json.loads((self.folder(identifier) / DESCRIPTION).read_text(encoding="utf-8"))
        return content

    def switch(self, identifier: str) -> None:
        """Let readers see this release from now on, in one step."""
        target = Path("releases") / self.folder(identifier).name
        temporary = self.published / f".current-{os.getpid()}"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(target, target_is_directory=True)
        temporary.replace(self.current_link)

    def frozen(self) -> dict[str, dict[str, str]]:
        """Frozen releases: identifier → ``at``, ``by`` and ``reason``."""
        path = self.published / FROZEN
        content: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return content

    def freeze(self, identifier: str, *, by: str, reason: str, now: datetime | None = None) -> str:
        """Keep a release whatever the policy says; returns its whole identifier. Freezing twice keeps the first."""
        name = self.folder(identifier).name
        note = {"at": (now or datetime.now(UTC)).isoformat(timespec="seconds"), "by": by, "reason": reason}
        content = json.dumps({name: note} | self.frozen(), ensure_ascii=False, indent=2, sort_keys=True)
        temporary = self.published / f".{FROZEN}-{os.getpid()}"
        temporary.write_text(content + "\n", encoding="utf-8")
        temporary.replace(self.published / FROZEN)
        return name

    def discard_beyond(self, keep: int) -> list[str]:
        """Take the oldest releases off the shelf until ``keep`` are left, besides frozen ones; 0 keeps all.

        The one that readers see stays. Returns the identifiers of those that went.
        """
        kept = {*self.frozen(), self.current()}
        free = [name for name in self.identifiers() if name not in kept]
        excess = free[: max(0, len(free) - keep + (self.current() not in self.frozen()))] if keep else []
        for name in excess:
            gone = self.releases / f"{UNFINISHED}{name}"
            (self.releases / name).rename(gone)
            shutil.rmtree(gone)
        return excess

    def clear_unfinished(self) -> None:
        """Remove what a crash left behind; nothing in it was ever visible."""
        for path in self.releases.glob(f"{UNFINISHED}*"):
            shutil.rmtree(path, ignore_errors=True)
