"""Slices of the tables, from fine to coarse: what is hidden whole where no pattern of single figures is looked for.

A slice is all that is published of one measure in one period, in one breakdown (by age, by age and sex), at one level
of organisations. Coarser: such a table over all periods of a frequency; all tables of a period; all of the measure.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from disclosure.margin_system import Flags, Integers, MarginSystem

#: What the cells of one slice have in common, from the finest kind of slices to the coarsest.
KINDS = {
    "slice": "kind, measure_key, time_key, breakdown, organisation_level",
    "table": "kind, measure_key, frequency, breakdown, organisation_level",
    "period": "kind, measure_key, time_key",
    "measure": "kind, measure_key",
}


@dataclass(frozen=True)
class Slices:
    """``labels[kind]``: the number of each cell's slice; ``variable_of_cell`` as in the system they cut."""

    labels: dict[str, Integers]
    variable_of_cell: Integers

    def whole(self, kind: str, variables: Flags) -> Flags:
        """The variables of all slices that have a cell of ``variables`` (one flag a variable)."""
        label = self.labels[kind]
        touched = np.unique(label[variables[self.variable_of_cell]])
        found = np.zeros(variables.size, dtype=bool)
        found[self.variable_of_cell[np.isin(label, touched)]] = True
        return found

    def variables_in(self, kind: str, variables: Flags, share: float) -> Flags:
        """Those of ``variables`` with a cell in a slice of which they make up at least ``share``."""
        label, is_cell = self.labels[kind], variables[self.variable_of_cell]
        all_of, own = np.bincount(label), np.bincount(label[is_cell], minlength=int(label.max(initial=0)) + 1)
        found = np.zeros(variables.size, dtype=bool)
        found[self.variable_of_cell[is_cell & (own >= share * all_of)[label]]] = True
        return found

    def count_whole(self, kind: str, variables: Flags, hidden: Flags) -> int:
        """How many slices have a cell of ``variables`` and nothing that is not ``hidden``."""
        label, hidden_cell = self.labels[kind], hidden[self.variable_of_cell]
        touched = np.unique(label[variables[self.variable_of_cell]])
        return int(np.setdiff1d(touched, label[~hidden_cell]).size)

    def variables_by(self, kind: str, variables: Flags) -> list[Integers]:
        """``variables`` sorted into slices, each into the first it stands in; the smallest slices first."""
        numbers = np.flatnonzero(variables)
        first = np.full(variables.size, -1, dtype=np.int64)
        first[self.variable_of_cell[::-1]] = self.labels[kind][::-1]
        label = first[numbers]
        groups = [numbers[label == one] for one in np.unique(label)]
        return sorted(groups, key=lambda group: (group.size, group[0]))


def read_slices(connection: duckdb.DuckDBPyConnection, system: MarginSystem) -> Slices:
    """The slices of the table ``cell`` (sql/cells.sql)."""
    ranks = ", ".join(f"dense_rank() over (order by {columns}) as {kind}" for kind, columns in KINDS.items())
    rows = connection.execute(
        "with place as (select cell.*, period.frequency, "
        "regexp_replace(target_group.target_group_code, '=[^|]*', '', 'g') as breakdown from cell "
        "inner join warehouse.core.dim_time as period using (time_key) "
        "inner join warehouse.core.dim_target_group as target_group using (target_group_key)) "
        f"select {ranks} from place order by cell_id"
    ).fetchnumpy()
    labels = {kind: np.asarray(rows[kind], dtype=np.int64) for kind in KINDS}
    return Slices(labels, system.variable_of_cell)
