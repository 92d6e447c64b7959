"""What every part of ``workspace.yml`` is made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SettingsModel(BaseModel):
    """Part of the settings; unknown keys are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Names(SettingsModel):
    """A name in both languages."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)
