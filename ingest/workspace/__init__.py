"""A workspace: a folder with a government's own content and no code in it."""

from ingest.workspace.days import days
from ingest.workspace.obligations import obligations, source_table
from ingest.workspace.workspace import Workspace, WorkspaceError, load_workspace

__all__ = ["Workspace", "WorkspaceError", "days", "load_workspace", "obligations", "source_table"]
