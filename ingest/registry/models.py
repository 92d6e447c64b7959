"""The tables of the registry, one model a table: columns, types and what a row must satisfy by itself.

A column name in the CSV is the field name; ``serialization_alias`` is never used, so file, model, Parquet and dbt
source agree by construction. What rows must satisfy *together* (codes that exist, trees without cycles, validity
without overlap) stands in ``consistency.py``.

Sources: contract section 1, domain.md 4 (organisations), 5.1 (target groups), 7.1 (indicators), 2.2 (ratios).
"""

from __future__ import annotations

from datetime import date
from datetime import date as Day  # noqa: N812 - a field of an event is called date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from ingest.registry.registry_row import Code
from ingest.registry.registry_row import RegistryRow as RegistryRow  # noqa: PLC0414 - part of this module for its readers
from ingest.registry.regulation_models import ComplianceCost, FunctionHolder, Regulation, RegulationAction
from ingest.registry.steering_models import (
    BudgetLine,
    InformationUse,
    MeasureReview,
    Norm,
    Programme,
    ResultsChainLink,
    ScoreBand,
    ScorecardLink,
    ScorecardPeriod,
)


class Organisation(RegistryRow):
    """One organisation for as long as it was one and the same body (domain.md 4.4: a merger makes a new one)."""

    code: Code = Field(description="Official code in its time; a code may come back with another meaning.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    level: str = Field(description="Level in the administration: national, ministry, province, district, commune …")
    parent_code: Code | None = Field(None, description="Code of the parent, valid at the same time; empty at the top.")
    valid_from: date = Field(date(1900, 1, 1), description="First day of the organisation.")
    valid_to: date | None = Field(None, description="First day on which it no longer exists; empty while it does.")
    aliases: str | None = Field(None, description="Other spellings, separated by |.")


class OrganisationEvent(RegistryRow):
    """One arrow of a reorganisation: what of ``from_code`` went to ``to_code`` on ``date`` (domain.md 4.5)."""

    event: Literal["merge", "split", "rename", "transfer", "abolish"] = Field(description="Kind of event.")
    from_code: Code = Field(description="Organisation that ended or gave.")
    to_code: Code | None = Field(None, description="Organisation that began or received; empty only for abolish.")
    date: Day = Field(description="First day of the new order.")
    weight_basis: str | None = Field(None, description="What the weight measures: population, staff, dossiers …")
    weight: Decimal = Field(Decimal(1), ge=0, le=1, description="Share of from_code that goes to to_code.")
    scope: str | None = Field(None, description="Indicators it holds for, separated by |; empty for all.")
    legal_basis: str | None = Field(None, description="Legal document.")


ROLES = ("input", "activity", "output", "output_quality", "intermediate_outcome", "final_outcome", "environment")
TimeAggregation = Literal["sum", "average", "last", "first", "maximum", "minimum", "distinct", "none"]


class Indicator(RegistryRow):
    """A single indicator (domain.md 7.1); ratios of two stand in ``ratios``."""

    code: Code = Field(description="Permanent code, never reused.")
    version: int = Field(1, ge=1, description="Definition version.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    definition_vi: str | None = Field(None, description="Definition in one sentence, Vietnamese.")
    definition_en: str | None = Field(None, description="Definition in one sentence, English.")
    role: Literal[
        "input", "activity", "output", "output_quality", "intermediate_outcome", "final_outcome", "environment"
    ] = Field(description="Place in the chain from inputs to outcomes.")
    unit: str = Field(description="Base unit of the stored value: VND, dossier, person, km, percent …")
    decimals: int = Field(0, ge=0, le=12, description="Decimals to display.")
    direction: Literal["higher", "lower", "range", "neutral"] = Field("neutral", description="Which way is better.")
    time_aggregation: TimeAggregation = Field(
        "sum", description="How shorter periods make a longer one; distinct: only bounds are known."
    )
    organisation_aggregation: Literal["sum", "distinct", "none"] = Field(
        "sum",
        description="How units make their parent; distinct: the same person may be in several, only bounds are known.",
    )
    group_aggregation: Literal["sum", "none"] = Field("sum", description="How groups make their total.")
    frequency: Literal["A", "S", "Q", "M", "W", "D"] = Field("A", description="How often it is reported.")
    calendar: str = Field("CAL", description="Calendar of its periods.")
    accumulation: Literal["IN_PERIOD", "YTD", "SINCE_START", "POINT_IN_TIME", "ROLLING_12"] = Field(
        "IN_PERIOD", description="Over what stretch reported figures add up, where the source does not say."
    )
    absence: Literal["missing", "zero"] = Field(
        "missing",
        description="What a period or group without a row means: missing, not known; zero, nothing occurred "
        "(events recorded one by one).",
    )
    reporting_level: str | None = Field(None, description="Level of the organisations that report it.")
    integer_only: bool = Field(False, description="Fractions are errors.")
    allow_negative: bool = Field(False, description="Negative values are possible.")
    hard_min: Decimal | None = Field(None, description="No value can be below.")
    hard_max: Decimal | None = Field(None, description="No value can be above.")
    soft_min: Decimal | None = Field(None, description="A value below asks for confirmation.")
    soft_max: Decimal | None = Field(None, description="A value above asks for confirmation.")
    mix_dimension: str | None = Field(None, description="Target-group dimension to standardise over.")
    objective: Code | None = Field(None, description="Objective it measures.")
    programme: Code | None = Field(None, description="Programme whose results chain it belongs to.")
    steward: Code | None = Field(None, description="Steward who answers for it.")
    legal_basis: str | None = Field(None, description="Legal document that requires it.")
    legal_basis_until: date | None = Field(None, description="First day on which that document is no longer in force.")
    scope: str | None = Field(
        None, description="What is measured of the organisation: parts of a ratio must have the same (domain.md 1.4)."
    )
    collection_cost: Decimal | None = Field(
        None, ge=0, description="Cost of collecting it, a year, in the budget currency."
    )
    price_basis: Literal["current", "constant"] | None = Field(None, description="For money: prices it is stated in.")
    cost_scope: Literal["direct", "full"] | None = Field(None, description="For money: what the cost covers.")
    cost_basis: Literal["cash", "accrual"] | None = Field(None, description="For money: when a cost counts.")
    includes_vat: bool | None = Field(None, description="For money: whether value added tax is in it.")
    derived_from: Code | None = Field(
        None, description="Money in current prices that this indicator restates in constant prices (domain.md 2.9)."
    )
    deflator: Code | None = Field(None, description="Deflator it is restated with.")
    price_base_period: str | None = Field(None, description="Period in whose prices it is restated.")
    disaggregations: str | None = Field(
        None, description="Target-group dimensions it must be broken down by, separated by |; crossed ones joined by *."
    )
    from_sample: bool = Field(
        False,
        description="Projected from a sample: how many there are says nothing of chance (domain.md 2.7).",
    )
    rounding_unit: Decimal | None = Field(
        None, ge=0, description="Unit its figures are rounded to; 0 for exact; empty: the last of its decimals."
    )
    valid_from: date = Field(date(1900, 1, 1), description="First day of this definition.")
    valid_to: date | None = Field(None, description="First day on which it no longer holds.")
    aliases: str | None = Field(None, description="Other labels, separated by |.")


class Ratio(RegistryRow):
    """A ratio of two sums. Its type follows from the roles of its parts (domain.md 2.2) and is checked if stated."""

    code: Code = Field(description="Permanent code.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    numerator: str = Field(description="Indicator, or terms of indicators: A + B - C, each term A or A * B.")
    denominator: str = Field(description="Likewise.")
    ratio_type: str | None = Field(
        None, description="economy, efficiency, productivity, effectiveness … : checked against the roles."
    )
    ratio_class: Literal["proportion", "rate", "unit_cost", "mean", "plan_fulfilment", "growth", "share", "index"] = (
        Field(description="Class of ratio: bounds and uncertainty follow from it (domain.md 2.3).")
    )
    scale: Decimal = Field(Decimal(1), gt=0, description="Display factor, applied once after the division.")
    unit: str | None = Field(None, description="Unit of the ratio; checked against the units of its parts.")
    decimals: int = Field(2, ge=0, le=12, description="Decimals to display.")
    direction: Literal["higher", "lower", "range", "neutral"] = Field("neutral", description="Which way is better.")
    outcome_polarity: Literal["good", "bad"] | None = Field(
        None,
        description="Whether more of its outcome is good (persons placed) or bad (complaints); checked with direction.",
    )
    lag: int = Field(0, ge=0, description="Periods by which the later part lags the earlier (domain.md 2.11).")
    lagged_part: Literal["numerator", "denominator"] | None = Field(
        None, description="The part that comes later; needed with a lag."
    )
    minimum_denominator: Decimal | None = Field(None, ge=0, description="Below it the ratio is shown but not ranked.")
    coverage_gate: Decimal = Field(
        Decimal("0.70"), ge=0, le=1, description="Below this coverage, of either part, the ratio is withheld."
    )
    allow_negative: bool = Field(False, description="A negative numerator is meaningful (net savings, net change).")
    annualisation: Literal["days", "periods"] | None = Field(
        None, description="How a flow over a stock is brought to a year: by days, or by periods a year (domain.md 2.5)."
    )
    mix_dimension: str | None = Field(None, description="Target-group dimension to standardise and decompose over.")
    objective: Code | None = Field(None, description="Objective it measures.")
    programme: Code | None = Field(None, description="Programme whose results chain it belongs to.")
    guardrail: Code | None = Field(None, description="Ratio that must be shown beside it.")


class TargetGroup(RegistryRow):
    """A member of a dimension of target groups; ``relation`` says how the members under one parent relate to it."""

    dimension: Code = Field(description="Dimension: SEX, AGE, CHANNEL, PROCEDURE …")
    code: Code = Field(description="Member; together DIMENSION=CODE.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    parent: Code | None = Field(None, description="Member it is part of; empty under the total.")
    relation: Literal["partition", "of_which", "overlapping", "multi_response"] = Field(
        "partition",
        description="partition (chia ra) adds to the whole; of_which (trong đó), overlapping, multi_response do not.",
    )
    aliases: str | None = Field(None, description="Other labels, separated by |.")


class Objective(RegistryRow):
    """A node of the tree of strategic objectives."""

    code: Code = Field(description="Code.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    level: Literal["strategy", "policy", "plan", "programme", "process", "activity"] = Field(
        description="Level (SD-03)."
    )
    parent_code: Code | None = Field(None, description="Objective above.")
    owner_code: Code | None = Field(None, description="Organisation that answers for it.")
    reviewed_on: date | None = Field(
        None, description="When the service under it was last reviewed (4Cs, domain.md 1.4)."
    )
    improvement_plan: str | None = Field(None, description="Where its improvement plan is published.")
    legal_basis: str | None = Field(None, description="Legal document.")
    valid_from: date = Field(date(1900, 1, 1), description="First day.")
    valid_to: date | None = Field(None, description="First day on which it no longer holds.")


class Target(RegistryRow):
    """A baseline, interim or final target of an indicator or ratio."""

    measure_code: Code = Field(description="Indicator or ratio.")
    organisation_code: Code = Field(description="Organisation it binds.")
    period_code: str = Field(description="Period it is due in.")
    target_group_code: str = Field("_T", description="Target group.")
    kind: Literal["baseline", "interim", "final"] = Field(description="Point on the trajectory.")
    value: Decimal | None = Field(None, description="Target in the measure's displayed unit; empty for a range.")
    low: Decimal | None = Field(None, description="Lower end of a range target.")
    high: Decimal | None = Field(None, description="Upper end of a range target.")
    accumulation: Literal["level", "cumulative", "incremental"] = Field(
        "level",
        description="level: to stand at in the period; cumulative: to add up to since the baseline; incremental: to "
        "add in the period to what was aimed at before.",
    )
    trajectory: Literal["linear", "step", "s_curve", "explicit"] = Field(
        "linear", description="How the way to this point is expected to be gone (domain.md 7.3)."
    )
    legal_basis: str | None = Field(None, description="Legal document that sets it.")
    recorded_at: date = Field(date(1900, 1, 1), description="When it was decided: a later change is a new version.")


class PeerGroup(RegistryRow):
    """Membership of an organisation in a group of peers, versioned."""

    peer_group: Code = Field(description="Group.")
    organisation_code: Code = Field(description="Member.")
    name_vi: str | None = Field(None, description="Name of the group in Vietnamese.")
    name_en: str | None = Field(None, description="Name of the group in English.")
    valid_from: date = Field(date(1900, 1, 1), description="First day of membership.")
    valid_to: date | None = Field(None, description="First day after it.")


class ScorecardNode(RegistryRow):
    """A node of a scorecard: theme, perspective, objective or measure (domain.md 8.1)."""

    scorecard: Code = Field(description="Scorecard.")
    code: Code = Field(description="Node.")
    parent: Code | None = Field(None, description="Node above.")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    node_type: Literal["theme", "perspective", "objective", "measure"] = Field(description="Kind of node.")
    measure_code: Code | None = Field(None, description="Indicator or ratio of a measure node.")
    weight: Decimal = Field(Decimal(1), ge=0, description="Weight among siblings; siblings add to 1.")
    method: Literal[
        "progress", "attain_high", "attain_low", "attain_low_linear", "goalpost", "band", "range", "milestone"
    ] = Field("progress", description="How the measure becomes a score (domain.md 8.2).")
    baseline: Decimal | None = Field(None, description="Value that scores 0; empty: the baseline in targets.")
    target: Decimal | None = Field(None, description="Value that scores 100; empty: the target in targets.")
    range_low: Decimal | None = Field(None, description="Least value that scores 100 (range); empty: as in targets.")
    range_high: Decimal | None = Field(
        None, description="Greatest value that scores 100 (range); empty: as in targets."
    )
    band: Code | None = Field(None, description="Table of thresholds in score_bands (band).")
    is_veto: bool = Field(False, description="While it is red, the node above cannot be better than amber.")
    cap: Decimal = Field(Decimal(120), description="Greatest score.")
    floor: Decimal = Field(Decimal(0), description="Least score.")


class Deflator(RegistryRow):
    """The value of a price or wage index in one period; a deflator is all rows of one code (domain.md 2.9)."""

    code: Code = Field(description="Deflator: consumer prices, base salary …")
    name_vi: str = Field(description="Name in Vietnamese.")
    name_en: str = Field(description="Name in English.")
    period_code: str = Field(description="Period; the mean of shorter ones stands for a longer one that is not given.")
    value: Decimal = Field(gt=0, description="Level of the index; its base may be any period.")
    source: str | None = Field(None, description="Where the level was published.")


class CostAllocation(RegistryRow):
    """A pool of overhead shared among services in proportion to a driver; several pools add up (domain.md 2.10)."""

    indicator: Code = Field(description="Full cost of each service; computed, so no source reports it.")
    direct: Code | None = Field(None, description="Direct cost of each service; empty where all cost is in pools.")
    overhead: Code = Field(description="Pool of overhead, stated for all services together.")
    driver: Code = Field(description="What the pool is shared by: staff, floor space, dossiers …")
    across: Code = Field(
        description="Target-group dimension whose members are the services, or ORGANISATION: the units directly below."
    )
    valid_from: date = Field(date(1900, 1, 1), description="First day of this rule.")
    valid_to: date | None = Field(None, description="First day on which it no longer holds.")


#: Table name (and file name) → model. The order is that of the contract.
REGISTRY_TABLES: dict[str, type[RegistryRow]] = {
    "organisations": Organisation,
    "organisation_events": OrganisationEvent,
    "indicators": Indicator,
    "ratios": Ratio,
    "target_groups": TargetGroup,
    "objectives": Objective,
    "targets": Target,
    "peer_groups": PeerGroup,
    "scorecards": ScorecardNode,
    "scorecard_periods": ScorecardPeriod,
    "scorecard_links": ScorecardLink,
    "score_bands": ScoreBand,
    "norms": Norm,
    "programmes": Programme,
    "results_chains": ResultsChainLink,
    "budget_lines": BudgetLine,
    "measure_reviews": MeasureReview,
    "information_uses": InformationUse,
    "function_holders": FunctionHolder,
    "regulations": Regulation,
    "regulation_actions": RegulationAction,
    "compliance_costs": ComplianceCost,
    "deflators": Deflator,
    "cost_allocations": CostAllocation,
}

#: Tables a workspace cannot do without.
REQUIRED_TABLES = ("organisations", "indicators")
