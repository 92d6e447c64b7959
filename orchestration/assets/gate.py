"""Hand what intake read to the intake gate, and turn its verdict into the result of an asset check."""

from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from ingest.intake import TidyFolder, TidyOutcome, tidy_source
from ingest.landing.refusals import refused_at_the_door
from ingest.reference import write_gate_reference
from ingest.workspace import Workspace
from orchestration.desk import waivers
from orchestration.stages import room_version


def judge_source(workspace: Workspace, source_code: str) -> dg.AssetCheckResult:
    """Judge everything a source handed in and write the verdict aside.

    Passed: nothing was held back. Not passed, warning: something was, and the rest goes on. An exception (the gate
    could not do its work) fails the step, and what comes after keeps the last accepted edition.
    """
    from expectations.intake import judge
    from expectations.rules import load_rule_book

    outcomes = tidy_source(workspace, source_code, engine_version=room_version("ingest"))
    folder = TidyFolder(workspace.state.tidy(source_code))
    read = [outcome for outcome in outcomes if outcome.refusal is None]
    refused = [outcome for outcome in outcomes if outcome.refusal is not None]
    with judge(
        [path for outcome in read for path in folder.judged_files(outcome.receipt.submission_id)],
        [folder.totals(outcome.receipt.submission_id) for outcome in read],
        write_gate_reference(workspace, source_code, [folder.observations(o.receipt.submission_id) for o in read]),
        source_code=source_code,
        submissions=[_submission(workspace, outcome) for outcome in outcomes],
        rule_book=load_rule_book(workspace.rules_dir if workspace.rules_dir.is_dir() else None),
        refusals={outcome.receipt.submission_id: outcome.refusal for outcome in refused if outcome.refusal},
        remarks={outcome.receipt.submission_id: outcome.remarks for outcome in outcomes if outcome.remarks},
        waivers=waivers(workspace, source_code),
    ) as verdict:
        verdict.write_aside(workspace.state.judged(source_code))
        statistics = verdict.statistics
    at_the_door = refused_at_the_door(workspace.state.landed, source_code)
    clean = statistics["rows_quarantined"] == 0 and not refused and not at_the_door
    return dg.AssetCheckResult(
        passed=clean,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "rows_read": statistics["rows_read"],
            "rows_accepted": statistics["rows_accepted"],
            "rows_quarantined": statistics["rows_quarantined"],
            "files_refused": len(refused) + len(at_the_door),
            "findings": dg.MetadataValue.json(statistics["findings"]),
            "checks_run": statistics["checks_run"],
        },
    )


def _submission(workspace: Workspace, outcome: TidyOutcome) -> dict[str, Any]:
    """A row of ``contract.SUBMISSION`` before it is judged."""
    receipt = outcome.receipt
    return {
        "submission_id": receipt.submission_id,
        "source_code": receipt.source_code,
        "file_name": receipt.file_name,
        "file_sha256": receipt.file_sha256,
        "file_bytes": receipt.file_bytes,
        "received_at": receipt.received_at,
        "received_on": receipt.received_at.astimezone(ZoneInfo(workspace.settings.time_zone)).date(),
        "medium": receipt.medium,
        "recipe_version": workspace.sources[receipt.source_code].version,
        "cells_read": outcome.cells_read,
        "rows_read": outcome.rows_read,
        "notes": "\n".join(outcome.notes) or None,
    }
