"""Load a workspace and check it: settings and registry must be right, a source that is not is set aside and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from ingest.problem import Place, Problem, ProblemsError
from ingest.recipe.load import load_source
from ingest.recipe.model import Source
from ingest.recipe.problems import SourceError, problems_of
from ingest.registry import Registry, RegistryError, load_registry
from ingest.state import StateFolders, fingerprint, fingerprint_files
from ingest.time import Calendars
from ingest.workspace.settings import Settings

SETTINGS = "workspace.yml"
#: Names that the product uses itself beside those of sources.
RESERVED_SOURCES = {"none", "registry", "_registry"}


class WorkspaceError(ProblemsError):
    """The workspace cannot be used; ``problems`` holds everything that is wrong with settings and registry."""


@dataclass(frozen=True)
class Workspace:
    """A workspace as loaded. ``broken_sources`` are the source files that cannot be used, with their problems."""

    path: Path
    settings: Settings
    calendars: Calendars
    registry: Registry
    sources: Mapping[str, Source]
    broken_sources: Mapping[str, list[Problem]]

    @property
    def state(self) -> StateFolders:
        return StateFolders(self.path / ".outturn")

    @property
    def published_dir(self) -> Path:
        return self.path / "published"

    @property
    def registry_dir(self) -> Path:
        return self.path / "registry"

    @property
    def rules_dir(self) -> Path:
        """Rules of the workspace's own, in the format of the catalogue."""
        return self.path / "rules"

    def inbox_dir(self, source_code: str) -> Path:
        """Where the files of a source are handed in."""
        return self.path / "inbox" / source_code

    @cached_property
    def settings_fingerprint(self) -> str:
        return fingerprint(self.settings.model_dump_json())

    @cached_property
    def rules_fingerprint(self) -> str:
        return fingerprint_files(self.rules_dir.glob("*.yml"), self.path) if self.rules_dir.is_dir() else ""


def load_workspace(path: Path) -> Workspace:
    """Load the workspace in a folder. Raises ``WorkspaceError`` naming all that is wrong, file by file."""
    problems: list[Problem] = []
    settings = _settings(path / SETTINGS, problems)
    calendars = _calendars(settings, problems) if settings else None
    registry = None
    try:
        registry = load_registry(path / "registry")
    except RegistryError as error:
        problems += error.problems
    if settings is None or calendars is None or registry is None or problems:
        raise WorkspaceError(problems)
    sources: dict[str, Source] = {}
    broken: dict[str, list[Problem]] = {}
    for file in sorted((path / "sources").glob("*.yml")):
        try:
            if file.stem in RESERVED_SOURCES:
                raise WorkspaceError([_reserved(file.name)])
            sources[file.stem] = load_source(file)
        except SourceError as error:
            broken[file.stem] = [
                Problem(f"sources/{p.file}", Place(p.line, str(p.column), p.field), p.message_vi, p.message_en)
                for p in error.problems
            ]
        except WorkspaceError as error:
            broken[file.stem] = error.problems
    return Workspace(path.resolve(), settings, calendars, registry, sources, broken)


def _reserved(name: str) -> Problem:
    return Problem(f"sources/{name}", Place(), "tên này dành riêng cho hệ thống; hãy đổi tên tệp",
                   "this name is the product's own; rename the file")


def _settings(path: Path, problems: list[Problem]) -> Settings | None:
    if not path.is_file():
        problems.append(
            Problem(str(path), Place(), "không có tệp này; đây có phải thư mục của không gian làm việc? (outturn init DIR tạo mới)",
                    "there is no such file; is this the folder of a workspace? (outturn init DIR makes one)")
        )
        return None
    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
        return Settings.model_validate(_plain(document))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, str(mark.column + 1)) if mark else Place()
        problems.append(Problem(SETTINGS, place, f"không phải YAML hợp lệ: {error.problem}", f"not valid YAML: {error.problem}"))
    except ValidationError as error:
        problems += [
            Problem(SETTINGS, Place(p.line, str(p.column), p.field), p.message_vi, p.message_en)
            for p in problems_of(error, document, SETTINGS, list(Settings.model_fields))
        ]
    return None


def _plain(node: object) -> object:
    """The document without ruamel's own types."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    return node


def _calendars(settings: Settings, problems: list[Problem]) -> Calendars | None:
    try:
        return Calendars(settings.calendars)
    except (ValueError, ProblemsError) as error:
        problems.append(Problem(SETTINGS, Place(key="calendars"), str(error), str(error)))
        return None
