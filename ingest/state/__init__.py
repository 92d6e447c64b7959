"""Where a workspace keeps what it has taken in and made, and how files there are written: whole or not at all."""

from ingest.state.folders import StateFolders, fingerprint, fingerprint_files
from ingest.state.whole_file import write_atomically, write_json

__all__ = ["StateFolders", "fingerprint", "fingerprint_files", "write_atomically", "write_json"]
