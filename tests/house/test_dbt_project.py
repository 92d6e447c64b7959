"""The structure of the dbt project: directions between layers, names, documentation, and the interface with intake."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.contract import DAY, FINDING, OBLIGATION, OBSERVATION, PERIOD, RATIO_TERM, SOURCE, SUBMISSION
from ingest.registry.models import REGISTRY_TABLES
from stewardship.contract import TABLES as TABLES_OF_THE_DESK

PROJECT = Path(__file__).parents[2] / "dbt_project"
LAYERS = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "core": ("dim_", "fct_", "bridge_"),
    "marts": ("mart_",),
    "quality": ("mart_",),
}
READS = {
    "staging": {"source"},
    "core": {"staging", "core"},
    "intermediate": {"staging", "core", "intermediate"},
    "marts": {"core", "intermediate", "marts"},
    "quality": {"core", "intermediate", "marts", "quality"},
}
#: Marts read the registry's obligations as they are: they are no numbers, and no dimension needs them.
EXCEPTIONS = {
    ("mart_submission", "stg_obligation"),
    ("int_quality_by_period", "mart_submission"),
    # what happened at the desk comes as the desk wrote it
    ("mart_finding_case", "stg_finding_case"),
    ("mart_finding_event", "stg_finding_event"),
    ("mart_finding_event", "stg_finding_case"),
    ("mart_signoff", "stg_signoff"),
    ("mart_submission", "stg_signoff"),
    ("mart_signoff_difference", "stg_signoff_difference"),
}
#: They select and rename columns of staging and give them keys; there is no rule of their own to try on an example.
WITHOUT_RULE = {
    "bridge_cost_allocation",
    "bridge_ratio_indicator",
    "dim_date",
    "dim_indicator",
    "dim_objective",
    "dim_programme",
    "dim_score_band",
    "dim_source",
    "dim_structure",
    "fct_regulation_action",
    "fct_submission",
}
#: Spellings that one engine alone understands (engines.md A3); they belong in macros.
UNPORTABLE = re.compile(
    r"\bgroup by all\b|\bunion all by name\b|\bexclude\s*\(|\bunnest\b|\bstring_agg\b|\blist\(|\bstrftime\b|\bqualify\b"
    r"|\bilike\b|::|\bvarchar\b|\bhugeint\b|\bmedian\(|\bavg\(|\bregexp_|\bdate_diff\b|\bdatediff\b|\barg_m"
)


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    from dbt.cli.main import dbtRunner

    target = tmp_path_factory.mktemp("target")
    os.environ |= {"OUTTURN_ACCEPTED": str(target), "OUTTURN_WAREHOUSE": str(target / "warehouse.duckdb")}
    result = dbtRunner().invoke(
        [
            "parse",
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
            "--target-path",
            str(target),
            "--log-path",
            str(target),
            "--quiet",
        ]
    )
    assert result.success, result.exception
    return json.loads((target / "manifest.json").read_text())


def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer(manifest: dict[str, Any], unique_id: str) -> str:
    return "source" if unique_id.startswith("source.") else manifest["nodes"][unique_id]["fqn"][1]


def test_each_layer_reads_only_the_layers_before_it(manifest):
    for model in models(manifest):
        for parent in model["depends_on"]["nodes"]:
            if (model["name"], parent.split(".")[-1]) not in EXCEPTIONS:
                assert layer(manifest, parent) in READS[model["fqn"][1]], f"{model['name']} reads {parent}"


def test_names_tell_the_layer(manifest):
    for model in models(manifest):
        assert model["name"].startswith(LAYERS[model["fqn"][1]]), model["name"]
        assert model["schema"] == model["fqn"][1], model["name"]


def test_every_model_is_described_and_every_published_column_documented(manifest):
    for model in models(manifest):
        assert model["description"], model["name"]
        if model["fqn"][1] in ("core", "marts", "quality"):
            assert model["contract"]["enforced"], model["name"]
            for column in model["columns"].values():
                assert {"description", "data_type"} <= {k for k, v in column.items() if v}, column["name"]


def test_the_front_page_names_every_mart(manifest):
    page = (PROJECT.parent / "README.md").read_text(encoding="utf-8")
    marts = {model["name"] for model in models(manifest) if model["fqn"][1] == "marts"}
    assert {mart for mart in marts if f"`marts.{mart}`" not in page} == set()


def test_every_model_starts_with_its_grain(manifest):
    for model in models(manifest):
        assert model["raw_code"].startswith("-- Grain:"), model["name"]


def generic_tests(manifest: dict[str, Any]) -> dict[str, set[str]]:
    """Model → names of the generic tests that are attached to it."""
    tested: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            tested.setdefault(node["attached_node"], set()).add(node["test_metadata"]["name"])
    return tested


def test_every_published_table_is_tested_for_its_grain(manifest):
    tested = generic_tests(manifest)
    for model in models(manifest):
        if model["fqn"][1] in ("core", "marts") and model["name"] != "fct_finding":
            assert tested.get(model["unique_id"], set()) & {"unique", "unique_grain"}, model["name"]


def test_every_published_double_is_tested_to_be_finite(manifest):
    tested = generic_tests(manifest)
    for model in models(manifest):
        if any(column["data_type"] == "double" for column in model["columns"].values()):
            assert "finite" in tested.get(model["unique_id"], set()), model["name"]


def test_every_model_that_computes_has_a_unit_test(manifest):
    tested = {test["model"] for test in manifest["unit_tests"].values()}
    computing = {m["name"] for m in models(manifest) if m["fqn"][1] != "staging"} - WITHOUT_RULE
    assert computing - tested == set()
    assert tested & WITHOUT_RULE == set()


#: What a number passes on its way to a mart, from model to model; beside them models only say what is expected.
CARRIES_NUMBERS = r"(stg|fct)_observation|int_observation|int_ratio_unit|mart_(indicator|ratio|disagg|cost_allocation)"


def path_lengths(manifest: dict[str, Any]) -> dict[str, int]:
    """Models on the longest way of a number to each model, itself included."""
    numbers = {m["unique_id"] for m in models(manifest) if re.match(CARRIES_NUMBERS, m["name"])}

    @cache
    def length(unique_id: str) -> int:
        parents = [p for p in manifest["nodes"][unique_id]["depends_on"]["nodes"] if p in numbers]
        return 1 + max(map(length, parents), default=0)

    return {manifest["nodes"][n]["name"]: length(n) for n in numbers}


def test_the_path_of_a_number_is_at_most_six_models(manifest):
    lengths = path_lengths(manifest)
    assert {name: lengths[name] for name in ("mart_indicator", "mart_indicator_as_is", "mart_ratio")} == {
        "mart_indicator": 5,
        "mart_indicator_as_is": 6,
        "mart_ratio": 6,
    }


def test_models_keep_to_the_portable_subset():
    for path in PROJECT.glob("models/**/*.sql"):
        code = re.sub(r"--.*", "", path.read_text())
        assert not UNPORTABLE.search(code), f"{path.name}: {UNPORTABLE.search(code)}"
        divisions = re.findall(r".*/ *[a-z(].*", re.sub(r"'[^']*'|\{\{.*?\}\}", "", code))
        assert divisions == [], f"{path.name} divides by something else than a number outside the macro ratio"


#: What sqlglot does not write for Spark though Spark 4.1 has it.
KNOWN_TO_SPARK = ("Recursive CTEs are unsupported",)


def test_every_compiled_model_can_be_said_to_spark(tmp_path):
    """The SQL that DuckDB gets, after all macros, has a Spark spelling: no function or type is DuckDB's alone."""
    import sqlglot
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ |= {"OUTTURN_ACCEPTED": str(tmp_path), "OUTTURN_WAREHOUSE": str(tmp_path / "warehouse.duckdb")}
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--log-path", str(tmp_path)]
    result = dbtRunner().invoke(["compile", "--quiet", "--no-introspect", "--target-path", str(tmp_path), *folders])
    DuckDBConnectionManager.close_all_connections()
    assert result.success, result.exception
    compiled = sorted((tmp_path / "compiled" / "outturn" / "models").rglob("*.sql"))
    assert len(compiled) >= len(list(PROJECT.glob("models/**/*.sql")))
    unsayable = {}
    for path in compiled:
        try:
            sqlglot.transpile(path.read_text(), "duckdb", "spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
        except sqlglot.errors.SqlglotError as error:
            if str(error) not in KNOWN_TO_SPARK:
                unsayable[path.name] = str(error)
    assert unsayable == {}


def test_files_are_short():
    for path in [*PROJECT.glob("models/**/*.sql"), *PROJECT.glob("models/**/*.yml")]:
        assert len(path.read_text().splitlines()) <= 420, path.name


def described_sources() -> dict[str, list[tuple[str, str]]]:
    tables: dict[str, list[tuple[str, str]]] = {}
    for file in PROJECT.glob("models/staging/*__sources.yml"):
        for source in yaml.safe_load(file.read_text())["sources"]:
            for table in source["tables"]:
                tables[table["name"]] = [(c["name"], c["description"]) for c in table["columns"]]
    return tables


def test_sources_agree_with_what_intake_writes():
    described = described_sources()
    declared = {
        t.name: [(c.name, c.description) for c in t.columns]
        for t in (
            OBSERVATION,
            SUBMISSION,
            FINDING,
            PERIOD,
            SOURCE,
            OBLIGATION,
            RATIO_TERM,
            DAY,
            *TABLES_OF_THE_DESK,
        )
    }
    declared |= {
        name: [(n, f.description or "") for n, f in model.model_fields.items()]
        for name, model in REGISTRY_TABLES.items()
    }
    assert described == declared


CONTRACT = {
    "mart_indicator": """
        indicator_code organisation_code period_code target_group_code value unit obs_status coverage is_rolled_up
        open_findings worst_severity
    """,
    "mart_ratio": """
        ratio_code ratio_type numerator denominator value unit coverage_numerator coverage_denominator matched_share
        lower upper status reason structure open_findings worst_severity
    """,
    "mart_disaggregation": """
        measure_code dimension member_code value share_of_total gap_to_total gap_to_best additivity open_findings
    """,
    "mart_target": """
        baseline target expected_now value attainment rag legal_basis rag_reason is_colour_held is_decided_after_start
    """,
    "mart_benchmark": """
        norm_kind norm_value gap rank_low rank_high peers funnel_position comparability assessment unranked_reason
    """,
    "mart_peer_rank": "peer_group_code value norm_value rank_low rank_high peers members",
    "mart_objective": "objective_code measures measures_with_target is_without_measure",
    "mart_results_chain": "programme_code role stage lag measure_code value missing_reason",
    "mart_portfolio": """
        measure_code objective_code is_orphan is_mandated priority_score tests_passed collection_cost uses cost_per_use
    """,
    "mart_regulation_reduction": """
        baseline_stock approved approved_not_implemented abolished simplified newly_issued gross_reduction_percent
        net_change_percent cost_saved_percent
    """,
    "mart_budget_performance": "planned spent execution_share result unit_cost",
    "mart_decomposition": "rate_effect mix_effect entry_exit_effect total_change simpson_flag",
    "mart_scorecard": "score weight coverage method node_code organisation_code period_code rag missing_data",
    "mart_revision": "value_before value_after days_between status_before status_after",
    "mart_quality": """
        completeness timeliness findings_block findings_quarantine findings_warn quarantined open_findings
    """,
    "mart_submission": "completeness timeliness expected received on_time",
}


@pytest.mark.parametrize("mart", CONTRACT)
def test_marts_have_the_columns_of_the_contract(manifest, mart):
    columns = manifest["nodes"][f"model.outturn.{mart}"]["columns"]
    assert set(CONTRACT[mart].split()) <= columns.keys()
