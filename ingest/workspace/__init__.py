"""A workspace: a folder with a government's own content and no code."""

from ingest.workspace.load import Workspace, WorkspaceError, load_workspace
from ingest.workspace.obligations import obligations, source_table

__all__ = ["Workspace", "WorkspaceError", "load_workspace", "obligations", "source_table"]
