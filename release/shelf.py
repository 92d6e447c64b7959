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
from pathlib import Path
from typing import Any

DATABASE = "outturn.duckdb"
DESCRIPTION = "datapackage.json"
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
        """Folder of a release; ``current`` and any unambiguous beginning of an identifier will do.

        Raises ``ReleaseNotFoundError``.
        """
        wanted = self.current() if identifier == "current" else identifier
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

    def clear_unfinished(self) -> None:
        """Remove what a crash left behind; nothing in it was ever visible."""
        for path in self.releases.glob(f"{UNFINISHED}*"):
            shutil.rmtree(path, ignore_errors=True)
