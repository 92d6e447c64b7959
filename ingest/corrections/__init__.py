"""The corrections ledger: declared corrections of known errors in what agencies hand in, each with its guard."""

from ingest.corrections.ledger import Corrected, correct
from ingest.corrections.load import CORRECTIONS_FILE, load_corrections
from ingest.corrections.model import Correction
from ingest.corrections.wording import unmatched

__all__ = ["CORRECTIONS_FILE", "Corrected", "Correction", "correct", "load_corrections", "unmatched"]
