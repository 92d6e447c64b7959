"""What a fetch remembers between pages and between runs: one file, written whole after each landed page."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from ingest.fetch.paging import Place
from ingest.fetch.problem import FetchError
from ingest.state.whole_file import write_json


@dataclass(frozen=True)
class LandedResponse:
    """One response, as landed: its bytes stand under their SHA-256. ``url`` and ``headers`` hold no secret.

    ``reused`` means that the server said «not modified», and the bytes are those landed before.
    """

    name: str
    request: str
    role: Literal["data", "structure"]
    page: int
    url: str
    status: int
    headers: dict[str, str]
    sha256: str
    size: int
    received_at: datetime
    reused: bool = False


@dataclass
class FetchRun:
    """A fetch under way: what it asks, where it stands, what it has landed."""

    question: str
    started_at: datetime
    since: datetime | None = None
    query: int = 0
    place: Place = field(default_factory=Place)
    begun: bool = False
    finished: bool = False
    responses: list[LandedResponse] = field(default_factory=list)


@dataclass
class FetchState:
    """State of one source's fetches, kept in ``path``. ``load`` and ``save`` are the only way to the file.

    ``asked`` is the question that ``asked_at`` and ``full_at`` speak of: another question has not been asked yet.
    """

    path: Path
    run: FetchRun | None = None
    asked: str | None = None
    asked_at: datetime | None = None
    full_at: datetime | None = None
    validators: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> FetchState:
        """The state, empty if there is none. Raises ``FetchError`` for a damaged file: it is no empty state."""
        if not path.exists():
            return cls(path)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                path,
                _run(content["run"]) if content["run"] else None,
                content["asked"],
                _moment(content["asked_at"]),
                _moment(content["full_at"]),
                content["validators"],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise FetchError(
                "configuration",
                f"tệp trạng thái {path.name} bị hỏng; hãy xóa tệp này để tải lại từ đầu.",
                f"the state file {path.name} is damaged; delete it to fetch everything anew.",
            ) from error

    def save(self) -> None:
        """Write the whole state or nothing."""
        content = asdict(self)
        del content["path"]
        write_json(self.path, _plain(content))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other process from fetching the same source; the system lets go when a process dies.

        Raises ``FetchError`` if another one is at it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise FetchError(
                    "busy", "một tiến trình khác đang tải nguồn này.", "another process is fetching this source."
                ) from None
            yield


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _run(content: dict[str, Any]) -> FetchRun:
    content["started_at"] = datetime.fromisoformat(content["started_at"])
    content["since"] = _moment(content["since"])
    content["place"] = Place(**content["place"])
    content["responses"] = [
        LandedResponse(**{**item, "received_at": datetime.fromisoformat(item["received_at"])})
        for item in content["responses"]
    ]
    return FetchRun(**content)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value
