"""The release gate: what must hold of every number before anybody sees it."""

from expectations.enforcement.validation import GateError
from expectations.release.judge import ReleaseVerdict, judge

__all__ = ["GateError", "ReleaseVerdict", "judge"]
