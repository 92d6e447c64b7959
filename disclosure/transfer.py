"""The cheap proof: units that move between finest figures which nothing that is shown tells apart.

In a block of hidden figures most are sums of others. Written out as sums of the finest ones (``formation``), two finest
figures that enter every relation alike can give one another all they have: no sum that is shown changes, nothing
becomes negative, persons stay whole. So a hidden figure can rise by all that its finest figures' equals outside hold,
and fall by all that they hold themselves, if there is an equal outside. What that proves holds; what it does not prove
may still be so, and is asked of linear programs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from disclosure.margin_system import Flags, Floats

#: What a figure without lower bound can give; more is asked of none.
PLENTY = 1e12
_TOLERANCE = 1e-9


def transfers(relations: sparse.csr_matrix, value: Floats, lower: Floats, is_integer: Flags) -> tuple[Floats, Floats]:
    """How far up and down each variable of a block can move by such transfers alone (lower bounds of the truth).

    ``relations`` has shape relations x variables and holds of deviations (times them it is 0); the others have one
    entry a variable.
    """
    size = value.size
    formation, leaves = _formation(relations)
    available = np.floor(np.minimum(value - lower, PLENTY)[leaves] + 1e-6)
    equal = _classes(relations, formation, _held_still(formation, available, value - lower, is_integer))
    members = np.bincount(equal)
    shared = np.flatnonzero(members[equal] > 1)  # an only one has nobody to exchange with
    up, down = np.zeros(size), np.zeros(size)
    if shared.size == 0:
        return up, down
    _, dense = np.unique(equal[shared], return_inverse=True)
    among = sparse.csr_matrix((np.ones(shared.size), (np.arange(shared.size), dense)))
    part_of = sparse.csr_matrix(formation[:, shared])
    is_part = part_of.copy()
    is_part.data = np.ones_like(is_part.data)
    # Variables x classes: what the leaves hold that are part of the variable, and (imaginary) how many they are.
    inside = (is_part @ among.multiply((available[shared] + 1j)[:, None]).tocsr()).tocoo()
    here, of_class = inside.data.real, inside.col
    has_outside = inside.data.imag + 0.5 < np.bincount(dense)[of_class]
    np.add.at(up, inside.row, (among.T @ available[shared])[of_class] - here)
    np.add.at(down, inside.row, np.where(has_outside, here, 0.0))
    least = np.maximum(_least_weight(part_of), 0.0)  # nothing is said of what also falls when a leaf rises
    return up * least, down * least


def _formation(relations: sparse.csr_matrix) -> tuple[sparse.csr_matrix, npt.NDArray[np.intp]]:
    """Each variable as a sum of the finest ones (variables x leaves), and which variables those are.

    A relation defines the one variable that stands on its side alone. A variable is defined once; what its other
    relations say of the finest ones is left to ``_classes``.
    """
    count = relations.shape[1]
    defines = np.full(count, -1, dtype=np.int64)
    entry_row = np.repeat(np.arange(relations.shape[0]), np.diff(relations.indptr))
    positive = relations.data > 0
    for side in (positive, ~positive):
        alone = np.bincount(entry_row[side], minlength=relations.shape[0]) == 1
        wide = np.diff(relations.indptr) > 1
        chosen = side & (alone & wide)[entry_row]
        rows, whole = entry_row[chosen], relations.indices[chosen]
        new = defines[whole] < 0
        defines[whole[new]] = rows[new]
    return _sums(relations, defines)


def _sums(
    relations: sparse.csr_matrix, defines: npt.NDArray[np.int64]
) -> tuple[sparse.csr_matrix, npt.NDArray[np.intp]]:
    count = defines.size
    defined = np.flatnonzero(defines >= 0)
    rows = relations[defines[defined]].tocoo()
    whole = defined[rows.row]
    own = rows.col == whole
    scale = np.ones(count)
    scale[whole[own]] = rows.data[own]
    parts = sparse.csr_matrix(
        (-rows.data[~own] / scale[whole[~own]], (whole[~own], rows.col[~own])), shape=(count, count)
    )
    # What is defined by nothing but what is formed already is formed next; a circle is broken where it is met.
    is_defined = defines >= 0
    missing = np.where(is_defined, np.diff(parts.indptr), 0)
    users = parts.tocsc()
    ready = np.flatnonzero(~is_defined)
    formed = np.zeros(count, dtype=bool)
    layers = [ready]
    while True:
        formed[ready] = True
        fed = users[:, ready]
        missing -= np.bincount(fed.indices, minlength=count)
        ready = np.flatnonzero(is_defined & ~formed & (missing == 0))
        if ready.size == 0:
            if formed.all():
                break
            circular = np.flatnonzero(~formed)[:1]
            is_defined[circular] = False
            layers[0] = np.concatenate([layers[0], circular])
            ready = circular
            continue
        layers.append(ready)
    leaves = layers[0]
    order = np.concatenate(layers)
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    sums = sparse.identity(leaves.size, format="csr")
    for layer in layers[1:]:
        known = order[: sums.shape[0]]
        sums = sparse.vstack([sums, parts[layer][:, known] @ sums], format="csr")
    return sparse.csr_matrix(sums[place]), leaves


def _held_still(formation: sparse.csr_matrix, available: Floats, room: Floats, is_integer: Flags) -> Flags:
    """Variables that a transfer might make negative or part a person of: those may not change in any."""
    least = _least_weight(formation)
    most_lost = abs(formation) @ available
    whole = np.asarray(
        abs(formation - formation.rint()).sum(axis=1)  # shares of a sum
    ).ravel()
    bounded = np.isfinite(room)
    return np.asarray(
        (bounded & ((least < 0) | (most_lost > room + 1e-6 * np.maximum(1, np.abs(room)))))
        | (is_integer & (whole > _TOLERANCE))
    )


def _classes(relations: sparse.csr_matrix, formation: sparse.csr_matrix, still: Flags) -> npt.NDArray[np.int64]:
    """The class of each leaf: those of one class change the relations, and what must stay still, by the same."""
    draws = np.random.default_rng(7)
    signature = []
    for _ in range(2):
        weigh = np.where(still, draws.uniform(1, 2, still.size), 0.0)
        weigh += relations.T @ draws.uniform(1, 2, relations.shape[0])
        signature.append(np.round(formation.T @ weigh, 6))
    _, found = np.unique(np.column_stack(signature), axis=0, return_inverse=True)
    return np.asarray(found, dtype=np.int64).ravel()


def _least_weight(formation: sparse.csr_matrix) -> Floats:
    """The least weight with which a leaf enters each variable; 0 where there is none."""
    least = np.zeros(formation.shape[0])
    filled = np.flatnonzero(np.diff(formation.indptr) > 0)
    if filled.size:
        least[filled] = np.minimum.reduceat(formation.data, formation.indptr[filled])
    return least
