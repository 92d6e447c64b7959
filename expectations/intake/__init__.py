"""The intake gate: what one source handed in is judged, split into accepted and quarantined rows, and explained."""

from expectations.enforcement.validation import GateError
from expectations.intake.edition import take_over
from expectations.intake.judge import judge
from expectations.intake.refusals import finding_from_refusal
from expectations.intake.verdict import IntakeVerdict

__all__ = ["GateError", "IntakeVerdict", "finding_from_refusal", "judge", "take_over"]
