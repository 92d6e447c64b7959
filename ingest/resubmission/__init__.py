"""Resubmission: what a later submission no longer contains is withdrawn, where a source says that it replaces."""

from ingest.resubmission.retractions import RETRACTED, Said, write_retractions

__all__ = ["RETRACTED", "Said", "write_retractions"]
