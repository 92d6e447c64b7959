"""The register of regulations: each regulation and each step of its reduction, never a bare count (domain.md 7.4.1).

Counts follow from the register, so that merging three conditions into one cannot inflate them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from ingest.registry.registry_row import Code, RegistryRow


class FunctionHolder(RegistryRow):
    """Which organisation holds a function of state, and from when to when (domain.md 4.3)."""

    function: Code = Field(description="Function.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    organisation_code: Code = Field(description="Organisation that holds it.")
    valid_from: date = Field(date(1900, 1, 1), description="First day.")
    valid_to: date | None = Field(None, description="First day on which it no longer holds it.")


class Regulation(RegistryRow):
    """One regulation of a programme of reduction; merging or replacing it makes it no second one."""

    code: Code = Field(description="Regulation, never reused.")
    programme: Code = Field(description="Programme that reviews it.")
    function: Code = Field(description="Function of state it belongs to; its holder answers for it.")
    regulation_type: str = Field(description="Type, as a target group: DIMENSION=MEMBER.")
    document: str | None = Field(None, description="Legal document it stands in.")
    in_force_on: date = Field(description="Day it came into force; after the programme's baseline it is newly issued.")


class RegulationAction(RegistryRow):
    """One step in the life of a regulation: reviewed, approved for reduction, or the reduction in force."""

    regulation: Code = Field(description="Regulation.")
    stage: Literal["reviewed", "approved", "implemented"] = Field(
        description="An approved plan changes nothing yet; implemented is in force."
    )
    action: Literal["none", "abolish", "simplify", "merge", "replace"] = Field(description="What is planned or done.")
    effective_on: date = Field(description="Day of the decision, or first day in force.")
    document: str | None = Field(None, description="Document that decides or amends.")
    replaced_by: Code | None = Field(None, description="Regulation that takes its place, for merge and replace.")


class ComplianceCost(RegistryRow):
    """What complying costs: (hours x wage + fee + other) x executions a year x subjects, at constant prices."""

    regulation: Code = Field(description="Regulation.")
    state: Literal["before", "after"] = Field(description="Before or after the reduction.")
    hours: Decimal = Field(ge=0, description="Hours of work for one execution.")
    hourly_wage: Decimal = Field(ge=0, description="Cost of an hour.")
    fee: Decimal = Field(Decimal(0), ge=0, description="Fees and charges for one execution.")
    other_cost: Decimal = Field(Decimal(0), ge=0, description="Other cost of one execution; no opportunity cost.")
    executions: Decimal = Field(ge=0, description="Executions a year by one subject.")
    subjects: Decimal = Field(ge=0, description="Subjects that comply.")
    price_year: int | None = Field(None, description="Year of the prices; the same for all states.")
    method: str | None = Field(None, description="How it was estimated.")
