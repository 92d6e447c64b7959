"""Integrity signals: signs of gaming, for the performance office alone (domain.md 6.8).

They are computed from a release and kept in the restricted folder of the workspace. They are no findings: nothing that
is published, shown to a submitting unit or sent to a steward knows of them.
"""

from expectations.integrity.judge import Signal, find_signals
from expectations.integrity.restricted import read_signals, write_signals

__all__ = ["Signal", "find_signals", "read_signals", "write_signals"]
