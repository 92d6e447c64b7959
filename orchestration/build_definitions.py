"""Put the definitions of one workspace together."""

import dagster as dg

from ingest.workspace import Workspace
from orchestration.assets.editions import edition_assets
from orchestration.assets.publication import publication_assets
from orchestration.assets.reference import reference_asset
from orchestration.assets.registry import registry_asset
from orchestration.assets.source_intake import source_assets
from orchestration.assets.stewardship import stewardship_assets
from orchestration.assets.warehouse import warehouse_assets
from orchestration.automation import automation
from orchestration.warehouse_build import manifest


def build_definitions(workspace: Workspace) -> dg.Definitions:
    """Everything that Dagster knows of a workspace: what the command line runs and what the scheduler runs."""
    parsed = manifest(workspace.state)
    assets = [
        registry_asset(workspace),
        *(asset for code in sorted(workspace.sources) for asset in source_assets(workspace, code)),
        reference_asset(workspace),
        *stewardship_assets(workspace),
        warehouse_assets(workspace, parsed),
        *publication_assets(workspace, parsed),
        *edition_assets(workspace),
    ]
    checks = [asset for asset in assets if isinstance(asset, dg.AssetChecksDefinition)]
    return dg.Definitions(
        assets=[asset for asset in assets if not isinstance(asset, dg.AssetChecksDefinition)],
        asset_checks=checks,
        **automation(workspace),
    )
