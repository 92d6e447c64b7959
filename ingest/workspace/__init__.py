"""A workspace: a folder with a government's own content and no code in it."""

from ingest.workspace.scaffold import scaffold
from ingest.workspace.settings import Settings
from ingest.workspace.tables import obligations, source_table
from ingest.workspace.workspace import Workspace, WorkspaceError, load_workspace

__all__ = [
    "Settings",
    "Workspace",
    "WorkspaceError",
    "load_workspace",
    "obligations",
    "scaffold",
    "source_table",
]
