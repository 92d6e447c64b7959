"""Data Docs say what a rule checks, its threshold, of how many rows, how many failed, and the first failing cells."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from tidy_tables import tidy_row

from expectations.data_docs import INDEX, data_docs
from expectations.rules import CheckKind, load_rule_book
from ingest.contract import Severity

from .conftest import Court

TITLE = {"vi": "Thử nghiệm <b>", "en": "Trial"}
ROWS = [tidy_row(), tidy_row(cell="D5", organisation_code="02", value=-5), tidy_row(cell="E5", value=600_000)]


class _References(HTMLParser):
    """Everything a page would ask for, and every place it can be led to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: set[str] = set()
        self.places: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in {"href", "src", "srcset", "action", "data"}:
                self.targets.add(value or "")
            if name == "id":
                self.places.add(value or "")


@pytest.fixture(scope="module")
def judged(judge_rows_once: Court):
    return judge_rows_once(ROWS)


@pytest.fixture(scope="module")
def site(judged) -> dict[str, bytes]:
    names = {"intake.one_stop_shop": {"vi": "Một cửa", "en": "One-stop shop"}}
    return data_docs([judged.record], title=TITLE, names=names, book=load_rule_book())


def test_a_page_tells_rule_threshold_rows_failures_and_cells(site, judged):
    page = site["data_docs/intake.one_stop_shop.html"].decode()
    finding = next(row for row in judged.findings.to_pylist() if row["rule_id"] == "VAL-01")
    rule = load_rule_book().rules["VAL-01"]
    for said in (rule.title.vi, rule.title.en, finding["cell"], finding["observed"], "<b>1</b> / 3"):
        assert said in page
    assert finding["message_en"].replace("'", "&#39;") in page.replace("&#34;", '"')
    assert "relative_deviation = " in page  # thresholds stand beside the checks


def test_every_check_of_the_gate_is_told_with_what_great_expectations_counted(site, judged):
    record = json.loads(site["data_docs/validations/intake.one_stop_shop.json"])
    told = {check["check_id"]: check for check in record["checks"]}
    counted = {
        one["expectation_config"]["kwargs"]["check_id"]: one["result"]["observed_value"]
        for suite in record["validations"]
        for one in suite["results"]
        if "check_id" in one["expectation_config"]["kwargs"]
    }
    assert set(counted) == {outcome.check_id for outcome in judged.outcomes}
    assert {check_id: told[check_id]["failed"] for check_id in counted} == counted
    assert told["VAL-01"]["rows_looked_at"] == 3
    # a set check looks at what no check before it held back
    assert {told[check_id]["rows_looked_at"] for check_id in counted} >= {2, 3}
    assert len(record["checks"]) > 70


def test_pages_ask_for_nothing_and_every_link_leads_somewhere(site):
    pages = {name: _References(text.decode()) for name, text in site.items() if name.endswith(".html")}
    assert INDEX in pages
    for name, page in pages.items():
        assert page.tags.isdisjoint({"script", "img", "iframe", "object", "embed", "form", "base"}), name
        for target in page.targets - {"data:,"}:
            file, _, place = target.partition("#")
            led_to = f"data_docs/{file}" if file else name
            assert led_to in site, (name, target)
            assert not place or place in pages[led_to].places, (name, target)
        style = site[name].decode().partition("</style>")[0]
        assert "url(" not in style
        assert "@import" not in style
        assert b"https://" not in site[name]
        assert b"http://" not in site[name]


def test_equal_judgements_give_equal_bytes_and_text_is_escaped(site, judge_rows_once: Court):
    names = {"intake.one_stop_shop": {"vi": "Một cửa", "en": "One-stop shop"}}
    again = data_docs([judge_rows_once(ROWS).record], title=TITLE, names=names, book=load_rule_book())
    assert again == site
    assert b"Th\xe1\xbb\xad nghi\xe1\xbb\x87m &lt;b&gt;" in site[INDEX]


def test_signs_of_gaming_stand_on_no_page(site):
    book = load_rule_book()
    signs = [
        rule
        for rule in book.rules.values()
        if rule.checks and all(c.kind is CheckKind.SIGNAL or c.severity is Severity.INTEGRITY for c in rule.checks)
    ]
    assert len(signs) > 3
    for text in map(bytes.decode, site.values()):
        assert [rule.id for rule in signs if f"{rule.id}<" in text or f'"{rule.id}' in text] == []
        assert "INTEGRITY" not in text
        assert [rule.id for rule in signs if rule.title.en in text] == []


def test_without_a_record_there_is_no_site():
    with pytest.raises(ValueError, match="no gate left a record"):
        data_docs([], title=TITLE, names={}, book=load_rule_book())
