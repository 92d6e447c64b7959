"""A fetch killed at any point goes on without loss or double; a fetch repeated is no new submission."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.fetch import FetchError, FetchSpec, FetchState, fetch_source, read_answer
from ingest.fetch.answer import load_answer
from ingest.landing import receipts

#: Starts a process for each line it reads (one import for all of them): the process fetches a source, and dies without
#: a word just before its n-th renaming of a file into place. Says the process's number, and how it ended.
NURSERY = """
import json, os, sys
from pathlib import Path
from ingest.fetch import FetchSpec, fetch_source
for line in sys.stdin:
    folder, spec, at = json.loads(line)
    child = os.fork()
    if child == 0:
        renamed = 0
        def die(event, arguments):
            global renamed
            if event == "os.rename":
                renamed += 1
                if renamed == at:
                    os._exit(9)
        sys.addaudithook(die)
        fetch_source("demo", FetchSpec(**spec), Path(folder) / "landed", Path(folder) / "demo.json")
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
QUICK = {"backoff_seconds": 0.01, "attempts": 3, "total_seconds": 20}
PAGES = 2


def paged(server: Any, reply: Any, pages: int) -> None:
    """Pages of two records; the last says that it is the last."""

    def answer(asked: Any) -> Any:
        page = int(asked.one("page"))
        rows = [{"unit": f"{page}-{i}", "value": str(page * 10 + i)} for i in range(2)]
        return reply(json.dumps({"rows": rows, "total": 2 * pages}).encode())

    server.answer = answer


def paged_spec(server: Any) -> dict[str, Any]:
    return {
        "api": "json", "url": f"{server.url}/rows", "message": {"records": "/rows", "total": "/total"},
        "paging": {"by": "page"}, "limits": QUICK,
    }  # fmt: skip


class Nursery:
    """Processes that fetch, one after the other. ``child`` is the one at work, None before it is known."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.child: int | None = None

    def run(self, folder: Path, spec: dict[str, Any], *, die_at: int = 0) -> int:
        """How the process ended: 0, 9 if it died by itself, -9 if it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(folder), spec, die_at]) + "\n")
        self._process.stdin.flush()
        self.child = int(self._process.stdout.readline())
        ended = int(self._process.stdout.readline())
        self.child = None
        return ended

    def kill(self) -> None:
        """Kill the process at work, if there is one still."""
        if self.child is not None:
            with suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGKILL)

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    running = Nursery()
    yield running
    running.close()


def everything(tmp_path: Path) -> tuple[int, list[str | None]]:
    """How many submissions there are, and the values of the last."""
    known = receipts(tmp_path / "landed", "demo")
    return len(known), read_answer(tmp_path / "landed", known[-1].file_sha256).columns["value"]


def test_killed_before_any_write_it_goes_on_without_loss_or_double(
    server: Any, reply: Any, tmp_path: Path, nursery: Nursery
) -> None:
    paged(server, reply, PAGES)
    expected = [str(page * 10 + i) for page in range(1, PAGES + 1) for i in range(2)]
    spec = paged_spec(server)
    deaths = []
    for at in range(1, 40):
        folder = tmp_path / str(at)
        dead = nursery.run(folder, spec, die_at=at) == 9
        deaths.append(dead)
        fetch_source("demo", FetchSpec(**spec), folder / "landed", folder / "demo.json")
        assert everything(folder) == (1, expected), f"killed before write {at}"
        if not dead:
            break
    assert len(deaths) == 2 + 3 * PAGES + 3, "every write of the fetch was a point of death"
    assert deaths[-1] is False


def test_killed_at_random_moments_it_ends_with_every_record_once(
    server: Any, reply: Any, tmp_path: Path, nursery: Nursery
) -> None:
    paged(server, reply, 12)
    plain = server.answer
    moment = random.Random(20250701)

    def answer_and_kill(asked: Any) -> Any:
        if moment.random() < 0.4:
            threading.Timer(moment.random() * 0.02, nursery.kill).start()
        return plain(asked)

    server.answer = answer_and_kill
    ends: list[int] = []
    while not ends or ends[-1] != 0:
        assert len(ends) < 40
        ends.append(nursery.run(tmp_path, paged_spec(server)))
    assert ends.count(-signal.SIGKILL) >= 3
    assert set(ends) <= {-signal.SIGKILL, 0}
    assert everything(tmp_path) == (1, [str(page * 10 + i) for page in range(1, 13) for i in range(2)])
    assert len(server.asked) <= 12 + len(ends), "a page that was landed is not asked for again"


def test_a_failure_in_between_costs_only_the_page_it_hit(server: Any, reply: Any, tmp_path: Path) -> None:
    paged(server, reply, PAGES)
    plain = server.answer
    server.answer = lambda asked: plain(asked) if asked.one("page") == "1" else reply(status=500)
    spec = FetchSpec(**paged_spec(server))
    with pytest.raises(FetchError):
        fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    server.answer, before = plain, len(server.asked)
    fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    assert [asked.one("page") for asked in server.asked[before:]] == ["2"]
    assert len(everything(tmp_path)[1]) == 2 * PAGES


def test_a_mark_that_grew_too_old_begins_anew(server: Any, reply: Any, tmp_path: Path) -> None:
    working = False

    def answer(asked: Any) -> Any:
        cursor = asked.one("cursor")
        if cursor == "old" or (cursor and not working):
            return reply(status=410) if working else reply(status=503)
        rows = [{"value": "2"}] if cursor else [{"value": "1"}]
        return reply(json.dumps({"rows": rows, "next": None if cursor else ("new" if working else "old")}).encode())

    server.answer = answer
    spec = FetchSpec(
        api="json", url=f"{server.url}/q", message={"records": "/rows"}, limits=QUICK,
        paging={"by": "cursor", "path": "/next"},
    )  # fmt: skip
    with pytest.raises(FetchError):
        fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    working = True
    fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    assert everything(tmp_path) == (1, ["1", "2"])


def test_another_question_does_not_go_on_with_the_old_pages(server: Any, reply: Any, tmp_path: Path) -> None:
    paged(server, reply, PAGES)
    plain = server.answer
    server.answer = lambda asked: plain(asked) if asked.one("page") == "1" else reply(status=500)
    with pytest.raises(FetchError):
        fetch_source("demo", FetchSpec(**paged_spec(server)), tmp_path / "landed", tmp_path / "demo.json")
    server.answer = plain
    changed = FetchSpec(**paged_spec(server), parameters={"year": 2025})
    fetch_source("demo", changed, tmp_path / "landed", tmp_path / "demo.json")
    assert [asked.one("page") for asked in server.asked if asked.one("year")] == ["1", "2"]


def test_the_same_answer_again_is_no_submission_and_another_is(server: Any, reply: Any, tmp_path: Path) -> None:
    paged(server, reply, PAGES)
    spec = FetchSpec(**paged_spec(server))
    first = fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    assert first is not None
    assert (first.medium, first.file_name) == ("api", "demo.api.json")
    assert fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json") is None
    paged(server, reply, PAGES + 1)
    assert fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json") is not None
    assert len(receipts(tmp_path / "landed", "demo")) == 2


@pytest.mark.parametrize("validator", ["etag", "last-modified"])
def test_what_has_not_changed_is_not_sent_again(server: Any, reply: Any, tmp_path: Path, validator: str) -> None:
    version = "1"

    def answer(asked: Any) -> Any:
        tag = f'"{version}"' if validator == "etag" else f"Tue, 0{version} Jul 2025 00:00:00 GMT"
        known = asked.headers.get("if-none-match") or asked.headers.get("if-modified-since")
        if asked.path.endswith("B") and known == tag:
            return reply(status=304)
        headers = {validator: tag} if asked.path.endswith("B") else {}
        return reply(json.dumps({"rows": [{"unit": asked.path[-1], "value": version}]}).encode(), headers=headers)

    server.answer = answer
    spec = FetchSpec(
        api="json", url=f"{server.url}/{{unit}}", each={"unit": ["B"]}, message={"records": "/rows"}, limits=QUICK,
        incremental={"by": "conditional"},
    )  # fmt: skip
    arguments = ("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    assert fetch_source(*arguments) is not None
    assert fetch_source(*arguments) is None
    version = "2"
    assert fetch_source(*arguments) is not None
    assert everything(tmp_path) == (2, ["2"])


def test_one_changed_page_comes_with_those_that_have_not_changed(server: Any, reply: Any, tmp_path: Path) -> None:
    versions = {"A": "1", "B": "1"}

    def answer(asked: Any) -> Any:
        unit = asked.path[-1]
        if asked.headers.get("if-none-match") == versions[unit]:
            return reply(status=304)
        rows = [{"unit": unit, "value": versions[unit]}]
        return reply(json.dumps({"rows": rows}).encode(), headers={"ETag": versions[unit]})

    server.answer = answer
    spec = FetchSpec(
        api="json", url=f"{server.url}/{{unit}}", each={"unit": ["A", "B"]}, message={"records": "/rows"},
        limits=QUICK, incremental={},
    )  # fmt: skip
    arguments = ("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    fetch_source(*arguments)
    versions["B"] = "2"
    assert fetch_source(*arguments) is not None
    assert everything(tmp_path) == (2, ["1", "2"])


class MovableClock:
    """The machine's clock, moved forward by days."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 7, 1, 8, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def test_changes_are_asked_for_since_the_last_fetch_and_all_again_after_a_while(
    server: Any, reply: Any, tmp_path: Path
) -> None:
    clock = MovableClock()
    csv = {"Content-Type": "application/vnd.sdmx.data+csv"}
    server.answer = lambda asked: reply(
        f"DATAFLOW,GEO,TIME_PERIOD,OBS_VALUE\nX,VN,2025,{len(server.asked)}\n".encode(), headers=csv
    )
    spec = FetchSpec(
        api="sdmx-csv", url=f"{server.url}/data/X", limits=QUICK,
        incremental={"by": "parameter", "overlap_seconds": 600, "full_after_days": 10},
    )  # fmt: skip
    for days in (0, 1, 2, 9):
        clock.moment += timedelta(days=days)
        fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json", clock=clock)
    assert [asked.one("updatedAfter") for asked in server.asked] == [
        "", "2025-07-01T07:50:00Z", "2025-07-02T07:50:00Z", ""
    ]  # fmt: skip
    known = receipts(tmp_path / "landed", "demo")
    assert [load_answer(tmp_path / "landed", receipt.file_sha256).scope for receipt in known] == [
        "full", "changes", "changes", "full"
    ]  # fmt: skip


def test_a_new_question_is_asked_in_full_before_its_changes_are(server: Any, reply: Any, tmp_path: Path) -> None:
    server.answer = lambda asked: reply(json.dumps([{"unit": asked.one("unit"), "value": "1"}]).encode())
    asks = {"api": "json", "url": f"{server.url}/rows", "limits": QUICK}
    asks["incremental"] = {"by": "parameter", "parameter": "since"}
    for units in ("A", "A", ["A", "B"]):
        spec = FetchSpec(**asks, each={"unit": units})
        fetch_source("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    assert [(asked.one("unit"), "since" in asked.query) for asked in server.asked] == [
        ("A", False), ("A", True), ("A", False), ("B", False)
    ]  # fmt: skip


def test_changes_without_a_record_are_no_submission_but_remembered(server: Any, reply: Any, tmp_path: Path) -> None:
    answers = iter([b'[{"unit": "A", "value": "1"}]', b"[]", b'[{"unit": "A", "value": "2"}]'])
    server.answer = lambda asked: reply(next(answers))
    spec = FetchSpec(
        api="json", url=f"{server.url}/rows", limits=QUICK, incremental={"by": "parameter", "parameter": "since"}
    )
    arguments = ("demo", spec, tmp_path / "landed", tmp_path / "demo.json")
    handed_in = [fetch_source(*arguments) is not None for _ in range(3)]
    assert handed_in == [True, False, True]
    assert everything(tmp_path) == (2, ["2"])


def test_a_damaged_state_is_said_and_no_empty_one(server: Any, tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text('{"run": null}', encoding="utf-8")
    with pytest.raises(FetchError, match="damaged") as caught:
        fetch_source("demo", FetchSpec(**paged_spec(server)), tmp_path / "landed", tmp_path / "demo.json")
    assert caught.value.kind == "configuration"
    assert server.asked == []


def test_two_processes_do_not_fetch_the_same_source_at_once(server: Any, reply: Any, tmp_path: Path) -> None:
    state = FetchState(tmp_path / "demo.json")
    with state.held(), pytest.raises(FetchError, match="another process") as caught:
        fetch_source("demo", FetchSpec(**paged_spec(server)), tmp_path / "landed", tmp_path / "demo.json")
    assert caught.value.kind == "busy"
