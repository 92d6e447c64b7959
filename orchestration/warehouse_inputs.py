"""What the warehouse was last built from, table by table: which models a change reaches, and which stand as they are.

The warehouse is a function of the project and of the Parquet files its sources name. Where the project is the same, a
model all of whose sources hold the same bytes would come out the same, so it is not built again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.state import StateFolders, fingerprint_files, write_json

#: The key under which the project itself stands among the inputs.
PROJECT = "project"
_FILES = re.compile(r"read_parquet\('([^']+)'\)")


@dataclass(frozen=True)
class WarehouseInputs:
    """Fingerprints of the inputs as they stand: the project, and each dbt source as ``source.table``."""

    state: StateFolders
    now: Mapping[str, str]

    @classmethod
    def of(cls, state: StateFolders, manifest: Path, project_version: str) -> WarehouseInputs:
        """Read the files that the sources of ``manifest`` name below the accepted area."""
        sources: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))["sources"]
        now = {PROJECT: project_version}
        for source in sources.values():
            files = [
                path
                for pattern in _FILES.findall(source["meta"].get("external_location", ""))
                for path in state.accepted.glob(pattern)
            ]
            now[f"{source['source_name']}.{source['name']}"] = fingerprint_files(files, state.accepted)
        return cls(state, now)

    @property
    def _memory(self) -> Path:
        return self.state.warehouse.with_name("built_from.json")

    def changed(self) -> list[str] | None:
        """Sources whose content differs from what the warehouse was built from; ``None`` where all must be built."""
        if not self._memory.exists() or not self.state.warehouse.exists():
            return None
        before: dict[str, str] = json.loads(self._memory.read_text(encoding="utf-8"))
        if before.get(PROJECT) != self.now[PROJECT] or before.keys() != self.now.keys():
            return None
        return sorted(name for name, version in self.now.items() if before[name] != version)

    def forget(self) -> None:
        """From now on the file may be half built: until ``remember``, the next build makes everything."""
        self._memory.unlink(missing_ok=True)

    def remember(self) -> None:
        """The warehouse holds what these inputs make."""
        write_json(self._memory, dict(self.now))
