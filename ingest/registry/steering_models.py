"""The tables of the registry that steering needs beyond measures and targets: programmes and their results chains,
norms to compare with, who is scored by which scorecard, reviews and use of measures, budget lines.

Sources: domain.md 1.2 and 1.8 (norms, use), 1.5 and 1.6 (criteria), 8.1 to 8.3 (scorecards), 11.2 (marts).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from ingest.registry.registry_row import Code, RegistryRow


class Programme(RegistryRow):
    """A programme: the frame in which inputs, outputs and outcomes are read side by side."""

    code: Code = Field(description="Programme, as indicators and ratios name it.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    objective: Code | None = Field(None, description="Objective it serves.")
    owner_code: Code | None = Field(None, description="Organisation that answers for it.")
    calendar: str = Field("CAL", description="Calendar in which its results chain is read.")
    frequency: Literal["A", "S", "Q", "M"] = Field("A", description="Length of the periods of its results chain.")
    baseline_date: date | None = Field(None, description="Last day of the stock that reductions are measured against.")


class ResultsChainLink(RegistryRow):
    """What a programme expects to follow from what, and after how long; links form no circle (CHAIN-01)."""

    programme: Code = Field(description="Programme.")
    from_measure: Code = Field(description="Indicator or ratio that comes first.")
    to_measure: Code = Field(description="Indicator or ratio that is expected to follow from it.")
    lag: int = Field(0, ge=0, description="Periods of the programme's frequency between the two (domain.md 2.11).")
    evidence: str | None = Field(None, description="Why it is expected: study, experience, assumption.")


class Norm(RegistryRow):
    """Something outside a measure's own series to compare it with (domain.md 1.8, SD-30)."""

    code: Code = Field(description="Norm.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    norm_kind: Literal["PEER_OUT_SECTOR", "OTHER_JURISDICTION", "OTHER_COUNTRY", "STANDARD"] = Field(
        description="Another field, another jurisdiction, another country, or a standard."
    )
    measure_code: Code = Field(description="Indicator or ratio that is compared.")
    organisation_code: Code | None = Field(None, description="Organisation that is compared; empty for all.")
    period_code: str | None = Field(None, description="Period that is compared; empty for all.")
    value: Decimal | None = Field(None, description="The norm, in the measure's displayed unit; or a reference.")
    reference_measure: Code | None = Field(None, description="Measure whose figure is the norm; empty for the same.")
    reference_organisation: Code | None = Field(
        None, description="Organisation whose figure is the norm; empty for the same."
    )
    comparability: Literal["A", "B", "C", "D"] = Field(
        "B", description="How far definitions agree: A same, B alike, C with reservations, D shown but never ranked."
    )
    source: str | None = Field(None, description="Publication it comes from.")


class ScorecardPeriod(RegistryRow):
    """An organisation is scored by a scorecard for a period, under rules that are fixed beforehand."""

    scorecard: Code = Field(description="Scorecard.")
    organisation_code: Code = Field(description="Organisation that is scored.")
    period_code: str = Field(description="Period it is scored for.")
    missing_data: Literal["renormalise", "floor_after_deadline"] = Field(
        "renormalise",
        description="A missing figure leaves the weights of the others to be scaled up, or scores the floor once the "
        "deadline has passed (accountability).",
    )
    minimum_coverage: Decimal = Field(
        Decimal("0.70"), ge=0, le=1, description="Below this share of available weight a node has no score."
    )
    node_cap: Decimal = Field(Decimal(120), description="Greatest score of a theme, perspective or objective.")
    deadline: date | None = Field(None, description="Last day on which the figures are due.")
    recorded_at: date = Field(date(1900, 1, 1), description="When scorecard and rules were decided.")


class ScoreBand(RegistryRow):
    """One step of a table of thresholds: values from ``low`` to below ``high`` earn ``points``."""

    band: Code = Field(description="Table of thresholds, as scorecards name it.")
    low: Decimal | None = Field(None, description="Least value of the step; empty for no limit.")
    high: Decimal | None = Field(None, description="First value above the step; empty for no limit.")
    points: Decimal = Field(description="Score of the step.")


class ScorecardLink(RegistryRow):
    """A node of a scorecard contributes to an objective or to a node above; many to many (domain.md 8.1)."""

    scorecard: Code = Field(description="Scorecard.")
    code: Code = Field(description="Node that contributes.")
    to_objective: Code | None = Field(None, description="Objective it contributes to; or a node.")
    to_scorecard: Code | None = Field(None, description="Scorecard of the node it contributes to.")
    to_code: Code | None = Field(None, description="Node it contributes to.")
    contribution: Literal["causal", "contributes", "identical"] = Field("contributes", description="Kind of link.")
    share: Decimal | None = Field(None, ge=0, le=1, description="Share for narrative and resources; no score uses it.")


class MeasureReview(RegistryRow):
    """People's judgement of a measure: 0 to 3 points for each criterion (domain.md 1.5, 1.6)."""

    measure_code: Code = Field(description="Indicator or ratio.")
    problem: int | None = Field(None, ge=0, le=3, description="Points to a problem.")
    money: Decimal | None = Field(None, ge=0, le=100, description="Share of the budget it covers, percent.")
    social: int | None = Field(None, ge=0, le=3, description="Socially important.")
    feasible: int | None = Field(None, ge=0, le=3, description="Feasible.")
    common: int | None = Field(None, ge=0, description="Jurisdictions that use it.")
    cost: int | None = Field(None, ge=0, le=3, description="Burden of measuring it; 3 is the heaviest.")
    is_mandated: bool = Field(False, description="Prescribed from above, kept whatever its score.")
    sensitive: int | None = Field(None, ge=0, le=3, description="Moves when reality moves.")
    well_defined: int | None = Field(None, ge=0, le=3, description="Precisely defined.")
    understandable: int | None = Field(None, ge=0, le=3, description="Understood by its users.")
    data_based: int | None = Field(None, ge=0, le=3, description="Based on documented data.")
    actionable: int | None = Field(None, ge=0, le=3, description="Relevant, and its owner can influence it.")
    collectable: int | None = Field(None, ge=0, le=3, description="Feasible to collect.")
    harmonised: int | None = Field(None, ge=0, le=3, description="Keeps to co-ordinated definitions and code lists.")
    reviewed_on: date | None = Field(None, description="Day of the review.")
    reviewer: str | None = Field(None, description="Role of the reviewer, no person's name.")


class InformationUse(RegistryRow):
    """Who used a measure, for what (domain.md 1.2): one use in one product by one audience in a month."""

    measure_code: Code = Field(description="Indicator or ratio.")
    product: str = Field(description="Report, dashboard, meeting or file it was used in.")
    audience: Literal[
        "citizens",
        "media",
        "interest_groups",
        "councils",
        "international_organisations",
        "state_bodies",
        "politicians",
        "parliament",
        "boards",
        "senior_management",
        "middle_management",
    ] = Field(description="Audience (domain.md 9.1).")
    used_on: date = Field(description="First day of the month of use.")
    uses: int = Field(1, ge=0, description="Times it was read or presented.")
    decision: str | None = Field(None, description="Decision that was taken on it, where there was one.")


class BudgetLine(RegistryRow):
    """Money planned for a programme in a period, and the measures that tell what came of it."""

    programme: Code = Field(description="Programme.")
    code: Code = Field(description="Budget line.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    organisation_code: Code = Field(description="Organisation that spends it.")
    period_code: str = Field(description="Budget period.")
    planned: Decimal = Field(ge=0, description="Appropriation, in the unit of the spending indicator.")
    spending_indicator: Code = Field(description="Indicator of what was spent.")
    result_indicator: Code | None = Field(None, description="Indicator of what was delivered.")
    planned_result: Decimal | None = Field(None, ge=0, description="What was to be delivered.")
    recorded_at: date = Field(
        date(1900, 1, 1), description="When it was appropriated: a later change is a new version."
    )
