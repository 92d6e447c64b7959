"""``workspace.yml``: what a government says about itself once, for every source and table (contract.md 1)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from ingest.time.definition import CalendarDefinition, calendar_clashes
from ingest.time.working_days import WorkingDays
from ingest.workspace.settings_model import Names, SettingsModel
from ingest.workspace.stewards import AlertChannel, Mail, Steward, Stewardship, channel_clashes, steward_clashes

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Holiday(SettingsModel):
    """Days off: one day, or from ``start`` to ``end`` inclusive. A plain date stands for one day."""

    start: date = Field(description="First day off.")
    end: date | None = Field(None, description="Last day off; default: the first.")
    name: Names | None = Field(None, description="What is celebrated.")

    @model_validator(mode="after")
    def _ends_after_start(self) -> Holiday:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"the holiday ends ({self.end}) before it starts ({self.start})")
        return self

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=day) for day in range(((self.end or self.start) - self.start).days + 1)]


class Dominance(SettingsModel):
    """One (n, k) rule: the largest ``contributors`` of a total may not make up more than ``share`` of it."""

    contributors: int = Field(ge=1, description="How many of the largest contributors are taken together.")
    share: Decimal = Field(gt=0, le=1, description="Share of the total above which it is withheld.")


class Disclosure(SettingsModel):
    """What may be shown outside the administration, and from which size (domain.md 5.5)."""

    audiences: tuple[Literal["public", "partner"], ...] = Field(
        ("public",), description="Editions that are published beside the internal release; empty: none."
    )
    minimum_frequency: int = Field(5, ge=1, description="Smallest count shown to the public.")
    partner_minimum_frequency: int = Field(3, ge=1, description="Smallest count shown to partner agencies.")
    minimum_denominator: int = Field(20, ge=1, description="Smallest denominator of a ratio shown to the public.")
    partner_minimum_denominator: int = Field(5, ge=1, description="Smallest denominator shown to partner agencies.")
    publish_zero: bool = Field(True, description="Whether a true zero is shown.")
    protection: int = Field(
        5, ge=1, description="How far, in units, the interval that can be derived for a suppressed count must reach."
    )
    dominance: tuple[Dominance, ...] = Field(
        (Dominance(contributors=1, share=Decimal("0.75")), Dominance(contributors=2, share=Decimal("0.85"))),
        description="(n, k) rules for totals whose contributors are confidential.",
    )
    dominance_share: Decimal | None = Field(
        None, gt=0, le=1, description="Short for one dominance rule with one contributor, in place of the two."
    )
    p_percent: Decimal = Field(
        Decimal(15),
        ge=0,
        description="A total by which the second may estimate the largest closer than this is withheld.",
    )
    treatment: Literal["open", "protected", "closed"] = Field(
        "protected", description="How indicators are treated that no list below names."
    )
    open: tuple[str, ...] = Field((), description="Indicators (codes or patterns like R68_*) that describe no persons.")
    protected: tuple[str, ...] = Field((), description="Indicators whose counts are protected.")
    closed: tuple[str, ...] = Field((), description="Indicators that are not for publication at all.")
    closed_levels: tuple[str, ...] = Field((), description="Levels of organisations that are not shown one by one.")
    contributors: tuple[str, ...] = Field(
        (), description="Indicators whose totals must not betray an organisation below: dominance and p % apply."
    )
    protect_revisions: bool = Field(
        True,
        description="Whether a revised count is withheld that differs from the published one by less than the minimum.",
    )
    reopened: tuple[str, ...] = Field(
        (), description="Indicators or ratios whose once suppressed cells are judged anew; else they stay suppressed."
    )
    search_limit: int = Field(
        2_000,
        ge=0,
        description="Programs solved at most to find the cheapest cells to suppress besides; beyond, whole tables are.",
    )


class Publication(SettingsModel):
    """What happens to releases."""

    keep: int = Field(0, ge=0, description="How many releases are kept besides frozen ones; 0 keeps all.")
    targets: tuple[str, ...] = Field((), description="Further places that a release is copied to, by name.")


def _holiday(value: object) -> object:
    return {"start": value} if isinstance(value, str | date) else value


class Settings(SettingsModel):
    """The whole of ``workspace.yml``."""

    name: Names = Field(description="Name of the workspace.")
    languages: tuple[Literal["vi", "en"], ...] = Field(
        ("vi", "en"), min_length=1, description="Languages, the first by default."
    )
    time_zone: str = Field("UTC", description="Time zone in which deadlines and schedules are read.")
    schedule: str = Field("0 6 * * *", description="When the nightly run starts: a cron expression in the time zone.")
    calendars: tuple[CalendarDefinition, ...] = Field((), description="Calendars besides CAL.")
    weekend: tuple[Weekday, ...] = Field(
        ("saturday", "sunday"), max_length=6, description="Days of the week that are not worked."
    )
    holidays: tuple[Annotated[Holiday, BeforeValidator(_holiday)], ...] = Field((), description="Days off.")
    working_weekends: tuple[date, ...] = Field((), description="Weekend days worked in exchange for others.")
    disclosure: Disclosure = Field(default_factory=Disclosure, description="Disclosure policy.")
    stewards: tuple[Steward, ...] = Field((), description="Who answers for data.")
    stewardship: Stewardship = Field(
        default_factory=Stewardship, description="Deadlines, waivers, hours and reminders."
    )
    mail: Mail = Field(default_factory=Mail, description="Variables that name the mail server.")
    alerts: tuple[AlertChannel, ...] = Field((), description="Where alerts go besides the stewards' mailboxes.")
    publication: Publication = Field(default_factory=Publication, description="What happens to releases.")

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no such time zone: {value}; write one like Asia/Ho_Chi_Minh") from error
        return value

    @field_validator("schedule")
    @classmethod
    def _five_fields(cls, value: str) -> str:
        if len(value.split()) != 5:
            raise ValueError("a schedule has five fields: minute hour day month weekday, as in 0 2 * * *")
        return value

    @field_validator("calendars")
    @classmethod
    def _calendars_stand_together(cls, value: tuple[CalendarDefinition, ...]) -> tuple[CalendarDefinition, ...]:
        clash = calendar_clashes(value)
        if clash:
            raise ValueError(clash)
        return value

    @field_validator("stewards")
    @classmethod
    def _stewards_stand_together(cls, value: tuple[Steward, ...]) -> tuple[Steward, ...]:
        clash = steward_clashes(value)
        if clash:
            raise ValueError(clash)
        return value

    @model_validator(mode="after")
    def _channels_have_stewards(self) -> Settings:
        clash = channel_clashes(self.stewards, self.alerts)
        if clash:
            raise ValueError(clash)
        return self

    @cached_property
    def working_days(self) -> WorkingDays:
        """The working-day calendar by which deadlines are counted."""
        holidays = frozenset(day for holiday in self.holidays for day in holiday.days)
        return WorkingDays(self.weekend, holidays, frozenset(self.working_weekends))
