"""What goes out of the administration: one edition an audience, judged by the gate, published on a shelf of its own.

The internal release is there already: an edition that does not pass holds nothing back but itself.
"""

import json
from typing import Any

import dagster as dg

from ingest.state import write_json
from ingest.workspace import Workspace
from orchestration.assets.gate_failures import failures
from orchestration.assets.publication import PUBLISHED
from orchestration.documents import ENTRIES, SUITE, edition_documents
from orchestration.stages import EDITION, Stages
from release import ReleaseShelf, publish
from release.shelf import DATABASE

GATE = "disclosure_gate"


def edition_assets(workspace: Workspace) -> list[Any]:
    """For each audience of the policy: ``edition/AUDIENCE/candidate``, its blocking gate, and ``…/published``."""
    audiences = workspace.settings.disclosure.audiences
    return [
        asset for audience in audiences for asset in _edition(workspace, audience, is_last=audience == audiences[-1])
    ]


def _edition(workspace: Workspace, audience: str, *, is_last: bool) -> list[Any]:
    candidate_key = dg.AssetKey(["edition", audience, "candidate"])
    file = workspace.state.edition(audience)
    shelf = ReleaseShelf(workspace.edition_dir(audience))

    @dg.asset(
        key=candidate_key,
        deps=[PUBLISHED],
        group_name="edition",
        kinds={"python", "duckdb"},
        description=f"The marts as the audience {audience} may see them, with the audit of what could be derived.",
    )
    def candidate() -> dg.MaterializeResult[None]:
        from disclosure import Policy, make_edition

        policy = Policy.of(workspace.settings.disclosure, audience, _identities(workspace))
        earlier = [shelf.folder(identifier) for identifier in shelf.identifiers()]
        edition = make_edition(workspace.state.warehouse, file, policy, earlier)
        return dg.MaterializeResult(metadata=edition.account())

    @dg.asset_check(
        asset=candidate_key,
        name=GATE,
        blocking=True,
        description="No small count is shown, no suppressed figure can be derived; a failure holds this edition back.",
    )
    def disclosure_gate() -> dg.AssetCheckResult:
        from expectations.release import judge
        from expectations.release.edition_rules import edition_rules
        from expectations.rules import load_rule_book

        before = shelf.current_link / DATABASE if shelf.current() else None
        verdict = judge(file, previous_release=before, rule_book=edition_rules(load_rule_book(workspace.rules_dir)))
        write_json(workspace.state.edition_record(audience), verdict.record | {"name": SUITE, "gate": SUITE})
        return dg.AssetCheckResult(
            passed=verdict.passed,
            metadata={"rules": verdict.rules_run, "failures": dg.MetadataValue.json(failures(verdict.findings))},
        )

    @dg.asset(
        key=dg.AssetKey(["edition", audience, "published"]),
        deps=[candidate_key],
        group_name="edition",
        kinds={"duckdb", "parquet"},
        description=f"The immutable edition for the audience {audience}.",
    )
    def published() -> dg.MaterializeResult[None]:
        internal = ReleaseShelf(workspace.published_dir).current()
        account = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        release = publish(
            file,
            shelf,
            workspace=workspace.settings.name.model_dump(),
            details={"disclosure": account, "internal_release": internal},
            documents=edition_documents(workspace, audience),
            entries=ENTRIES,
        )
        if is_last:
            Stages(workspace).record(EDITION)
        return dg.MaterializeResult(
            metadata={"release": release.identifier, "new": release.is_new, **release.rows},
            data_version=dg.DataVersion(release.identifier),
        )

    return [candidate, disclosure_gate, published]


def _identities(workspace: Workspace) -> tuple[Any, ...]:
    """The identities between indicators that the workspace's rules state: an outsider reads them in the form."""
    from disclosure import Identity
    from expectations.rules import CheckKind, Gate, load_rule_book

    book = load_rule_book(workspace.rules_dir)
    stated = [check.identity for _, check in book.checks(Gate.INTAKE, CheckKind.IDENTITY) if check.identity is not None]
    return tuple(
        Identity(one.left, one.operator, one.right, is_carried=one.right_period == "previous") for one in stated
    )
