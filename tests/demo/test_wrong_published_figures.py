"""A figure of a mart that was changed by itself is found by the release gate, or stands in a list with a reason."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.enforcement.validation import memory_database
from expectations.release import judge
from expectations.release.formulas import create_views, rows_compared
from expectations.release.warehouse_tables import attach
from expectations.rules import load_rule_book

pytestmark = pytest.mark.end_to_end

#: Mart and column.
Figure = tuple[str, str]

FORMULA_RULES = ("PUB-02", "PUB-03")
#: Rules that look at the table as a whole, and the figures that they answer for.
FOUND_BY_OTHERS = {
    "PUB-01": [
        ("mart_indicator", "value"),
        ("mart_indicator_as_is", "value"),
    ],
    "RAT-09": [("mart_ratio", "value"), ("mart_ratio", "numerator"), ("mart_ratio", "denominator")],
}
COUNTED = "a count of findings: what is counted stands in tables that a release does not hold in this grain"
#: Figures that nothing in a release can be compared with, and why.
NOT_RECOMPUTED = {
    ("mart_indicator", "open_findings"): COUNTED,
    ("mart_indicator_as_is", "open_findings"): f"{COUNTED}; equal to mart_indicator where nothing was reorganised",
    ("mart_ratio", "open_findings"): COUNTED,
    ("mart_quality", "open_findings"): COUNTED,
    **{
        (mart, f"findings_{severity}"): COUNTED
        for mart in ("mart_quality", "mart_submission")
        for severity in ("block", "quarantine", "warn", "info")
    },
    ("mart_ratio", "share_estimated"): "the split of units by reorganisations is not published; within 0 and 1",
    ("mart_indicator_as_is", "share_estimated"): "as that of mart_ratio; 0 where nothing was reorganised",
    ("mart_quality", "mean_working_days_late"): "a mean over submissions; 0 where all were on time, and only there",
    ("mart_peer_rank", "standardised_value"): "the parts of all peers by group; mart_benchmark has the same",
    ("mart_peer_rank", "observed_over_expected"): "the parts of all peers by group",
    ("mart_portfolio", "sensitivity"): "the middle one of all movements over that of all revisions",
    ("mart_portfolio", "timeliness"): "over the last four periods that were owed",
    ("mart_portfolio", "completeness"): "over the last four periods that were owed",
}
#: Rows of which more can be said: of a flow in matched units, coverage is the part over the whole figure; a rate with
#: the mix of the reference has all groups of it; what no reorganisation touched is as it was. (Of what one touched,
#: flows that everybody below has are added up again, and nothing else.)
PREFERRED = {
    "mart_indicator_as_is": "not is_reorganised",
    "mart_ratio": "structure = 'as_was' and units_matched > 0 and ratio_code = 'PAS_R_UNITCOST'",
    "mart_ratio_standardised": "value_direct is not null",
}


@pytest.fixture(scope="module")
def wrong_release(demo_release: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Figure, int]]:
    """The demo's release with one figure of each column changed, each in a row of its own; and which row it is."""
    path = tmp_path_factory.mktemp("wrong") / "outturn.duckdb"
    shutil.copyfile(demo_release, path)
    changed: dict[Figure, int] = {}
    with duckdb.connect(str(path)) as connection:
        columns = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts' "
            "and (data_type in ('DOUBLE', 'BIGINT', 'INTEGER') or data_type like 'DECIMAL%') "
            "and not ends_with(column_name, '_key') order by all"
        ).fetchall()
        for mart, column, data_type in columns:
            taken = [row for (other, _), row in changed.items() if other == mart]
            free = f'from marts.{mart} where "{column}" is not null and not list_contains(?, rowid)'
            first = PREFERRED.get(mart, "true")
            order = f"not ({first}), \"{column}\" = 0, hash([rowid::varchar, '{column}'])"
            row = connection.execute(f"select rowid {free} order by {order} limit 1", [taken]).fetchone()
            if row is not None:
                more = f'case when "{column}" = 0 then 1000 else "{column}" * 0.9 + 0.001 end'
                wrong = f'"{column}" + 1' if "INT" in data_type else more
                connection.execute(f'update marts.{mart} set "{column}" = {wrong} where rowid = {row[0]}')
                changed[mart, column] = row[0]
    return path, changed


def found_by_formulas(path: Path, changed: dict[Figure, int]) -> set[Figure]:
    """The changed figures whose own row breaks a formula, or whose own formula is broken."""
    found: set[Figure] = set()
    with memory_database("release") as database:
        connection = database.connection
        attach(connection, path, None)
        create_views(connection)
        book = load_rule_book()
        for check in [check for rule in FORMULA_RULES for check in book.rules[rule].checks]:
            assert check.formulas is not None
            compared = rows_compared(connection, check.formulas)
            assert compared is not None, f"{check.name} does not apply to the demo"
            rows, asked = compared
            for name, value in check.thresholds.items():
                rows = re.sub(rf"\${name}\b", f"{value:f}", rows)
            mart = check.formulas.mart
            own = {row: column for (other, column), row in changed.items() if other == mart}
            broken = " or ".join(f'"broken_{name}"' for name in asked)
            names = ", ".join(f"case when \"broken_{name}\" then '{name}' end" for name in asked)
            rows = rows.replace("select concat_ws", "select mart.rowid as row, concat_ws", 1)
            for row, formulas in connection.execute(f"select row, [{names}] from ({rows}) where {broken}").fetchall():
                found |= {(mart, own[row])} if row in own else set()
                found |= {(mart, name) for name in formulas if (mart, name) in changed}
    return found


def test_each_wrong_figure_is_found(wrong_release: tuple[Path, dict[Figure, int]]) -> None:
    path, changed = wrong_release
    book = load_rule_book()
    verdict = judge(
        path, rule_book=replace(book, rules={rule: book.rules[rule] for rule in FOUND_BY_OTHERS}, overrides=())
    )
    others = {(one["rule_id"], one["sheet"]) for one in verdict.findings}
    found = found_by_formulas(path, changed)
    found |= {
        figure
        for rule, figures in FOUND_BY_OTHERS.items()
        for figure in figures
        if (rule, f"marts.{figure[0]}") in others
    }
    print(f"\n{len(found & set(changed))} of {len(changed)} columns: a wrong figure is found")
    missed = set(changed) - found - set(NOT_RECOMPUTED)
    assert not missed, sorted(missed)
    assert len(found & set(changed)) / len(changed) > 0.9
