"""What every row of the registry has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

Code = str


class RegistryRow(BaseModel):
    """A row of a registry table. Unknown columns are refused, so that a misspelt header is seen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
