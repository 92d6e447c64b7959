"""What ``dg`` and ``dagster`` load: the definitions of the workspace named by ``OUTTURN_WORKSPACE`` (else the demo)."""

import os
from pathlib import Path

import dagster as dg

from ingest.workspace import load_workspace
from orchestration.build_definitions import build_definitions
from orchestration.stages import ENGINE


@dg.definitions
def defs() -> dg.Definitions:
    """Definitions of the chosen workspace; raises ``WorkspaceError`` naming everything that is wrong with it."""
    return build_definitions(load_workspace(Path(os.environ.get("OUTTURN_WORKSPACE") or ENGINE / "demo")))
