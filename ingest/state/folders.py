"""Where a workspace keeps what it has taken in and made: ``WORKSPACE/.outturn/``.

Only ``landed/`` (what agencies handed in) and ``stewardship/`` (what people decided and signed) cannot be made again:
back both up. Everything else is a function of them, the registry and the code, and may be deleted at any time
(``landed files + registry + code + decisions → warehouse``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StateFolders:
    """The folders below ``WORKSPACE/.outturn``, named once."""

    root: Path

    @property
    def landed(self) -> Path:
        """Bytes as received, by content, and a receipt for each delivery."""
        return self.root / "landed"

    def tidy(self, source_code: str) -> Path:
        """What the recipe read, a Parquet file a submission, before any gate."""
        return self.root / "tidy" / source_code

    def judged(self, source_code: str) -> Path:
        """What the intake gate decided, before it is taken over as accepted."""
        return self.root / "judged" / source_code

    @property
    def accepted(self) -> Path:
        """What dbt reads: observation/, submission/, finding/ by source, and registry/."""
        return self.root / "accepted"

    def accepted_table(self, table: str, source_code: str) -> Path:
        return self.accepted / table / source_code

    @property
    def registry(self) -> Path:
        return self.accepted / "registry"

    def quarantine(self, source_code: str) -> Path:
        """Rows held back, a Parquet file a submission."""
        return self.root / "quarantine" / source_code

    def fetch(self, source_code: str) -> Path:
        """What a source's fetches remember: the page a broken-off one goes on at, when it last asked, ETags."""
        return self.root / "fetch" / f"{source_code}.json"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt writes, and nobody else."""
        return self.root / "warehouse" / "outturn.duckdb"

    def edition(self, audience: str) -> Path:
        """The DuckDB file of an edition before the gate has judged it; what was counted stands beside it as JSON."""
        return self.root / "editions" / audience / "outturn.duckdb"

    @property
    def dbt_target(self) -> Path:
        return self.root / "dbt"

    @property
    def stewardship(self) -> Path:
        """The steward's desk: what people decided, signed and were told. Like ``landed``, it cannot be made again."""
        return self.root / "stewardship"

    @property
    def release_findings(self) -> Path:
        """What the release gate found in the last candidate, as Parquet."""
        return self.root / "judged_release" / "finding.parquet"

    @property
    def release_record(self) -> Path:
        """What the release gate asked of the last candidate and what it found, as the release documents it."""
        return self.root / "judged_release" / "record.json"

    def edition_record(self, audience: str) -> Path:
        """The same of the last candidate of an edition."""
        return self.root / "editions" / audience / "record.json"

    def intake_record(self, source_code: str) -> Path:
        """What the intake gate asked of a source's accepted edition and what it found."""
        return self.accepted / "record" / f"{source_code}.json"

    @property
    def dagster_home(self) -> Path:
        return self.root / "dagster"

    @property
    def fingerprints(self) -> Path:
        """What each stage was last made from."""
        return self.root / "fingerprints.json"


def fingerprint(*parts: str | bytes) -> str:
    """Sixteen hexadecimal digits over the parts, in order."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:16]


def fingerprint_files(files: Iterable[Path], relative_to: Path) -> str:
    """Fingerprint of names and contents; the order in which they are given does not matter."""
    parts: list[str | bytes] = []
    for file in sorted(files):
        parts += [file.relative_to(relative_to).as_posix(), file.read_bytes()]
    return fingerprint(*parts)
