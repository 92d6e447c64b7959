"""What earlier editions for the same audience already told: what they showed is known, what they hid stays hidden.

Read from the editions themselves, which are never changed: they are what an outsider has.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

#: One select a table, with the keys of ``cell``; ``edition`` numbers the editions, oldest first.
_SHOWN = """
    insert into earlier_figure
    select {edition}, 'I', indicator_key, 'as_was', organisation_key, time_key, target_group_key,
        cast(value as double), conf_status
    from read_parquet('{folder}/mart_indicator.parquet')
    where value is not null or conf_status <> 'F'
    union all
    select {edition}, 'N', ratio_key, structure, organisation_key, time_key, target_group_key,
        cast(numerator as double), numerator_conf_status
    from read_parquet('{folder}/mart_ratio.parquet')
    where numerator is not null or numerator_conf_status <> 'F'
    union all
    select {edition}, 'D', ratio_key, structure, organisation_key, time_key, target_group_key,
        cast(denominator as double), denominator_conf_status
    from read_parquet('{folder}/mart_ratio.parquet')
    where denominator is not null or denominator_conf_status <> 'F'
"""
_EARLIER_CELL = """
    create temp table earlier_cell as
    select
        cell.cell_id,
        bool_or(figure.value is not null and abs(figure.value - cell.value) <= 1e-9 * greatest(1, abs(cell.value)))
            as is_known,
        bool_or(figure.value is null and figure.conf_status <> $revised) as was_hidden,
        max_by(figure.value, figure.edition) filter (where figure.value is not null) as last_shown
    from cell
    inner join earlier_figure as figure
        using (kind, measure_key, structure, organisation_key, time_key, target_group_key)
    group by cell.cell_id
"""
#: SDMX status of a revision that is withheld because it differs by a few units only: it ends when it grows.
REVISED = "C"


def read_earlier(connection: duckdb.DuckDBPyConnection, editions: Sequence[Path]) -> None:
    """Make the table ``earlier_cell`` (cell_id, is_known, was_hidden, last_shown) from folders of ``editions``."""
    connection.execute(
        "create temp table earlier_figure (edition int, kind varchar, measure_key bigint, structure varchar, "
        "organisation_key bigint, time_key bigint, target_group_key bigint, value double, conf_status varchar)"
    )
    for number, edition in enumerate(editions):
        folder = (edition / "parquet" / "marts").as_posix().replace("'", "''")
        connection.execute(_SHOWN.format(edition=number, folder=folder))
    connection.execute(_EARLIER_CELL, {"revised": REVISED})
