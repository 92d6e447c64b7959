"""Complementary suppression: what must be hidden besides, so that no hidden cell can be derived.

For each cell that needs it, the cheapest pattern of deviations is looked for that moves the cell by what is required
and leaves everything true that an outsider knows; whatever moves in it must be hidden (the linear programming
heuristic of Kelly, Golden & Assad 1992; cost falls with what is hidden already). In a two-way table that is the
cheapest rectangle. The neighbourhood grows until there is a pattern. The audit has the last word: what it finds too
narrow is protected again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from disclosure.audit import AuditResult, audit, unknown_variables
from disclosure.deviation import cheapest_pattern
from disclosure.margin_system import Flags, Floats, MarginSystem, neighbourhood
from disclosure.requirement import Requirement, requirement

#: Sizes (in variables) of the neighbourhoods in which a pattern is looked for, one after the other.
NEIGHBOURHOODS = (100, 600, 4_000, 25_000)
#: How often what the audit found too narrow is protected anew.
ROUNDS = 12
#: A hidden cell costs next to nothing, but a pattern without needless turns is still the better one.
HIDDEN_COST = 1e-4
#: Zeros are shown where there is any other way.
ZERO_COST = 1e6
MOVED = 1e-7


@dataclass
class Suppression:
    """``hidden``: what is not shown, primary and complementary; ``required`` of it; ``audit``: the proof."""

    hidden: Flags
    required: Requirement
    audit: AuditResult


def suppress(
    system: MarginSystem,
    primary: Flags,
    protection: Floats,
    fixed: Flags,
    cost: Floats,
    *,
    units: int,
    p_percent: float,
    complementary: bool = True,
) -> Suppression:
    """Hide ``primary`` and what it takes besides. One flag or number a variable.

    ``protection`` is what each primary cell and each small rest needs; ``fixed`` may not be hidden: an outsider knows
    it. ``complementary`` false leaves out the second step: the audit then shows what would be derivable.
    """
    hidden = primary.copy()
    reached = _Reached(np.zeros(system.size), np.zeros(system.size))
    columns = system.coefficients.tocsc()
    required = requirement(system, hidden, protection, units, p_percent)
    # Where much is hidden already, most cells protect one another: a look in a few random directions shows it.
    todo = audit(system, hidden, required, thorough=False).narrow if complementary else np.array([], dtype=np.intp)
    for rounds in range(ROUNDS):
        before = int(hidden.sum())
        for variable in todo:
            _protect(system, columns, int(variable), required, hidden, fixed, cost, reached)
        required = requirement(system, hidden, protection, units, p_percent)
        result = audit(system, hidden, required)
        if result.passed or not complementary or (int(hidden.sum()) == before and rounds > 0):
            break
        todo = result.narrow
        reached = _Reached(np.zeros(system.size), np.zeros(system.size))
    return Suppression(hidden, required, result)


@dataclass
class _Reached:
    """How far patterns found so far move each variable."""

    up: Floats
    down: Floats

    def add(self, variables: npt.NDArray[np.intp], moves: Floats, low: Floats, high: Floats) -> None:
        for sign in (1.0, -1.0):
            signed = sign * moves
            if np.all((signed >= low - MOVED) & (signed <= high + MOVED)):
                self.up[variables] = np.maximum(self.up[variables], signed)
                self.down[variables] = np.maximum(self.down[variables], -signed)


def _protect(
    system: MarginSystem,
    columns: sparse.csc_matrix,
    variable: int,
    required: Requirement,
    hidden: Flags,
    fixed: Flags,
    cost: Floats,
    reached: _Reached,
) -> None:
    """Hide what lets ``variable`` move as far as required, up and down; nothing where patterns found before do."""
    up, down = required.up[variable], required.down[variable]
    width = required.width[variable]
    if width:  # either direction will do
        moves = [width, -min(width, max(system.value[variable] - system.lower[variable], 0))]
        if reached.up[variable] + reached.down[variable] >= width:
            return
    else:
        moves = [up if reached.up[variable] < up else 0, -down if reached.down[variable] < down else 0]
    for by in moves:
        if by and _hide_pattern(system, columns, variable, by, hidden, fixed, cost, reached) and width:
            return


def _hide_pattern(
    system: MarginSystem,
    columns: sparse.csc_matrix,
    variable: int,
    by: float,
    hidden: Flags,
    fixed: Flags,
    cost: Floats,
    reached: _Reached,
) -> bool:
    unknown = unknown_variables(system, hidden)
    last = 0
    for size in NEIGHBOURHOODS:
        paid = np.where(unknown, HIDDEN_COST, cost)
        around = neighbourhood(system.coefficients, columns, variable, fixed & ~unknown, paid, size)
        if around.size == last:
            return False
        last = around.size
        rows = np.unique(columns[:, around].indices)
        relations = system.coefficients[rows][:, around]
        value, lower = system.value[around], system.lower[around]
        reach = 100 * abs(by)
        low, high = np.maximum(lower - value, -reach), np.full(around.size, reach)
        moved = int(np.flatnonzero(around == variable)[0])
        pattern = cheapest_pattern(relations, low, high, system.is_integer[around], paid[around], moved, by)
        if pattern is not None:
            support = np.abs(pattern) > MOVED
            hidden[around[support & (around < system.real)]] = True
            reached.add(around, np.where(support, pattern, 0.0), low, high)
            return True
    return False


def cost_of(system: MarginSystem, measure_scale: Floats) -> Floats:
    """What hiding each variable costs: its size, as a share of what is usual for its measure, so that sums of money
    and counts of persons compare."""
    size = 1 + 100 * np.abs(system.value) / np.maximum(measure_scale, 1)
    return np.where(system.value == 0, ZERO_COST, size)
