"""What each stage was last made from: how a run knows what is stale.

A stage is stale when the fingerprint of its inputs differs from the one it was last made from. The fingerprints of a
later stage contain those of the earlier ones, so that a change travels exactly as far as it reaches.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ingest.landing import receipts, waiting
from ingest.state import fingerprint, fingerprint_files
from ingest.state.whole_file import write_json
from ingest.workspace import Workspace
from orchestration.desk import last_decision, waivers_fingerprints
from orchestration.warehouse_build import DBT_PROJECT, project_files
from release import ReleaseShelf

ENGINE = Path(__file__).parent.parent
#: The one job of a workspace.
JOB = "outturn"
#: Tag of a run before which every API was asked, or that is to ask none.
ASKED = "outturn/asked"
#: Tag of a run that is to make everything from nothing, whatever has changed.
FROM_NOTHING = "outturn/from-nothing"
REGISTRY, WAREHOUSE, RELEASE, EDITION = "registry", "warehouse", "release", "edition"


def intake(source_code: str) -> str:
    """Name of the stage that takes in a source."""
    return f"intake:{source_code}"


@cache
def room_version(*rooms: str) -> str:
    """Fingerprint of the code and the declared data of some rooms."""
    files = [
        path
        for room in rooms
        for path in (ENGINE / room).rglob("*")
        if path.suffix in {".py", ".yml", ".sql"} and "__pycache__" not in path.parts
    ]
    return fingerprint_files(files, ENGINE)


@dataclass
class Stages:
    """The stages of a workspace, what they would be made from now, and what they were made from."""

    workspace: Workspace
    now: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        workspace = self.workspace
        ingest, gates = room_version("ingest"), room_version("expectations")
        self.now[REGISTRY] = fingerprint(workspace.registry.fingerprint, workspace.settings_fingerprint, ingest)
        let_pass = waivers_fingerprints(workspace)
        for code in sorted(workspace.sources):
            delivered = [r.submission_id for r in receipts(workspace.state.landed, code)]
            self.now[intake(code)] = fingerprint(
                self.now[REGISTRY],
                gates,
                workspace.rules_fingerprint,
                workspace.sources[code].version,
                *delivered,
                *([let_pass[code]] if code in let_pass else []),
            )
        dbt = fingerprint_files(project_files(), DBT_PROJECT)
        decided = str(last_decision(workspace))  # the desk's tables are part of the warehouse
        self.now[WAREHOUSE] = fingerprint(dbt, decided, *(self.now[name] for name in sorted(self.now)))
        self.now[RELEASE] = fingerprint(self.now[WAREHOUSE], room_version("release"))
        if workspace.settings.disclosure.audiences:
            self.now[EDITION] = fingerprint(self.now[RELEASE], gates, room_version("disclosure"))

    def stale(self) -> list[str]:
        """Stages to make anew, in order; a source with files waiting in its inbox makes all after it stale."""
        before = self._before()
        changed = {name for name, version in self.now.items() if before.get(name) != version}
        changed |= {intake(code) for code in self.workspace.sources if self.waiting(code)}
        shelf = ReleaseShelf(self.workspace.published_dir)
        if changed - {EDITION} or not self.workspace.state.warehouse.exists() or shelf.current() is None:
            changed |= {WAREHOUSE, RELEASE, EDITION}
        return [name for name in self.now if name in changed]

    def is_fresh(self, stage: str) -> bool:
        """Whether a stage was made, and nothing it is made from has changed since."""
        return stage in self.now and self._before().get(stage) == self.now[stage]

    def waiting(self, source_code: str) -> list[str]:
        """Files in a source's inbox that are not landed yet."""
        source = self.workspace.sources[source_code]
        return waiting(
            self.workspace.inbox_dir(source_code), self.workspace.state.landed, source_code, patterns=source.files
        )

    def record(self, stage: str) -> None:
        """Remember that a stage was made from what stands here now."""
        write_json(self.workspace.state.fingerprints, self._before() | {stage: self.now[stage]})

    def _before(self) -> dict[str, str]:
        path = self.workspace.state.fingerprints
        if not path.exists():
            return {}
        content: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return content
