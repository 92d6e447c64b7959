"""`outturn run` with a source that an API has: what changed, what did not, and a server that is down."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from ingest.workspace import load_workspace

if TYPE_CHECKING:
    from conftest import Site

pytestmark = pytest.mark.end_to_end

PAGE = Path(__file__).parents[2] / "docs" / "recipe.md"
VINTAGES = """
    select organisation_code, value, vintage_no, is_current, sheet, cell from core.fct_observation
    where source_code = 'portal' order by all
"""
INDICATOR = "OSS_RESOLVED,Đã giải quyết (cổng),Resolved (portal),output,dossier,sum,Q,province,true,0\n"
CONDITIONAL = "  incremental: {by: conditional}\n"
CHANGES = "  incremental: {by: parameter, parameter: since}\nresubmission: {replaces: [period]}\n"
LIMITS = "  limits: {attempts: 2, backoff_seconds: 0.05}\n"


def smallest_api_source(url: str, *, more: str = "") -> str:
    """The smallest API source of the reference page, its address led to a server here; ``more`` goes below fetch."""
    [text] = [
        block
        for block in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
        if block.startswith("name:") and "\nfetch:" in block and "…" not in block
    ]
    return text.replace("https://services.example.org", url).replace("\ntables:", f"\n{LIMITS}{more}tables:")


def dossiers(**resolved: int) -> bytes:
    """The answer of the service portal."""
    items = [{"office": code, "quarter": "2025-Q1", "resolved": count} for code, count in resolved.items()]
    return json.dumps({"items": items}).encode()


def add_portal(site: Site, url: str, more: str = "") -> None:
    """Add the source ``portal`` and its indicator."""
    indicators = site.folder / "registry" / "indicators.csv"
    text = indicators.read_text(encoding="utf-8")
    indicators.write_text(text if INDICATOR in text else text + INDICATOR, encoding="utf-8")
    source = smallest_api_source(url, more=more)
    (site.folder / "sources" / "portal.yml").write_text(source, encoding="utf-8")


@pytest.fixture(scope="module")
def api(new_server: Any) -> Iterator[Any]:
    """The server of the service portal."""
    running = new_server()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def first_run(new_site: Any, api: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workspace whose API answered once: two figures, and a mark by which to ask whether they changed."""
    site = new_site(tmp_path_factory.mktemp("api") / "workspace")
    add_portal(site, api.url, CONDITIONAL)
    api.answer = lambda asked: api.reply(dossiers(**{"01": 1200, "31": 80}), headers={"ETag": '"first"'})
    return site, site.call("run"), list(api.asked)


@pytest.fixture
def taken_in(first_run: Any, tmp_path: Path) -> Any:
    """A copy of that workspace, for a test to go on with."""
    site, result, _ = first_run
    assert result.status == 0, result.output
    shutil.copytree(site.folder, tmp_path / "workspace", symlinks=True)
    return type(site)(tmp_path / "workspace")


def test_the_smallest_api_source_of_the_reference_page_comes_out_of_the_mart(first_run: Any) -> None:
    site, result, asked = first_run
    assert result.status == 0, result.output
    assert [request.path for request in asked] == ["/v1/dossiers"], "asked once, not once before and once within"
    assert site.query(VINTAGES) == [
        ("01", 1200, 1, True, "answer.00001.json", "/items/0/resolved"),
        ("31", 80, 1, True, "answer.00001.json", "/items/1/resolved"),
    ]
    assert site.query(
        "select value from marts.mart_indicator where indicator_code = 'OSS_RESOLVED' "
        "and organisation_code = 'VN' and period_code = '2025-Q1'"
    ) == [(1280,)]
    assert (site.folder / ".outturn" / "fetch" / "portal.json").is_file()


def test_the_same_content_is_nothing_new_and_offline_asks_nothing(taken_in: Any, api: Any) -> None:
    asked = len(api.asked)
    api.answer = lambda asked: api.reply(dossiers(**{"01": 1200, "31": 80}))
    again = taken_in.call("run")
    assert (again.status, len(api.asked)) == (0, asked + 1), again.output
    assert "Nothing has changed" in again.output
    offline = taken_in.call("run", "--offline")
    assert (offline.status, len(api.asked)) == (0, asked + 1)
    assert "Nothing has changed" in offline.output


def test_not_modified_is_nothing_new(taken_in: Any, api: Any) -> None:
    api.answer = lambda asked: api.reply(status=304 if asked.headers.get("if-none-match") == '"first"' else 500)
    again = taken_in.call("run")
    assert again.status == 0, again.output
    assert "Nothing has changed" in again.output


def test_a_changed_answer_makes_a_vintage_of_the_changed_figure_alone(taken_in: Any, api: Any) -> None:
    api.answer = lambda asked: api.reply(dossiers(**{"01": 1200, "31": 85}))
    result = taken_in.call("run")
    assert result.status == 0, result.output
    assert [row[:4] for row in taken_in.query(VINTAGES)] == [
        ("01", 1200, 1, True), ("31", 80, 1, False), ("31", 85, 2, True)
    ]  # fmt: skip


def test_an_answer_of_changes_never_withdraws_what_it_does_not_name(site: Site, server: Any) -> None:
    add_portal(site, server.url, CHANGES)
    server.answer = lambda asked: server.reply(dossiers(**{"01": 1200, "31": 80}))
    assert site.call("run").status == 0
    server.answer = lambda asked: server.reply(dossiers(**{"31": 85}))
    result = site.call("run")
    assert result.status == 0, result.output
    assert ["since" in asked.query for asked in server.asked] == [False, True]
    assert [row[:4] for row in site.query(VINTAGES)] == [
        ("01", 1200, 1, True), ("31", 80, 1, False), ("31", 85, 2, True)
    ]  # fmt: skip
    server.answer = lambda asked: server.reply(dossiers())
    nothing = site.call("run")
    assert nothing.status == 0, nothing.output
    assert "Nothing has changed" in nothing.output, "no change is no submission"


@pytest.fixture
def nobody_answers_at() -> Iterator[Callable[[str], None]]:
    """Keeps the port of a server that was stopped: another test's server, given it meanwhile, would answer."""
    with contextlib.ExitStack() as held:

        def hold(url: str) -> None:
            port = held.enter_context(socket.socket())
            port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            port.bind(("127.0.0.1", urlsplit(url).port))

        yield hold


def test_a_server_that_is_down_stops_its_source_alone(
    site: Site, server: Any, nobody_answers_at: Callable[[str], None]
) -> None:
    add_portal(site, server.url)
    server.stop()
    nobody_answers_at(server.url)
    first = site.call("run")
    assert first.status == 1
    assert re.search(r"Refused portal: \S+/v1/dossiers\S*: no answer after 2 attempts", " ".join(first.output.split()))
    assert site.query("select count(*) from marts.mart_ratio where ratio_code = 'ON_TIME_SHARE'")[0][0] > 0
    again = site.call("run")
    assert again.status == 1, "it is still not there"
    assert "no answer after 2 attempts" in again.output
    assert "Nothing has changed" in again.output
    vietnamese = site.call("--language", "vi", "run")
    assert "không trả lời được sau 2 lần" in vietnamese.output


def test_what_was_received_stays_when_the_server_fails(taken_in: Any, api: Any) -> None:
    api.answer = lambda asked: api.reply(b"out of order", status=503)
    taken_in.write_dossiers("received=2025-07-10/hoso_2025-Q2.xlsx", [("Hà Nội", 1200, 1000)])
    result = taken_in.call("run")
    assert result.status == 1
    assert "HTTP 503" in result.output
    assert "Published" in result.output
    assert [row[:4] for row in taken_in.query(VINTAGES)] == [("01", 1200, 1, True), ("31", 80, 1, True)]
    assert taken_in.query("select count(*) from core.fct_observation where period_code = '2025-Q2'") == [(2,)]


def test_messages_that_cannot_be_read_refuse_the_answer_and_nothing_else(taken_in: Any, api: Any) -> None:
    api.answer = lambda asked: api.reply(b'{"items": [1, 2]}')
    result = taken_in.call("run")
    assert result.status == 1
    assert taken_in.query("select rule_id, severity, sheet from core.fct_finding where source_code = 'portal'") == [
        ("STR-01", "BLOCK", "answer.00001.json")
    ]
    assert taken_in.query(
        "select status from core.fct_submission where source_code = 'portal' order by received_at"
    ) == [("accepted",), ("refused",)]
    assert [row[:4] for row in taken_in.query(VINTAGES)] == [("01", 1200, 1, True), ("31", 80, 1, True)]


def test_a_damaged_state_file_is_said_and_costs_its_source_alone(taken_in: Any, api: Any) -> None:
    (taken_in.folder / ".outturn" / "fetch" / "portal.json").write_text("{", encoding="utf-8")
    result = taken_in.call("run")
    assert result.status == 1
    assert "portal.json is damaged; delete it" in " ".join(result.output.split())


def test_a_mistake_in_fetch_is_named_with_its_line(site: Site) -> None:
    add_portal(site, "https://services.example.org", '  schedule: "0 25 * * *"\n')
    text = (site.folder / "sources" / "portal.yml").read_text(encoding="utf-8")
    line = 1 + text[: text.index("schedule:")].count("\n")
    [problem] = load_workspace(site.folder).broken_sources["portal"]
    assert (problem.file, problem.place.row, problem.place.key) == ("sources/portal.yml", line, "fetch.schedule")
    assert "hour: «25» is not" in problem.message_en


def test_a_schedule_of_a_source_runs_it_and_what_depends_on_it(site: Site) -> None:
    from orchestration.build_definitions import build_definitions

    add_portal(site, "https://services.example.org", '  schedule: "0 5 * * 1"\n')
    definitions = build_definitions(load_workspace(site.folder))
    schedule = definitions.resolve_schedule_def("fetch__portal_schedule")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 5 * * 1", "Asia/Ho_Chi_Minh")
    keys = definitions.resolve_job_def("fetch__portal").asset_layer.selected_asset_keys
    paths = {"/".join(key.path) for key in keys}
    assert {"intake/portal/landed", "intake/portal/accepted", "marts/mart_ratio", "release/published"} <= paths
    assert not any(path.startswith(("intake/costs", "intake/dossiers")) for path in paths)
