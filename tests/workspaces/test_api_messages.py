"""Five kinds of API asked over HTTP on loopback, which answers with the messages that the real ones published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.shared_cases, pytest.mark.end_to_end]

CASE = "03-api-messages"
HOST = re.compile(r"http://(?!127)([a-z.]+)/")


class PublishedApis:
    """Answers by host (the first part of the path here) as the publishers did; counts what it was asked."""

    def __init__(self, case: Path, reply: Any) -> None:
        self.case, self.reply = case, reply

    def __call__(self, asked: Any) -> Any:
        host, _, path = asked.path.removeprefix("/").partition("/")
        headers = {"ETag": f'"{host}"', "Content-Type": "text/xml" if host == "ec.europa.eu" else "application/json"}
        if asked.headers.get("if-none-match") == headers["ETag"]:
            return self.reply(status=304)
        file = self._file(host, path, asked)
        return self.reply(file.read_bytes(), headers=headers) if file.is_file() else self.reply(status=404)

    def _file(self, host: str, path: str, asked: Any) -> Path:
        if host == "api.worldbank.org":
            return self.case / "worldbank-v1-json" / f"{path.rpartition('/')[2]}.page{asked.one('page')}.json"
        if host == "ec.europa.eu":
            name = "DSD_cdh_e_fos.xml" if "/datastructure/" in path else "cdh_e_fos.xml"
            return self.case / "sdmx-ml-eurostat" / name
        if host == "api.scb.se":
            [region] = [part for part in json.loads(asked.body)["query"] if part["code"] == "Region"]
            assert (asked.method, region["selection"]["values"]) == ("POST", ["25"])
            return self.case / "pxweb-jsonstat-scb" / "statswe.json"
        if host == "www.icane.es":
            return self.case / "jsonstat2-icane" / "cantabria.json"
        name = f"datastore_search_{asked.one('resource_id')[:8]}_offset{asked.one('offset')}.json"
        return self.case / "ckan-datastore-canada" / name


def countries(case: Path) -> list[dict[str, str]]:
    """The countries of the World Bank's answer, by their codes there."""
    rows = [row for path in sorted(case.glob("worldbank-v1-json/SP*.json")) for row in json.loads(path.read_bytes())[1]]
    names = {row["country"]["id"]: row["country"]["value"] for row in rows}
    return [{"code": code, "name_vi": name, "name_en": name, "level": "country"} for code, name in names.items()]


@pytest.fixture(scope="module")
def workspace(real_workspace: Any, new_server: Any) -> Iterator[Any]:
    """The workspace with the addresses of the real hosts led to the server here; nothing else is changed."""
    made, running = real_workspace("api_messages", CASE), new_server()
    running.answer = PublishedApis(made.case, new_server.reply)
    for source in (made.folder / "sources").glob("*.yml"):
        (made.folder / "inbox" / source.stem).mkdir(parents=True)
        source.write_text(HOST.sub(rf"{running.url}/\1/", source.read_text(encoding="utf-8")), encoding="utf-8")
    made.add_to_registry("organisations", countries(made.case))
    yield made
    running.stop()


@pytest.fixture(scope="module")
def release(workspace: Any) -> Any:
    return workspace.run()


def test_every_answer_is_taken_in(release: Any) -> None:
    assert release.status == 0, release.output
    rows = release.query("select source_code, medium, status, rows_read, rows_quarantined from core.fct_submission")
    assert sorted(rows) == [
        ("canada_contracts", "api", "accepted", 8, 0),
        ("eurostat", "api", "accepted", 672, 0),
        ("icane", "api", "accepted", 4320, 0),
        ("statistics_sweden", "api", "accepted", 1120, 0),
        ("world_bank", "api", "accepted", 428, 0),
    ]


def test_only_the_records_that_did_not_come_are_amiss(release: Any) -> None:
    """Known answer 4: the server says 248, and 214 are there; the run says so, query by query."""
    rows = release.query(
        "select sheet, observed, expected, severity, message_en from core.fct_finding "
        "where rule_id = 'SUB-05' order by 1"
    )
    assert rows == [
        (
            f"indicator={indicator}",
            "214",
            "248",
            "WARN",
            f"world_bank.api.json: indicator={indicator}: the server announced 248 records, 214 were received.",
        )
        for indicator in ("NY.GDP.MKTP.CD", "SP.POP.TOTL")
    ]
    assert "the server announced 248 records, 214 were received" in " ".join(release.output.split())
    assert release.one("select count(*) from core.fct_finding where severity in ('BLOCK', 'QUARANTINE')") == 0


class TestEurostat:
    """Known answer 1."""

    @pytest.mark.parametrize(
        ("country", "year", "share", "status"),
        [("DK", "2009", 23.71, "A"), ("PT", "2006", 39.05, "A"), ("DE", "2006", 36.65, "A"), ("DE", "2009", None, "O")],
    )
    def test_shares(self, release: Any, country: str, year: str, share: float | None, status: str) -> None:
        [(value, said)] = release.query(
            "select value, obs_status from marts.mart_indicator where indicator_code = 'DOCTORATE_SHARE' "
            "and organisation_code = ? and period_code = ? and target_group_code = 'FIELD=FOS1'",
            country,
            year,
        )
        assert (value and float(value), said) == (share, status)

    def test_not_a_number_is_missing_or_withheld_and_never_zero(self, release: Any) -> None:
        assert dict(
            release.query(
                "select obs_status, count(*) from core.fct_observation where source_code = 'eurostat' group by 1"
            )
        ) == {"A": 236, "V": 4, "U": 6, "O": 421, "Q": 5}  # V: figures that a rule asks to confirm


@pytest.mark.parametrize(
    ("sex", "year", "deaths"), [("M", 1969, 688), ("M", 1996, 717), ("F", 1969, 500), ("F", 1996, 655)]
)
def test_sweden(release: Any, sex: str, year: int, deaths: int) -> None:
    """Known answer 2: all ages are the sum of twenty."""
    assert release.figure("DEATHS_CIRCULATORY", "SE25", str(year), f"SEX={sex}") == deaths


def test_sweden_adds_up(release: Any) -> None:
    assert release.one("select sum(value) from core.fct_observation where source_code = 'statistics_sweden'") == 38_425


class TestCantabria:
    """Known answer 3: thousands of persons become persons, and a year that stands without figures makes none."""

    @pytest.mark.parametrize(("quarter", "unemployed"), [(1, 51_800), (2, 42_300), (3, 34_800), (4, 35_700)])
    def test_unemployed(self, release: Any, quarter: int, unemployed: int) -> None:
        assert release.figure("UNEMPLOYED", "ES13", f"2016-Q{quarter}") == unemployed

    def test_rate(self, release: Any) -> None:
        rate = release.ratio("UNEMPLOYMENT_RATE", "ES13", "2016-Q4")
        assert (rate["numerator"], rate["denominator"]) == (35_700, 276_500)
        assert rate["value"] == pytest.approx(12.9114, abs=5e-5)

    def test_years(self, release: Any) -> None:
        assert (
            release.one(
                "select count(*) from core.fct_observation where source_code = 'icane' and period_code not like '%-Q_'"
            )
            == 0
        )


class TestWorldBank:
    """Known answer 4."""

    def test_gdp_per_head(self, release: Any) -> None:
        ratio = release.ratio("GDP_PER_HEAD", "VN", "2014")
        assert (ratio["numerator"], ratio["denominator"]) == (Decimal("186204652922.262"), 90_728_900)
        assert ratio["value"] == pytest.approx(2052.3191, abs=5e-5)

    def test_population(self, release: Any) -> None:
        assert release.figure("POPULATION", "ZW", "2014") == 15_245_855

    def test_null_is_missing(self, release: Any) -> None:
        assert dict(
            release.query(
                "select obs_status, count(*) from core.fct_observation where indicator_code = 'GDP' group by 1"
            )
        ) == {"A": 185, "O": 29}


def test_canada(release: Any) -> None:
    """Known answer 5: a blank value is missing, and adds nothing."""
    assert release.figure("CONTRACT_VALUE", "CA-CRA", "FY2001-Q4") == 1_099_480.12
    assert release.figure("ORIGINAL_VALUE", "CA-CRA", "FY2001-Q4") == 527_128.79
    assert release.query(
        "select obs_status, value, sheet, cell from core.fct_observation "
        "where indicator_code = 'ORIGINAL_VALUE' and target_group_code = 'CONTRACT=00006'"
    ) == [("O", None, "answer.00001.json", "/result/records/3/original_value")]


TRACED = """\
2 mart_ratio ratio_code=GDP_PER_HEAD organisation_code=VN period_code=2014
2 mart_ratio ratio_code=UNEMPLOYMENT_RATE organisation_code=ES13 period_code=2016-Q4 target_group_code=AGE=Y25T54|SEX=F
20 mart_indicator indicator_code=DEATHS_CIRCULATORY organisation_code=SE25 period_code=1969 target_group_code=SEX=F
1 mart_indicator indicator_code=DOCTORATE_SHARE organisation_code=DK period_code=2009 target_group_code=FIELD=FOS1
4 mart_indicator indicator_code=ORIGINAL_VALUE organisation_code=CA-CRA period_code=FY2001-Q4
"""


@pytest.mark.parametrize("line", TRACED.splitlines())
def test_every_number_is_read_again_in_the_landed_answer(workspace: Any, release: Any, line: str) -> None:
    cells, *keys = line.split()
    status, output = workspace.call("trace", *keys)
    assert status == 0, output
    assert f"{cells} cells; {cells} of them read again" in " ".join(output.split())


def test_asking_again_says_that_nothing_has_changed(workspace: Any, release: Any) -> None:
    again = workspace.run()
    assert again.status == 0, again.output
    assert "Nothing has changed" in again.output
    receipts = (workspace.folder / ".outturn" / "landed" / "receipts").glob("[a-z]*/*.json")
    assert len(list(receipts)) == 5


def test_invariants_hold(release: Any, invariant: Any, rows_that_break: Any) -> None:
    """domain.md 11.3."""
    assert rows_that_break(invariant, release.database) == []
