"""Data Docs: what each gate asked, of how many rows, and what it found, as pages inside the release it let pass.

A gate keeps a record (``record``) with the validation results of Great Expectations in it; the pages (``site``) are
made of records alone, so that equal judgements give equal bytes.
"""

from expectations.data_docs.record import read_records
from expectations.data_docs.site import FOLDER, INDEX, data_docs

__all__ = ["FOLDER", "INDEX", "data_docs", "read_records"]
