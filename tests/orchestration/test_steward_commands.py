"""``outturn findings``, ``alerts`` and ``signoff`` as people call them, over one workspace that real runs have filled.

The tests tell one story, in the order in which they stand: a quarter comes in with a slip, a file that is none and an
API that is down; the desk settles, signs, and the mended file closes what it mends.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.end_to_end

SETTINGS = """\
disclosure: {audiences: []}
stewards:
  - {code: OFFICE, name: {vi: "Văn phòng", en: "Office"}, email: office@example.org, language: en, superior: BOSS}
  - {code: HP, name: {vi: "Hải Phòng", en: "Hai Phong"}, email: hp@example.org, roles: [SU], organisations: ["31"]}
  - {code: BOSS, name: {vi: "Cấp trên", en: "Superior"}, email: boss@example.org, language: en}
alerts:
  - {name: hook, kind: webhook, address_from: TRIAL_HOOK, severity: WARN}
"""
PORTAL = """\
name: {{vi: Cổng, en: Portal}}
steward: OFFICE
fetch: {{api: json, url: "{url}/v1/dossiers", message: {{records: items}},
  limits: {{attempts: 1, backoff_seconds: 0.01}}}}
tables:
  - header: [office, quarter, resolved]
    organisation: {{column: office}}
    period: {{column: quarter}}
    values: {{columns: resolved, indicator: RESOLVED}}
"""
#: The third province hands nothing in, although it owes it: the release gate warns (SUB-02).
WRONG = [("Hà Nội", 1000, 900), ("Hải Phòng", 50, -40)]
MENDED = [("Hà Nội", 1000, 900), ("Hải Phòng", 50, 40)]


class Office:
    """The site, with short ways to ask the desk."""

    def __init__(self, site: Any, server: Any) -> None:
        self.site, self.server = site, server

    def cases(self, *more: str) -> list[dict[str, Any]]:
        result = self.site.call("findings", "list", "--json", *more)
        assert result.status == 0, result.output
        return [json.loads(line) for line in result.output.splitlines()]

    def case(self, rule: str, *more: str) -> dict[str, Any]:
        [case] = self.cases("--rule", rule, *more)
        return case


@pytest.fixture(scope="module")
def office(new_site: Any, new_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    server = new_server()
    server.answer = lambda asked: server.reply(b"gone", status=503)
    site = new_site(tmp_path_factory.mktemp("steward") / "workspace")
    settings = site.folder / "workspace.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    dossiers = site.folder / "sources/dossiers.yml"
    dossiers.write_text(dossiers.read_text(encoding="utf-8") + "steward: OFFICE\n", encoding="utf-8")
    (site.folder / "sources/portal.yml").write_text(PORTAL.format(url=server.url), encoding="utf-8")
    wrong = site.write_dossiers("received=2025-08-10/hoso_2025-Q2.xlsx", WRONG)
    (wrong.parent / "link_2025-Q2.xlsx").symlink_to(wrong)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OUTTURN_SMTP_HOST", "TRIAL_HOOK", "OUTTURN_USER", "OUTTURN_LANGUAGE"):
            patch.delenv(name, raising=False)
        first = site.call("run")
        assert first.status == 1, first.output
        yield Office(site, server)
    server.stop()


def test_a_slip_a_file_that_is_none_and_a_silent_api_each_have_a_case(office: Office) -> None:
    slip = office.case("VAL-01")
    assert (slip["cell"], slip["observed"], slip["steward"]) == ("C4", "-40", "HP")
    refused = office.case("LAND-01")
    assert refused["file_name"] == "received=2025-08-10/link_2025-Q2.xlsx"
    assert (refused["source_code"], refused["steward"], refused["severity"]) == ("dossiers", "OFFICE", "BLOCK")
    silent = office.case("LAND-02")
    assert (silent["source_code"], silent["steward"]) == ("portal", "OFFICE")
    assert silent["file_name"] == f"{office.server.url}/v1/dossiers"
    shown = office.site.call("findings", "show", refused["case_id"])
    assert "symbolic link" in shown.output


def test_what_the_release_gate_found_is_at_the_desk_at_once(office: Office) -> None:
    found = [case for case in office.cases("--rule", "SUB-02") if case["gate"] == "release"]
    assert [(case["severity"], case["period_code"]) for case in found] == [("WARN", "2025-Q2")]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_and_a_case_speak_the_language_asked_for(office: Office, language: str) -> None:
    listed = office.site.call("--language", language, "findings")
    assert listed.status == 0
    assert "hoso_2025-Q2.xlsx › Biểu 1!C4" in listed.output
    slip = office.case("VAL-01")
    shown = office.site.call("--language", language, "findings", "show", slip["case_id"][:8])
    words = {"vi": "không thể", "en": "cannot"}
    assert words.pop(language) in shown.output
    assert not any(word in shown.output for word in words.values())


def test_filters_narrow_the_list(office: Office) -> None:
    everything = office.cases("--state", "all")
    assert len(everything) > 3
    for arguments in (("--organisation", "31"), ("--severity", "QUARANTINE"), ("--steward", "HP")):
        assert [case["rule_id"] for case in office.cases(*arguments) if case["gate"] == "intake"] == ["VAL-01"]
    assert len(office.cases("--source", "portal")) == 1
    assert office.cases("--overdue") == []
    limited = office.site.call("--language", "en", "findings", "list", "--limit", "1")
    assert limited.status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("findings", "list", "--source", "dosiers"), "dossiers"),
        (("findings", "list", "--steward", "NOBODY"), "NOBODY"),
        (("findings", "list", "--rule", "VAL-99"), "VAL-99"),
        (("findings", "list", "--organisation", "99"), "99"),
        (("findings", "list", "--state", "opne"), "opne"),
        (("findings", "list", "--period", "2025-Q7"), "2025-Q7"),
        (("findings", "list", "--limit", "0"), "--limit"),
        (("findings", "show", "zzzz"), "zzzz"),
        (("findings", "show", ""), "findings list"),
        (("findings", "ack"), "ID"),
        (("findings", "assign", "ID", "--to", "NOBODY"), "NOBODY"),
        (("findings", "waive", "ID"), "--reason"),
        (("findings", "waive", "ID", "--reason", "x", "--until", "31/12/2026"), "31/12/2026"),
        (("findings", "waive", "ID", "--reason", "x", "--until", "2020-01-01"), "2020-01-01"),
        (("findings", "resolve", "ID", "--how", "perhaps", "--reason", "x"), "perhaps"),
        (("findings", "waive", "RELEASE", "--reason", "x"), "RAT-07|SUB-02|FRESH-01"),
        (("findings", "waive", "LAND", "--reason", "x"), "LAND-01"),
        (("alerts", "list", "--state", "lost"), "lost"),
        (("alerts", "test"), "OFFICE"),
        (("alerts", "test", "--steward", "NOBODY"), "OFFICE"),
        (("alerts", "test", "--steward", "OFFICE"), "OUTTURN_SMTP_HOST"),
        (("alerts", "test", "--channel", "hook"), "TRIAL_HOOK"),
        (("alerts", "retry", "zzzz"), "zzzz"),
        (("signoff", "prepare", "--organisation", "99", "--period", "2025-Q1"), "99"),
        (("signoff", "prepare", "--organisation", "01", "--period", "2025-Q9"), "2025-Q9"),
        (("signoff", "prepare", "--organisation", "01", "--period", "2025-Q1", "--source", "nope"), "nope"),
        (("signoff", "prepare", "--organisation", "01", "--period", "2024-Q1"), "2024-Q1"),
        (("signoff", "approve", "--organisation", "01", "--period", "2025-Q1"), "signoff prepare"),
        (("signoff", "withdraw", "--organisation", "01", "--period", "2025-Q1"), "--reason"),
        (("signoff", "withdraw", "--organisation", "01", "--period", "2025-Q1", "--reason", "x"), "2025-Q1"),
        (("signoff", "show", "--period", "2025-Q1"), "--organisation"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_wrong_use_gives_one_clear_error_and_changes_nothing(
    office: Office, language: str, arguments: tuple[str, ...], words: str
) -> None:
    ids = {
        "ID": lambda: office.case("VAL-01")["case_id"],
        "LAND": lambda: office.case("LAND-01")["case_id"],
        "RELEASE": lambda: next(case for case in office.cases() if case["gate"] == "release")["case_id"],
    }
    log = office.site.call("findings", "log").output
    result = office.site.call("--language", language, *(ids[a]() if a in ids else a for a in arguments))
    assert result.status == 2
    assert result.output.count("Error: ") == 1
    assert "Traceback" not in result.output
    said = result.output.partition("Error: ")[2]
    assert any(word in said for word in words.split("|")), said
    assert office.site.call("findings", "log").output == log


def test_decisions_are_taken_told_and_logged(office: Office) -> None:
    site, case_id = office.site, office.case("VAL-01")["case_id"]
    assert "HP" in site.call("findings", "ack", case_id[:8], "--as", "HP").output
    assert site.call("findings", "explain", case_id, "--reason", "Typing slip", "--as", "HP").status == 0
    assert site.call("findings", "assign", case_id, "--to", "OFFICE", "--as", "HP").status == 0
    case = office.case("VAL-01")
    assert (case["state"], case["steward"], case["explanation"]) == ("assigned", "OFFICE", "Typing slip")
    resolved = site.call("findings", "resolve", case_id, "--how", "corrected", "--reason", "Mended", "--as", "OFFICE")
    assert resolved.status == 0
    assert office.cases("--rule", "VAL-01") == []
    log = site.call("--language", "en", "findings", "log", case_id[:8]).output
    steps = ["opened", "acknowledged", "explained", "assigned", "resolved"]
    assert [log.index(step) for step in steps] == sorted(log.index(step) for step in steps)


def test_alerts_wait_as_long_as_no_way_is_set(office: Office) -> None:
    listed = office.site.call("--language", "en", "alerts")
    assert listed.status == 0
    assert "HP" in listed.output
    assert "waiting" in listed.output
    sent = office.site.call("--language", "en", "alerts", "send")
    assert sent.status == 0
    vietnamese = office.site.call("--language", "vi", "alerts", "list", "--state", "sent")
    assert "Hộp thư đi trống" in vietnamese.output


def test_two_people_sign_and_a_change_shows(office: Office) -> None:
    scope = ("--organisation", "VN", "--period", "2025-Q2")
    site = office.site
    assert site.call("signoff", "prepare", *scope, "--as", "analyst").status == 0
    same = site.call("--language", "vi", "signoff", "approve", *scope, "--as", "analyst")
    assert same.status == 2
    assert "Người duyệt phải khác người lập" in same.output
    assert site.call("signoff", "approve", *scope, "--as", "director").status == 0
    assert "signed" in site.call("--language", "en", "signoff", "show", *scope).output
    assert "đã duyệt" in site.call("--language", "vi", "signoff", "list").output


def test_the_mended_file_and_the_api_that_answers_close_their_cases(office: Office) -> None:
    site = office.site
    site.write_dossiers("received=2025-08-20/hoso_2025-Q2.xlsx", MENDED)
    (site.folder / "inbox/dossiers/received=2025-08-10/link_2025-Q2.xlsx").unlink()
    items = [{"office": code, "quarter": "2025-Q3", "resolved": 640} for code in ("01", "31", "48")]
    office.server.answer = lambda asked: office.server.reply(json.dumps({"items": items}).encode())
    release_cases = {case["case_id"] for case in office.cases("--state", "all") if case["gate"] == "release"}
    assert site.call("run").status == 0
    assert [case for case in office.cases() if case["gate"] == "intake"] == []
    closed = {case["rule_id"]: case for case in office.cases("--state", "closed") if case["gate"] == "intake"}
    assert closed["VAL-01"]["resolution"] == "resubmission"
    assert {closed[rule]["resolution"] for rule in ("LAND-01", "LAND-02")} == {"no_longer_found"}
    # the cases of the run before, those of the release gate too, are in this release for BI tools
    published = site.query("select case_id, gate, rule_id from quality.mart_finding_case")
    assert release_cases <= {case_id for case_id, gate, _ in published if gate == "release"}
    assert {"VAL-01", "LAND-01", "LAND-02"} <= {rule for *_, rule in published}
    shown = site.call("--language", "en", "signoff", "show", "--organisation", "VN", "--period", "2025-Q2")
    assert shown.status == 1
    assert "changed since it was signed" in shown.output
    assert "40" in shown.output
    signed = "select source_code, organisation_code, period_code, signoff_status from marts.mart_submission where {}"
    assert {row[3] for row in site.query(signed.format("period_code = '2025-Q2'"))} == {"changed"}
    assert {row[3] for row in site.query(signed.format("period_code = '2025-Q1'"))} == {"unsigned"}
    withdrawn = ("--organisation", "VN", "--period", "2025-Q2", "--reason", "Mended", "--as", "director")
    assert site.call("signoff", "withdraw", *withdrawn).status == 0
