"""Loading a workspace: what it holds, what is owed, and what happens when a part of it is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.contract import OBLIGATION, SOURCE
from ingest.problem import ProblemsError
from ingest.workspace import WorkspaceError, load_workspace, obligations, source_table
from ingest.workspace.scaffold import template_files, write_workspace

SETTINGS = "name: {vi: Thử, en: Trial}\n"
STEWARD = "stewards: [{code: SERVICES, name: {vi: Đầu mối, en: Desk}}]\n"
SOURCE_FILE = "sources/service_counters.yml"
TEMPLATE_SOURCE = template_files()[SOURCE_FILE].decode()
TEMPLATE_INDICATORS = template_files()["registry/indicators.csv"].decode()

#: What is wrong → content of workspace.yml, line, and words of the message in both languages.
WRONG_SETTINGS: dict[str, tuple[str, int, str, str]] = {
    "misspelt_key": (SETTINGS + STEWARD + "time_zon: UTC\n", 3, "time_zone", "did you mean «time_zone»"),
    "name_in_one_language": ("name: {vi: Thử}\n" + STEWARD, 1, "bắt buộc", "required"),
    "unknown_time_zone": (SETTINGS + STEWARD + "time_zone: Asia/Hanoi\n", 3, "Asia/Hanoi", "Asia/Ho_Chi_Minh"),
    "unknown_language": (SETTINGS + STEWARD + "languages: [vi, fr]\n", 3, "«fr»", "'vi' or 'en'"),
    "unknown_weekday": (SETTINGS + STEWARD + "weekend: [caturday]\n", 3, "caturday", "caturday"),
    "schedule_of_three_fields": (SETTINGS + STEWARD + "schedule: 0 2 *\n", 3, "five fields", "five fields"),
    "calendar_of_unknown_kind": (
        SETTINGS + STEWARD + "calendars:\n  - {code: LUNAR, kind: lunar, name: {vi: Âm lịch, en: Lunar}}\n",
        4,
        "lunar",
        "lunar",
    ),
    "list_calendar_with_a_gap": (
        SETTINGS + STEWARD + "calendars:\n  - code: TERM\n    kind: list\n    name: {vi: Kỳ, en: Term}\n    periods:\n"
        "      - {code: T1, start: 2021-01-01, end: 2024-12-31, name: {vi: Một, en: One}}\n"
        "      - {code: T2, start: 2026-01-01, end: 2030-12-31, name: {vi: Hai, en: Two}}\n",
        4,
        "2025-01-01 to 2025-12-31",
        "2025-01-01 to 2025-12-31",
    ),
    "calendar_twice": (
        SETTINGS
        + STEWARD
        + "calendars:\n"
        + "  - {code: FY, kind: fiscal, start_month: 4, name: {vi: Năm, en: Year}}\n" * 2,
        4,
        "already used",
        "already used",
    ),
    "holiday_that_ends_before_it_starts": (
        SETTINGS + STEWARD + "holidays:\n  - {start: 2026-02-20, end: 2026-02-16}\n",
        4,
        "2026-02-16",
        "2026-02-16",
    ),
    "steward_with_a_secret_for_an_address": (
        SETTINGS + "stewards: [{code: SERVICES, name: {vi: A, en: A}, email: no address}]\n",
        2,
        "no address",
        "no address",
    ),
    "deputy_nobody_knows": (
        SETTINGS + "stewards: [{code: SERVICES, name: {vi: A, en: A}, deputy: NOBODY}]\n",
        2,
        "NOBODY",
        "NOBODY",
    ),
    "alert_with_an_address_in_clear": (
        SETTINGS + STEWARD + "alerts: [{name: ops, address_from: 'https://hooks.example.org/x'}]\n",
        3,
        "^[A-Z]",
        "^[A-Z]",
    ),
    "yaml_that_does_not_close": (SETTINGS + STEWARD + "calendars: [\n", 4, "YAML", "YAML"),
    "list_instead_of_keys": ("- name\n", 1, "khóa: giá trị", "key: value"),
}


@pytest.mark.parametrize("wrong", WRONG_SETTINGS)
def test_settings_with(wrong: str, write: Any) -> None:
    content, line, vi, en = WRONG_SETTINGS[wrong]
    with pytest.raises(WorkspaceError) as refusal:
        load_workspace(write({"workspace.yml": content}))
    found = [problem for problem in refusal.value.problems if problem.file == "workspace.yml"]
    assert [problem.place.row for problem in found] == [line], refusal.value.text()
    assert vi in found[0].message_vi
    assert en in found[0].message_en
    assert f"row {line}" in str(refusal.value)


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="outturn init"):
        load_workspace(tmp_path)


def test_settings_and_registry_report_together(write: Any) -> None:
    folder = write(
        {
            "workspace.yml": SETTINGS + "nonsense: 1\n",
            "registry/organisations.csv": "code,name_vi,name_en,level,parent_code\nA,A,A,city,A\n",
        }
    )
    with pytest.raises(WorkspaceError) as refusal:
        load_workspace(folder)
    assert {problem.file for problem in refusal.value.problems} >= {"workspace.yml", "registry/organisations.csv"}


@pytest.mark.parametrize(
    ("replaced", "by", "column"),
    [(",SERVICES", ",NOBODY", "steward"), (",sum,Q,", ",sum,W,", "frequency")],
    ids=["unknown_steward", "frequency_the_calendar_lacks"],
)
def test_a_registry_that_does_not_agree_with_the_settings(write: Any, replaced: str, by: str, column: str) -> None:
    indicators = TEMPLATE_INDICATORS.replace("frequency,", "frequency,calendar,").replace(",Q,", ",Q,VNR,")
    wrong = indicators.replace(replaced, by, 1) if column == "steward" else indicators.replace(",Q,VNR", ",W,VNR", 1)
    with pytest.raises(WorkspaceError) as refusal:
        load_workspace(write({"registry/indicators.csv": wrong}))
    assert [(problem.place.row, problem.place.column) for problem in refusal.value.problems] == [(2, column)]


@pytest.mark.parametrize(("frequency", "is_sound"), [("", False), (", frequency: A", True)])
def test_yearly_indicators_of_a_calendar_of_named_years(write: Any, frequency: str, is_sound: bool) -> None:
    years = "{code: BS2081, start: 2024-07-16, end: 2025-07-16, name: {vi: 2081/82, en: 2081/82}}"
    calendar = f"  - {{code: BS, kind: list{frequency}, name: {{vi: a, en: b}}, periods: [{years}]}}\n"
    settings = SETTINGS + STEWARD + "calendars:\n" + calendar
    yearly = TEMPLATE_INDICATORS.replace("frequency,", "frequency,calendar,").replace(",Q,", ",A,BS,")
    folder = write({"workspace.yml": settings, "registry/indicators.csv": yearly})
    if is_sound:
        load_workspace(folder)
    else:
        with pytest.raises(WorkspaceError, match="only R; each is a year: frequency: A of the calendar"):
            load_workspace(folder)


def test_an_indicator_of_an_undeclared_calendar(write: Any) -> None:
    wrong = TEMPLATE_INDICATORS.replace("frequency,", "frequency,calendar,").replace(",Q,", ",Q,FY,")
    with pytest.raises(WorkspaceError, match="there are: CAL, VNR"):
        load_workspace(write({"registry/indicators.csv": wrong}))


def test_a_target_for_a_period_of_no_calendar(write: Any) -> None:
    targets = "measure_code,organisation_code,period_code,kind,value\nON_TIME_SHARE,CITY,2025-Q9,final,95\n"
    with pytest.raises(WorkspaceError, match=r"row 2, column period_code"):
        load_workspace(write({"registry/targets.csv": targets}))


@pytest.mark.parametrize(
    ("replaced", "by", "says"),
    [
        ("tables:", "tabels:", "did you mean"),
        ("steward: SERVICES", "steward: NOBODY", "stewards of workspace.yml"),
        ("calendar: CAL", "calendar: LUNAR", "there are: CAL, VNR"),
        ("level: district", "level: village", "village"),
        ("level: district", "organisation: X", "«X»"),
        ("calendar: CAL, frequency: Q", "calendar: VNR, frequency: W", "no periods of frequency W"),
    ],
    ids=[
        "misspelt_key",
        "unknown_steward",
        "unknown_calendar",
        "unknown_level",
        "unknown_organisation",
        "no_such_periods",
    ],
)
def test_a_broken_source_is_set_aside_and_the_others_go_on(write: Any, replaced: str, by: str, says: str) -> None:
    assert replaced in TEMPLATE_SOURCE
    workspace = load_workspace(write({"sources/broken.yml": TEMPLATE_SOURCE.replace(replaced, by)}))
    assert list(workspace.sources) == ["service_counters"]
    assert list(workspace.broken_sources) == ["broken"]
    messages = [problem.text("en") for problem in workspace.broken_sources["broken"]]
    assert any(says in message for message in messages), messages
    assert all(message.startswith("sources/broken.yml") for message in messages)


#: A constant of the template's source → what it becomes, and words of the message in both languages.
WRONG_CONSTANTS: dict[str, tuple[str, str, str, str]] = {
    "indicator": ("indicator: RESOLVD", "RESOLVD", "có phải «RESOLVED»", "did you mean «RESOLVED»"),
    "organisation": ("organisation: CITTY", "CITTY", "tổ chức", "did you mean «CITY»"),
    "unit": ("unit: hồ sơơ", "hồ sơơ", "đơn vị tính", "unit"),
    "unit_of_another_kind": ("unit: triệu đồng", "triệu đồng", "không quy đổi được", "cannot be converted"),
    "target_group": ("target_group: {SEKS: F}", "SEKS", "phân tổ", "dimension"),
    "period": ("period: 2025-Q9", "2025-Q9", "không lịch nào", "no calendar"),
    "calendar": ("period: {column: Kỳ, calendar: CALL}", "CALL", "«CAL»", "did you mean «CAL»"),
    "level": ("organisation: {column: Đơn vị, level: distrikt}", "distrikt", "«district»", "did you mean «district»"),
}
CONSTANT_SOURCE = """name: {vi: Thử, en: Trial}
constants: {organisation: CITY, period: "2025-Q1"}
tables:
  - header: [Đơn vị, Số]
    values:
      - columns: Số
        indicator: RESOLVED
"""


def test_constants_that_are_registered(write: Any) -> None:
    assert not load_workspace(write({"sources/sound.yml": CONSTANT_SOURCE})).broken_sources


@pytest.mark.parametrize("wrong", WRONG_CONSTANTS)
def test_a_constant_that_is_not_registered_is_one_error_at_its_line(write: Any, wrong: str) -> None:
    key, said, vi, en = WRONG_CONSTANTS[wrong]
    lines = CONSTANT_SOURCE.splitlines()
    lines[6:7] = [f"        {key}"] if wrong == "indicator" else [lines[6], f"        {key}"]
    workspace = load_workspace(write({"sources/broken.yml": "\n".join(lines) + "\n"}))
    [problem] = workspace.broken_sources["broken"]
    assert problem.file == "sources/broken.yml"
    assert (problem.place.row, problem.place.column != "") == (len(lines), True)
    assert f"«{said}»" in problem.message_vi
    assert vi in problem.message_vi
    assert en in problem.message_en
    assert "service_counters" in workspace.sources


#: Codes in maps and totals → the line they go to, what stands there, and words of the message.
WRONG_CODES: dict[str, tuple[str, str, str]] = {
    "label_map_indicator": ("labels: {indicator: {Tiếp nhận: RESOLVD}}", "RESOLVD", "did you mean «RESOLVED»"),
    "label_map_organisation": ('labels: {organisation: {Phố: "CITTY@1900-01-01"}}', "CITTY", "no organisation"),
    "label_map_member": ("labels: {SEKS: {Nam: M}}", "SEKS", "no dimension"),
    "label_map_period": ("labels: {period: {Kỳ I: 2025-Q9}}", "2025-Q9", "no calendar"),
    "label_map_unit": ("labels: {unit: {hs: hồ sơơ}}", "hồ sơơ", "no unit"),
    "label_map_status": ("labels: {status: {Ước: EE}}", "EE", "no status"),
    "map_of_a_component": ("    indicator: {column: Số, map: {Tiếp nhận: RESOLVD}}", "RESOLVD", "«RESOLVED»"),
    "total": ("    totals: [{rows: Tổng, of: organisation, organisation: CITTY}]", "CITTY", "no organisation"),
}


@pytest.mark.parametrize("wrong", WRONG_CODES)
def test_a_code_in_a_map_or_a_total_that_is_not_registered_is_one_error_at_its_line(write: Any, wrong: str) -> None:
    line, said, en = WRONG_CODES[wrong]
    workspace = load_workspace(write({"sources/broken.yml": f"{CONSTANT_SOURCE}{line}\n"}))
    [problem] = workspace.broken_sources["broken"]
    assert (problem.place.row, f"«{said}»" in problem.message_en, en in problem.message_en) == (8, True, True)


def test_a_code_in_the_label_map_beside_a_source_is_an_error_at_its_line_there(write: Any) -> None:
    label_map = "component,label,code\nindicator,Xong,RESOLVED\nindicator,Nhận,RESOLVD\norganisation,Chợ,\n"
    folder = write({"sources/broken.yml": CONSTANT_SOURCE, "sources/broken.labels.csv": label_map})
    [problem] = load_workspace(folder).broken_sources["broken"]
    assert (problem.file, problem.place.row) == ("sources/broken.labels.csv", 3)
    assert "did you mean «RESOLVED»" in problem.message_en


@pytest.mark.parametrize("name", ["none", "một cửa"])
def test_a_source_name_that_cannot_be_a_folder_of_the_state_is_refused(write: Any, name: str) -> None:
    workspace = load_workspace(write({f"sources/{name}.yml": TEMPLATE_SOURCE}))
    assert list(workspace.broken_sources) == [name]


def test_the_template_is_a_whole_workspace(write: Any) -> None:
    folder = write()
    workspace = load_workspace(folder)
    assert not workspace.broken_sources
    assert [len(workspace.registry.tables[name]) for name in ("organisations", "indicators", "ratios")] == [3, 2, 1]
    assert workspace.registry.ratios[0].ratio_type == "quality_share"
    for code, source in workspace.sources.items():
        handed_in = [path for pattern in source.files for path in workspace.inbox_dir(code).rglob(pattern)]
        assert handed_in, f"nothing to read for {code}"
    assert workspace.state_dir == folder.resolve() / ".outturn"
    assert workspace.calendars.codes == ("CAL", "VNR")


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ProblemsError, match="empty"):
        write_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_comments_change_no_fingerprint_and_settings_do(write: Any) -> None:
    folder = write()
    before = load_workspace(folder).settings_fingerprint
    path = folder / "workspace.yml"
    path.write_text("# a remark\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_workspace(folder).settings_fingerprint == before
    path.write_text(path.read_text(encoding="utf-8").replace("day: 15", "day: 16"), encoding="utf-8")
    assert load_workspace(folder).settings_fingerprint != before


def test_rules_of_the_workspace_have_a_fingerprint(write: Any) -> None:
    folder = write()
    before = load_workspace(folder).rules_fingerprint
    (folder / "rules").mkdir()
    (folder / "rules" / "local.yml").write_text("{}\n", encoding="utf-8")
    assert load_workspace(folder).rules_fingerprint != before


def test_what_is_owed_and_by_when(write: Any) -> None:
    """Ten working days after the quarter, over New Year's Day and the April holidays of the template."""
    workspace = load_workspace(write())
    owed = obligations(workspace, {"service_counters": (date(2025, 10, 1), date(2026, 7, 1))})
    assert owed.schema == OBLIGATION.schema
    assert [(row["period_code"], row["due_date"]) for row in owed.to_pylist()] == [
        ("2025-Q4", date(2026, 1, 15)),
        ("2026-Q1", date(2026, 4, 14)),
        ("2026-Q2", date(2026, 7, 14)),
    ]
    assert {row["organisation_level"] for row in owed.to_pylist()} == {"district"}


def test_nothing_is_owed_before_a_source_began_nor_for_a_period_still_running(write: Any) -> None:
    workspace = load_workspace(write())
    assert obligations(workspace, {}).num_rows == 0
    part = obligations(workspace, {"service_counters": (date(2026, 1, 15), date(2026, 6, 30))})
    assert part.num_rows == 0


def test_deadlines_in_days(write: Any) -> None:
    source = TEMPLATE_SOURCE.replace("{working_days: 10}", "{days: 20}").replace(
        "level: district", "organisation: CITY"
    )
    workspace = load_workspace(write({SOURCE_FILE: source}))
    owed = obligations(workspace, {"service_counters": (date(2026, 1, 1), date(2026, 4, 1))}).to_pylist()
    assert [(row["due_date"], row["organisation_code"], row["organisation_level"]) for row in owed] == [
        (date(2026, 4, 20), "CITY", None)
    ]


def test_the_table_of_sources(write: Any) -> None:
    table = source_table(load_workspace(write()))
    assert table.schema == SOURCE.schema
    row = table.to_pylist()[0]
    assert (row["source_code"], row["name_vi"], row["steward"]) == ("service_counters", "Bộ phận một cửa", "SERVICES")
    assert row["recipe_version"]
