"""Who answers for data, how they are told, and by when: the parts of ``workspace.yml`` that the steward's desk reads.

No address of a server, no password and no webhook stands here: only the name of the environment variable that holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ingest.workspace.settings_model import Names, SettingsModel

#: Who mends what a rule finds (domain.md 6.3): submitting unit, data steward, organisation master, registry manager,
#: pipeline engineer, audit desk, privacy officer.
Role = Literal["SU", "DS", "OM", "RM", "IT", "AU", "DPO"]
SeverityName = Literal["BLOCK", "QUARANTINE", "WARN", "INFO"]
Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


class Absence(SettingsModel):
    """Days on which the deputy stands in."""

    start: date = Field(description="First day away.")
    end: date = Field(description="Last day away.")

    @model_validator(mode="after")
    def _ends_after_start(self) -> Absence:
        if self.end < self.start:
            raise ValueError(f"the absence ends ({self.end}) before it starts ({self.start})")
        return self


class Steward(SettingsModel):
    """Who answers for data: a role with its mailbox, not a person."""

    code: str = Field(pattern=r"^[A-Za-z0-9_-]+$", description="Code by which sources and indicators name the steward.")
    name: Names = Field(description="The role's name.")
    email: str | None = Field(None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="Mailbox of the role.")
    language: Literal["vi", "en"] = Field("vi", description="Language of messages to it.")
    deputy: str | None = Field(None, description="Steward who stands in.")
    superior: str | None = Field(None, description="Steward who is told when a service level passes.")
    away: tuple[Absence, ...] = Field((), description="Days on which the deputy stands in.")
    roles: tuple[Role, ...] = Field((), description="Roles it plays; empty: SU and DS for what names it.")
    organisations: tuple[str, ...] = Field(
        (), description="Codes of the organisations it answers for, with all below them; empty: all."
    )
    sources: tuple[str, ...] = Field((), description="Sources it answers for; empty: those that name it.")
    indicators: tuple[str, ...] = Field((), description="Indicators it answers for; empty: those that name it.")
    channels: tuple[str, ...] = Field((), description="Alert channels on which it is told, besides its mailbox.")

    def is_away(self, day: date) -> bool:
        """Whether the deputy stands in on this day."""
        return any(absence.start <= day <= absence.end for absence in self.away)


class AlertChannel(SettingsModel):
    """Where alerts go. Addresses and keys stand in the environment; here is only the name of the variable."""

    name: str = Field(min_length=1, description="Name for messages.")
    kind: Literal["apprise", "webhook", "email"] = Field(
        "webhook",
        description="How it is reached: apprise for any address that Apprise reads, webhook for an http(s) address "
        "that takes JSON, email for a mailbox.",
    )
    address_from: Variable = Field(description="Environment variable that holds the address or URL.")
    severity: SeverityName = Field("QUARANTINE", description="Least severity that is sent.")
    stewards: tuple[str, ...] = Field((), description="Whose alerts are copied there; empty: everybody's.")
    language: Literal["vi", "en"] = Field("vi", description="Language of what is sent there.")


class Mail(SettingsModel):
    """The mail server, by the names of the variables that say where it is and who may use it."""

    host_from: Variable = Field("OUTTURN_SMTP_HOST", description="Variable with the server's name; unset: no mail.")
    port_from: Variable = Field("OUTTURN_SMTP_PORT", description="Variable with its port; unset: 587, 465 or 25.")
    user_from: Variable = Field("OUTTURN_SMTP_USER", description="Variable with the user; unset: no sign-in.")
    password_from: Variable = Field("OUTTURN_SMTP_PASSWORD", description="Variable with the password.")
    sender_from: Variable = Field("OUTTURN_SMTP_FROM", description="Variable with the address that mail comes from.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="starttls: encrypted after the greeting; tls: from the start; none: a relay nearby."
    )


class ServiceLevels(SettingsModel):
    """Working days in which a finding is to be settled, before the superior is told (domain.md 6.8)."""

    BLOCK: int = Field(1, ge=1)
    QUARANTINE: int = Field(3, ge=1)
    WARN: int = Field(5, ge=1)
    INFO: int = Field(20, ge=1)

    def of(self, severity: str) -> int:
        days: int = getattr(self, severity)
        return days


class QuietHours(SettingsModel):
    """Hours in which nothing is sent; what falls into them waits for their end. They may go over midnight."""

    start: time = Field(description="When they begin, in the workspace's time zone.")
    end: time = Field(description="When they end.")
    days_off: bool = Field(True, description="Whether days that are not worked are quiet as a whole.")
    but: tuple[SeverityName, ...] = Field((), description="Severities that do not wait.")


class Stewardship(SettingsModel):
    """Clocks of the steward's desk."""

    service_levels: ServiceLevels = Field(default_factory=ServiceLevels, description="Working days by severity.")
    waiver_periods: int = Field(2, ge=1, description="Reporting periods after which a waiver ends (domain.md 6.2).")
    at_once: tuple[SeverityName, ...] = Field(
        ("BLOCK", "QUARANTINE"), description="Severities told after each run; the others wait for the digest."
    )
    digest_at: time = Field(time(7, 30), description="When the day's digest goes out.")
    quiet_hours: QuietHours | None = Field(None, description="When nothing is sent.")
    remind_before: int = Field(1, ge=0, description="Working days before a finding's deadline to remind; 0: never.")
    due_before: tuple[int, ...] = Field((5, 1), description="Working days before a submission is due to remind.")
    due_after: tuple[int, ...] = Field(
        (3, 10), description="Working days after it to remind; the last goes to the superior as well (SUB-02)."
    )
    attachments: int = Field(10, ge=0, description="Megabytes of annotated workbooks in one mail, at most.")


def steward_clashes(stewards: Sequence[Steward]) -> str:
    """What is wrong between stewards, in one sentence; empty if nothing is."""
    codes = [steward.code for steward in stewards]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        return f"steward declared twice: {', '.join(twice)}"
    for steward in stewards:
        for word, other in (("deputy", steward.deputy), ("superior", steward.superior)):
            if other is not None and other not in codes:
                return f"the {word} {other} of {steward.code} is no steward"
    return ""


def channel_clashes(stewards: Sequence[Steward], channels: Sequence[AlertChannel]) -> str:
    """What is wrong between channels and stewards, in one sentence; empty if nothing is."""
    codes = [steward.code for steward in stewards]
    names = [channel.name for channel in channels]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return f"alert channel declared twice: {', '.join(twice)}"
    for steward in stewards:
        unknown = sorted(set(steward.channels) - set(names))
        if unknown:
            return f"steward {steward.code} is told on {', '.join(unknown)}, which is no alert channel"
    for channel in channels:
        unknown = sorted(set(channel.stewards) - set(codes))
        if unknown:
            return f"the alert channel {channel.name} names {', '.join(unknown)}, who is no steward"
    return ""
