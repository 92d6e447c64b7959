"""A workspace as loaded: settings, calendars, registry, sources, and where its files are (contract.md 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.corrections import CORRECTIONS_FILE, Correction, load_corrections
from ingest.problem import Problem, ProblemsError
from ingest.recipe.model import Source
from ingest.registry import Registry, RegistryError, load_registry
from ingest.state import StateFolders, fingerprint, fingerprint_files
from ingest.time.calendar import Calendars
from ingest.workspace.agreement import check_registry, check_source
from ingest.workspace.settings import Settings
from ingest.workspace.settings_file import load_settings
from ingest.yaml_document import parse_document, plain, problem_of

if TYPE_CHECKING:
    from ingest.recipe.consistency import Inconsistency
    from ingest.recipe.problems import SourceProblem


class WorkspaceError(ProblemsError):
    """``workspace.yml``, the registry or ``corrections.yml`` cannot be used; ``problems`` has all that is wrong."""


@dataclass(frozen=True)
class Workspace:
    """Everything a government decides. ``broken_sources`` are those left out, with all that is wrong with each."""

    path: Path
    settings: Settings
    calendars: Calendars
    registry: Registry
    sources: Mapping[str, Source]
    broken_sources: Mapping[str, list[Problem]]
    corrections: tuple[Correction, ...] = ()

    @property
    def state(self) -> StateFolders:
        """What is taken in and made: ``.outturn/``."""
        return StateFolders(self.state_dir)

    @property
    def state_dir(self) -> Path:
        return self.path / ".outturn"

    @property
    def registry_dir(self) -> Path:
        return self.path / "registry"

    def inbox_dir(self, source: str) -> Path:
        """Where agencies hand in the files of a source."""
        return self.path / "inbox" / source

    @property
    def rules_dir(self) -> Path:
        """Rules of the workspace's own, in the format of the catalogue."""
        return self.path / "rules"

    @property
    def published_dir(self) -> Path:
        return self.path / "published"

    def edition_dir(self, audience: str) -> Path:
        """The shelf of the editions for an audience: public, partner."""
        return self.published_dir / audience

    @property
    def restricted_dir(self) -> Path:
        """What is about individuals: read by ``outturn appraisal`` alone, and by no job."""
        return self.path / "restricted"

    @property
    def corrections_path(self) -> Path:
        return self.path / CORRECTIONS_FILE

    def corrections_of(self, source_code: str) -> tuple[Correction, ...]:
        """Declared corrections of a source, in the order of the ledger."""
        return tuple(correction for correction in self.corrections if correction.source == source_code)

    @cached_property
    def settings_fingerprint(self) -> str:
        """Of what ``workspace.yml`` says about data; comments, mailboxes and alert channels do not change it."""
        return fingerprint(self.settings.model_dump_json(exclude={"stewards", "stewardship", "mail", "alerts"}))

    @cached_property
    def rules_fingerprint(self) -> str:
        """Of the workspace's own rules and corrections."""
        files = [path for path in self.rules_dir.rglob("*.yml") if path.is_file()]
        if self.corrections_path.is_file():
            files.append(self.corrections_path)
        return fingerprint_files(files, self.path)


def load_workspace(path: Path | str) -> Workspace:
    """The workspace in a folder.

    A source that cannot be used is left out and listed in ``broken_sources``; the others go on. Raises
    ``WorkspaceError`` with all problems of ``workspace.yml`` and the registry, or of ``corrections.yml``, at once.
    """
    folder = Path(path).resolve()
    problems: list[Problem] = []
    settings = load_settings(folder, problems)
    registry: Registry | None = None
    try:
        registry = load_registry(folder / "registry")
    except RegistryError as error:
        problems.extend(error.problems)
    calendars = Calendars(settings.calendars) if settings is not None else None
    if settings is not None and registry is not None and calendars is not None:
        problems.extend(check_registry(registry, settings, calendars))
    if problems or settings is None or registry is None or calendars is None:
        raise WorkspaceError(problems)
    sources, broken = _load_sources(folder / "sources", registry, settings, calendars)
    corrections = load_corrections(
        folder,
        problems,
        registry=registry,
        calendars=calendars,
        sources={*sources, *broken},
        stewards={steward.code for steward in settings.stewards},
    )
    if problems:
        raise WorkspaceError(problems)
    return Workspace(folder, settings, calendars, registry, sources, broken, corrections)


def _placed(found: Sequence[Inconsistency], path: Path) -> list[SourceProblem]:
    """What is wrong with a source, at its line of the YAML file or of the label map beside it."""
    from ingest.recipe.label_map import label_map_of, line_of
    from ingest.recipe.problems import SourceProblem, problems_at

    document = parse_document(path.read_bytes())
    own: list[Inconsistency] = []
    beside: list[SourceProblem] = []
    label_map = label_map_of(path)
    content = label_map.read_bytes() if label_map.is_file() else b""
    stated = plain(document).get("labels") or {}
    for problem in found:
        component, label = (*map(str, problem[0][1:]), "", "")[:2] if problem[0][:1] == ("labels",) else ("", "")
        in_yaml = label in {str(text) for text in (stated.get(component) or {})}
        line = None if in_yaml or not component else line_of(content, component, label)
        if line is None:
            own.append(problem)
        else:
            beside.append(SourceProblem(label_map.name, line, 1, f"{component}.{label}", *problem[1:]))
    return [*problems_at(own, document, path.name), *beside]


def _load_sources(
    folder: Path, registry: Registry, settings: Settings, calendars: Calendars
) -> tuple[dict[str, Source], dict[str, list[Problem]]]:
    from ingest.recipe.load import load_source
    from ingest.recipe.problems import SourceError
    from ingest.workspace.constants import ConstantChecker

    constants = ConstantChecker(registry, calendars)
    sources: dict[str, Source] = {}
    broken: dict[str, list[Problem]] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            source = load_source(path)
        except SourceError as error:
            broken[path.stem] = sorted(problem_of(found, "sources/") for found in error.problems)
            continue
        found = list(check_source(source, registry, settings, calendars, constants))
        if found:
            placed = _placed(found, path)
            broken[path.stem] = sorted(problem_of(problem, "sources/") for problem in placed)
        else:
            sources[path.stem] = source
    return sources, broken
