"""The dbt models as assets, their tests as asset checks, built in one go inside this process."""

import json
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from ingest.workspace import Workspace
from orchestration.stages import FROM_NOTHING, WAREHOUSE, Stages
from orchestration.warehouse_build import NodeResult, build

_UNIQUE_ID = "dagster_dbt/unique_id"
_LAYER_GROUPS = ("staging", "intermediate", "core", "marts", "quality")
_PASSED = {"pass", "success", "warn"}


class LayerTranslator(DagsterDbtTranslator):
    """Keys are ``schema/model`` as in the database; groups are the layers."""

    def __init__(self) -> None:
        super().__init__(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id)
        if node is None or node["resource_type"] != "model":
            return spec
        group = next((part for part in node["fqn"] if part in _LAYER_GROUPS), "warehouse")
        return spec.replace_attributes(key=dg.AssetKey([node["schema"], node["name"]]), group_name=group)


def warehouse_assets(workspace: Workspace, manifest: Path) -> dg.AssetsDefinition:
    """One asset a dbt model, one check a dbt test."""

    @dbt_assets(manifest=manifest, dagster_dbt_translator=LayerTranslator(), name="warehouse")
    def warehouse(context: dg.AssetExecutionContext) -> Iterator[Any]:
        by_id = {
            spec.metadata[_UNIQUE_ID]: spec.key for spec in context.assets_def.specs if _UNIQUE_ID in spec.metadata
        }
        built = build(
            workspace.state,
            on_node=lambda node: _tell(node, context.log),
            everything=FROM_NOTHING in context.run.tags,
        )
        results = built.nodes
        status = {result.unique_id: result for result in results}
        for unique_id in _in_order(manifest):  # models that no change reached come before those that one did
            if unique_id in by_id and unique_id not in status and not built.is_whole:
                yield dg.MaterializeResult(asset_key=by_id[unique_id], metadata={"rebuilt": False})
        for result in results:  # in the order dbt built them: Dagster wants a model after those it reads
            if result.unique_id in by_id and result.status in _PASSED:
                key = by_id[result.unique_id]
                yield dg.MaterializeResult(
                    asset_key=key, metadata={"rebuilt": True, "seconds": round(result.seconds, 3)}
                )
        yield from _checks(context.assets_def, status)
        failed = [result for result in results if result.status not in {*_PASSED, "skipped"}]
        if failed:
            raise dg.Failure(description="\n".join(f"{_name(r)}: {r.message}" for r in failed))
        Stages(workspace).record(WAREHOUSE)

    return warehouse


def _tell(node: NodeResult, log: dg.DagsterLogManager) -> None:
    """Models as they come, tests only where they say something: each line is a write to the run's history."""
    if node.status not in _PASSED:
        log.warning(f"{_name(node)}: {node.status}")
    elif node.unique_id.startswith("model."):
        log.info(f"{_name(node)}: {node.status}")


def _in_order(manifest: Path) -> list[str]:
    """Unique ids of all nodes, each after those it reads."""
    parents = json.loads(manifest.read_text(encoding="utf-8"))["parent_map"]
    return list(TopologicalSorter(parents).static_order())


def _checks(assets: dg.AssetsDefinition, status: dict[str, NodeResult]) -> Iterator[dg.AssetCheckResult]:
    for spec in assets.check_specs:
        unique_id = (spec.metadata or {}).get(_UNIQUE_ID)
        result = status.get(unique_id) if unique_id else None
        if result and result.status != "skipped":
            yield dg.AssetCheckResult(
                asset_key=spec.asset_key,
                check_name=spec.name,
                passed=result.status == "pass",
                severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
                metadata={"failures": result.failures},
            )


def _name(result: NodeResult) -> str:
    return result.unique_id.split(".")[2]


def model_keys(manifest: Path) -> list[dg.AssetKey]:
    """Keys of all models, for what comes after them."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return [
        dg.AssetKey([node["schema"], node["name"]])
        for node in nodes
        if node["resource_type"] == "model" and node["config"]["materialized"] != "ephemeral"
    ]


def grains(manifest: Path) -> dict[str, list[str]]:
    """Published table → the columns that identify a row, as its tests ``unique_grain`` and ``unique`` state."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    stated: dict[str, list[str]] = {}
    for node in nodes.values():
        test = node.get("test_metadata") or {}
        if test.get("name") in {"unique_grain", "unique"} and node["attached_node"] in nodes:
            model = nodes[node["attached_node"]]
            table = f"{model['schema']}.{model['name']}"
            if test["name"] == "unique_grain":
                stated[table] = list(test["kwargs"]["columns"])
            else:
                stated.setdefault(table, [test["kwargs"]["column_name"]])
    return stated
