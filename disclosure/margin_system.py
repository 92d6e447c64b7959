"""The linear relations between the cells of an edition, as arrays: what an outsider can reckon with.

Cells that are equal by construction (a ratio's numerator and the indicator it is, a year and its last quarter, an
organisation that no reform touched under the old map and the new) are one *variable*: whoever knows one knows all.
A relation is a row of ``coefficients``; times the true values it gives a constant that the outsider is taken to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: Two figures closer than this share of them are the same: marts hold twelve decimals, sums of them a few less.
SAME = 1e-9


@dataclass
class MarginSystem:
    """Variables and relations. Shapes: ``coefficients`` relations x variables, ``variable_of_cell`` cells.

    The last variables (from ``real`` on) are rests: what a whole has beyond its parts. Nobody publishes a rest, but it
    is known as soon as the whole and the parts are.
    """

    coefficients: sparse.csr_matrix
    value: Floats
    lower: Floats
    is_integer: Flags
    variable_of_cell: Integers
    real: int
    #: Rests that describe few units: what can be derived of them betrays these.
    is_small_rest: Flags
    #: The relation (``margin.relation_id``) that each rest belongs to, in the order of the rests.
    relation_of_rest: Integers

    @property
    def size(self) -> int:
        return int(self.value.size)

    def by_variable(self, of_cell: Flags) -> Flags:
        """True for variables any of whose cells is true."""
        found = np.zeros(self.size, dtype=bool)
        found[self.variable_of_cell[of_cell]] = True
        return found


def margin_system(connection: duckdb.DuckDBPyConnection, minimum_frequency: int) -> MarginSystem:
    """Read the tables ``cell``, ``measure`` and ``margin`` (sql/) and the table ``complement`` of ratios.

    A rest between 0 and ``minimum_frequency`` units of a protected count is itself a group too small to be shown.
    """
    cells = connection.execute(
        "select value, can_be_negative, is_count, "
        "structure = 'as_was' as is_as_was from cell inner join measure using (kind, measure_key) order by cell_id"
    ).fetchnumpy()
    entries = connection.execute(
        "select relation_id, is_exact, is_rest_a_group, cell_id, coefficient from margin order by relation_id, cell_id"
    ).fetchnumpy()
    value = _array(cells["value"], np.float64)
    relation, cell = _array(entries["relation_id"], np.int64), _array(entries["cell_id"], np.int64)
    coefficient, is_exact = _array(entries["coefficient"], np.float64), _array(entries["is_exact"], np.bool_)
    is_group = _array(entries["is_rest_a_group"], np.bool_)

    count = int(relation.max()) + 1 if relation.size else 0
    matrix = sparse.csr_matrix((coefficient, (relation, cell)), shape=(count, value.size))
    exact = np.ones(count, dtype=bool)
    exact[relation] = is_exact
    grouped = np.zeros(count, dtype=bool)
    grouped[relation] = is_group
    merged = _merge(matrix, value, exact)
    variables = int(merged.max()) + 1 if merged.size else 0
    lower = np.full(variables, 0.0)
    np.minimum.at(lower, merged, np.where(_array(cells["can_be_negative"], np.bool_), -np.inf, 0.0))
    represented = np.zeros(variables)
    represented[merged] = value
    integer = np.zeros(variables, dtype=bool)
    integer[merged[_array(cells["is_count"], np.bool_) & _array(cells["is_as_was"], np.bool_)]] = True
    integer &= represented == np.round(represented)
    lower = np.minimum(lower, np.where(represented < 0, -np.inf, lower))

    onto = sparse.csr_matrix((np.ones(merged.size), (np.arange(merged.size), merged)), shape=(merged.size, variables))
    rows, kept = _distinct(matrix @ onto, np.column_stack([exact, grouped]))
    return _with_rests(rows, kept, exact[kept], grouped[kept], represented, lower, integer, merged, minimum_frequency)


def _merge(matrix: sparse.csr_matrix, value: Floats, exact: Flags) -> Integers:
    """The variable of each cell: relations of two cells that are equal make them one."""
    pairs = np.flatnonzero((np.diff(matrix.indptr) == 2) & exact)
    start = matrix.indptr[pairs]
    left, right = matrix.indices[start], matrix.indices[start + 1]
    opposite = matrix.data[start] == -matrix.data[start + 1]
    equal = np.abs(value[left] - value[right]) <= SAME * np.maximum(1, np.abs(value[left]))
    keep = opposite & equal
    graph = sparse.coo_matrix((np.ones(keep.sum()), (left[keep], right[keep])), shape=(value.size, value.size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _distinct(matrix: sparse.csr_matrix, kinds: Flags) -> tuple[sparse.csr_matrix, Integers]:
    """Relations that say something, each kind once: two tables may state the same one. Also their numbers before."""
    matrix = sparse.csr_matrix(matrix)
    matrix.sum_duplicates()
    matrix.data[np.abs(matrix.data) < SAME] = 0
    matrix.eliminate_zeros()
    draws = np.random.default_rng(5).uniform(1, 2, size=(matrix.shape[1], 2))
    signature = np.abs(matrix @ draws)
    key = np.column_stack([np.round(signature, 6), np.diff(matrix.indptr), kinds])
    _, first = np.unique(key, axis=0, return_index=True)
    first = np.sort(first[np.diff(matrix.indptr)[first] > 0])
    return matrix[first], first


def _with_rests(
    matrix: sparse.csr_matrix,
    relation: Integers,
    exact: Flags,
    is_group: Flags,
    value: Floats,
    lower: Floats,
    integer: Flags,
    variable_of_cell: Integers,
    minimum_frequency: int,
) -> MarginSystem:
    """Give a rest of its own to each whole that its parts only bound, and to each that exceeds them slightly."""
    residual = matrix @ value
    small = is_group & (residual > SAME * np.maximum(1, abs(matrix) @ np.abs(value))) & (residual < minimum_frequency)
    with_rest = np.flatnonzero(~exact | small)
    rests = sparse.csr_matrix(
        (-np.ones(with_rest.size), (with_rest, np.arange(with_rest.size))), shape=(matrix.shape[0], with_rest.size)
    )
    rest_value = residual[with_rest]
    return MarginSystem(
        coefficients=sparse.csr_matrix(sparse.hstack([matrix, rests])),
        value=np.concatenate([value, rest_value]),
        lower=np.concatenate([lower, np.where(rest_value < 0, -np.inf, 0.0)]),
        is_integer=np.concatenate([integer, rest_value == np.round(rest_value)]),
        variable_of_cell=variable_of_cell,
        real=int(value.size),
        is_small_rest=np.concatenate([np.zeros(value.size, dtype=bool), small[with_rest]]),
        relation_of_rest=relation[with_rest],
    )


def neighbourhood(
    rows: sparse.csr_matrix, columns: sparse.csc_matrix, start: int, excluded: Flags, price: Floats, size: int
) -> npt.NDArray[np.intp]:
    """At most ``size`` variables within reach of ``start`` through relations: nearest first, then cheapest.

    ``rows`` and ``columns`` are the same coefficients; ``excluded`` variables (one flag each) are not entered.
    """
    found = np.array([start])
    while found.size < size:
        touching = np.unique(columns[:, found].indices)
        wider = np.unique(rows[touching].indices)
        new = np.setdiff1d(wider[~excluded[wider]], found)
        if new.size == 0:
            break
        nearest = new[np.argsort(price[new], kind="stable")][: size - found.size]
        found = np.sort(np.concatenate([found, nearest]))
    return found


def _array(column: Any, kind: Any) -> Any:
    return np.ma.filled(np.ma.asarray(column), 0).astype(kind)
