"""``workspace.yml``: what a government settles once for its workspace."""

from __future__ import annotations

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ingest.time.definition import CalendarDefinition
from ingest.time.working_days import WorkingDays


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class SettingsModel(BaseModel):
    """Part of the settings. Unknown keys are refused, so that a misspelt one is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(SettingsModel):
    """A name in both languages."""

    vi: str
    en: str


class Steward(SettingsModel):
    """Who is told of findings. ``email`` is a role mailbox, never a person's address."""

    code: str
    name: Names
    email: str | None = None
    language: Literal["vi", "en"] = "vi"
    deputy: str | None = Field(None, description="Steward who stands in.")
    organisations: tuple[str, ...] = Field((), description="Codes of the organisations they answer for; empty: all.")
    sources: tuple[str, ...] = Field((), description="Sources they answer for; empty: all.")


class AlertChannel(SettingsModel):
    """A channel of alerts. Its address is a secret and stands in an environment variable, never here."""

    name: str
    address_from: str = Field(pattern="^[A-Z][A-Z0-9_]*$", description="Environment variable that holds the address.")


class DisclosurePolicy(SettingsModel):
    """What is withheld from the public (domain.md 5.5)."""

    minimum_frequency: int = Field(5, ge=1, description="A count below it is suppressed.")
    minimum_denominator: int = Field(20, ge=1, description="A ratio on a smaller denominator is suppressed.")


class Publication(SettingsModel):
    """Where releases go."""

    keep: int = Field(0, ge=0, description="How many releases to keep; 0 keeps all.")


class Settings(SettingsModel):
    """The content of ``workspace.yml``."""

    name: Names
    languages: tuple[Literal["vi", "en"], ...] = Field(("vi", "en"), min_length=1)
    time_zone: str = "UTC"
    calendars: tuple[CalendarDefinition, ...] = Field((), description="Calendars besides the Gregorian one.")
    weekend: tuple[Weekday, ...] = Field(("saturday", "sunday"), description="Days of the week on which nobody works.")
    holidays: tuple[date, ...] = Field((), description="Further days on which nobody works.")
    worked: tuple[date, ...] = Field((), description="Days of the weekend on which people work in exchange for others.")
    disclosure: DisclosurePolicy = Field(default_factory=DisclosurePolicy)
    stewards: tuple[Steward, ...] = ()
    alerts: tuple[AlertChannel, ...] = ()
    publication: Publication = Field(default_factory=Publication)
    schedule: str = Field("0 6 * * *", description="When the job runs by itself: cron, in the workspace's time zone.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not a time zone of the IANA database, such as Asia/Ho_Chi_Minh")
        return ZoneInfo(value).key

    @property
    def calendar_of_work(self) -> WorkingDays:
        """On which days people work: due dates are counted in them."""
        return WorkingDays(self.weekend, frozenset(self.holidays), frozenset(self.worked))
