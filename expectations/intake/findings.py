"""From violations to findings: the words of the agency's own workbook, and an id that the same fault keeps.

The sentences are filled in SQL, because a file that is wrong throughout has as many findings as cells.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from expectations.intake.fault import fault_id_sql
from expectations.rules.book import CheckInForce
from expectations.rules.model import Gate, threshold_text
from ingest.contract import FINDING

_NAMES = """
    create or replace temp table code_name as
    with named as (
        select 'indicator' as what, code, name_vi, name_en, valid_from from measure
        union all select 'organisation', code, name_vi, name_en, valid_from from organisation
    )
    select what, code, name_vi, name_en from named
    qualify row_number() over (partition by what, code order by valid_from desc) = 1
"""
_PLACE = {
    "vi": "concat_ws(', ', 'Tệp ' || file_name, 'trang ' || sheet, 'ô ' || cell)",
    "en": "concat_ws(', ', file_name, 'sheet ' || sheet, 'cell ' || cell)",
}


def create_findings(connection: duckdb.DuckDBPyConnection, checks: Iterable[CheckInForce], gate: Gate) -> None:
    """Create ``finding`` (columns of the contract, and ``check_id``) from ``violation``."""
    connection.execute(_NAMES)
    connection.execute(
        "create or replace temp table check_text (check_id varchar, route varchar, vi varchar, en varchar)"
    )
    for in_force in checks:
        message = in_force.rule.message_of(in_force.check)
        thresholds = {name: threshold_text(value) for name, value in in_force.threshold_values().items()}
        texts = [_with_thresholds(text, thresholds) for text in (message.vi, message.en)]
        connection.execute(
            "insert into check_text values (?, ?, ?, ?)", [in_force.check_id, ",".join(in_force.rule.route), *texts]
        )
    connection.execute(f"create table finding as {_finding_query(gate)}")


def _with_thresholds(text: str, thresholds: dict[str, str]) -> str:
    for name, value in thresholds.items():
        text = text.replace("{" + name + "}", value)
    return text


def _finding_query(gate: Gate) -> str:
    columns = ", ".join(("check_id", *FINDING.column_names))
    return f"""
        with located as (
            select violation.*, submission.file_name, submission.source_code, submission.received_at as found_at,
                check_text.route, check_text.vi, check_text.en,
                indicator_name.name_vi as indicator_vi, indicator_name.name_en as indicator_en,
                organisation_name.name_vi as organisation_vi, organisation_name.name_en as organisation_en,
                concat_ws(chr(31), violation.check_id, coalesce(submission_id, ''), coalesce(sheet, ''),
                    coalesce(cell, ''), coalesce(indicator_code, ''), coalesce(organisation_code, ''),
                    coalesce(period_code, ''),
                    coalesce(target_group_code, '')) as fault
            from violation
            join check_text using (check_id)
            left join submission using (submission_id)
            left join code_name as indicator_name
                on indicator_name.what = 'indicator' and indicator_name.code = indicator_code
            left join code_name as organisation_name
                on organisation_name.what = 'organisation' and organisation_name.code = organisation_code
        ),
        numbered as (
            select *, row_number() over (partition by fault order by observed, expected, row_ids) as occurrence
            from located
        ),
        worded as (
            select *, '{gate}' as gate,
                sha256(fault || case when occurrence > 1 then chr(31) || occurrence else '' end)[:16] as finding_id,
                {fault_id_sql()} as fault_id,
                {_sentence("vi")} as message_vi,
                {_sentence("en")} as message_en
            from numbered
        )
        select {columns} from worded
    """


def _sentence(language: str) -> str:
    """The message with every placeholder replaced, as SQL."""
    filled = {
        "place": _PLACE[language],
        "file": "file_name",
        "sheet": "sheet",
        "cell": "cell",
        "indicator": f"coalesce(indicator_{language}, indicator_code)",
        "organisation": f"coalesce(organisation_{language}, organisation_code)",
        "period": "period_code",
        "group": "target_group_code",
        "expected": "expected",
        "observed": "observed",
    }
    sentence = language
    for name, value in filled.items():
        sentence = f"replace({sentence}, '{{{name}}}', coalesce({value}, '…'))"
    return sentence
