"""What makes two findings the same fault, also when the file is handed in again: check and key, not the submission.

Where the key is incomplete (an unknown organisation, a file that cannot be opened), the file's name without its
folders, the sheet and the cell stand in for it.
"""

from __future__ import annotations

import hashlib

_KEY = ("indicator_code", "organisation_code", "period_code", "target_group_code")
_SEPARATOR = chr(31)


def fault_id_sql(check: str = "check_id") -> str:
    """Sixteen hexadecimal digits, as SQL over check, source, file name, sheet, cell and key."""
    complete = " and ".join(f"{column} is not null" for column in _KEY)
    key = ", ".join(f"coalesce({column}, '')" for column in _KEY)
    place = "lower(regexp_extract(coalesce(file_name, ''), '[^/]*$')), coalesce(sheet, ''), coalesce(cell, '')"
    return (
        f"sha256(concat_ws(chr(31), {check}, coalesce(source_code, ''), "
        f"case when {complete} then concat_ws(chr(31), {key}) else concat_ws(chr(31), {place}, {key}) end))[:16]"
    )


def fault_id(check_id: str, source_code: str, file_name: str, sheet: str | None, cell: str | None, key: str) -> str:
    """The same for a finding that was made while the file was read, whose key is at best a text."""
    name = file_name.rpartition("/")[2].lower()
    parts = (check_id, source_code, name, sheet or "", cell or "", key)
    return hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()[:16]
