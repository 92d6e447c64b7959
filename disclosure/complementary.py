"""Complementary suppression: what must be hidden besides, so that no hidden cell can be derived.

For each cell that needs it, the cheapest pattern of deviations is looked for that moves the cell by what is required
and leaves everything true that an outsider knows; whatever moves in it must be hidden (the linear programming
heuristic of Kelly, Golden & Assad 1992; cost falls with what is hidden already). In a two-way table that is the
cheapest rectangle. The neighbourhood grows until there is a pattern. The audit has the last word: what it finds too
narrow is protected again.

The search has an end. Each measure may cost so many programs; one that has more cells to protect is not searched at
all, but its tables are hidden whole (``slices.py``). What the audit still finds narrow after the search takes ever
coarser slices of the figures around it with it, at last whole measures: then nothing is left to reckon with.
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
from disclosure.slices import Slices

#: Sizes (in variables) of the neighbourhoods in which a pattern is looked for, one after the other.
NEIGHBOURHOODS = (100, 600, 4_000)
#: How often what the audit found too narrow is searched anew.
ROUNDS = 4
#: Programs that a cell is reckoned to cost, when it is judged whether a measure can be searched at all.
PROGRAMS_A_CELL = 4
#: Share of the cells of a table that makes it one of small counts.
CROWDED = 0.1
#: A hidden cell costs next to nothing, but a pattern without needless turns is still the better one.
HIDDEN_COST = 1e-4
#: Zeros are shown where there is any other way.
ZERO_COST = 1e6
MOVED = 1e-7


@dataclass
class Suppression:
    """``hidden``: what is not shown, primary and complementary; ``required`` of it; ``audit``: the proof.

    ``whole``: what of it was hidden in whole slices.
    """

    hidden: Flags
    required: Requirement
    audit: AuditResult
    whole: Flags


@dataclass
class _Work:
    """What the search works on, and what it has come to. One flag or number a variable."""

    system: MarginSystem
    slices: Slices
    columns: sparse.csc_matrix
    protection: Floats
    fixed: Flags
    cost: Floats
    units: int
    p_percent: float
    programs_left: int
    hidden: Flags
    whole: Flags
    required: Requirement
    reached: _Reached

    def audit(self, *, thorough: bool = True) -> AuditResult:
        self.required = requirement(self.system, self.hidden, self.protection, self.units, self.p_percent)
        return audit(self.system, self.hidden, self.required, thorough=thorough)

    def hide_whole(self, kind: str, around: Flags) -> bool:
        """Hide the slices of the variables ``around``; whether anything was shown of them."""
        more = self.slices.whole(kind, around) & ~self.fixed & ~self.hidden
        self.hidden |= more
        self.whole |= more
        return bool(more.any())


def suppress(
    system: MarginSystem,
    slices: Slices,
    primary: Flags,
    protection: Floats,
    fixed: Flags,
    cost: Floats,
    *,
    units: int,
    p_percent: float,
    programs: int,
    complementary: bool = True,
) -> Suppression:
    """Hide ``primary`` and what it takes besides. One flag or number a variable.

    ``protection`` is what each primary cell and each small rest needs; ``fixed`` may not be hidden: an outsider knows
    it. ``programs`` limits the search for patterns. ``complementary`` false leaves out the second step: the audit then
    shows what would be derivable.
    """
    nothing = np.zeros(system.size)
    required = requirement(system, primary, protection, units, p_percent)
    work = _Work(
        system, slices, system.coefficients.tocsc(), protection, fixed, cost, units, p_percent, programs,
        primary.copy(), np.zeros(system.size, dtype=bool), required, _Reached(nothing, nothing),
    )  # fmt: skip
    if not complementary:
        return Suppression(work.hidden, work.required, work.audit(), work.whole)
    _hide_crowded(work)
    # Where much is hidden already, most cells protect one another: a look in a few random directions shows it.
    result = work.audit(thorough=False)
    for _ in range(ROUNDS):
        before = int(work.hidden.sum())
        _search(work, result.narrow)
        result = work.audit()
        if result.passed or int(work.hidden.sum()) == before:
            break
    return _escalate(work, result)


def _escalate(work: _Work, result: AuditResult) -> Suppression:
    """Hide ever coarser slices around what is narrow. Where even that is in vain, it is left be: what is derivable from
    what is always shown is to be named, not buried among what was hidden for its sake."""
    before = Suppression(work.hidden.copy(), work.required, result, work.whole.copy())
    for reach, kind, rounds in ESCALATION:
        for _ in range(rounds):
            if result.passed or not work.hide_whole(kind, reach(work, result)):
                break
            result = work.audit()
    if result.passed:
        return Suppression(work.hidden, work.required, result, work.whole)
    in_vain = np.intersect1d(before.audit.narrow, result.narrow)
    before.audit.narrow = in_vain if in_vain.size else before.audit.narrow
    return before


def _hide_crowded(work: _Work) -> None:
    """Of a measure with more primary cells than can be searched, hide every table in which they are many."""
    primary = work.hidden & (work.protection > 0)
    many = work.slices.variables_in("table", primary, CROWDED)
    for group in work.slices.variables_by("measure", primary):
        if group.size * PROGRAMS_A_CELL > work.programs_left:
            crowded = np.zeros(primary.size, dtype=bool)
            crowded[group] = many[group]
            work.hide_whole("table", crowded)


def _search(work: _Work, todo: npt.NDArray[np.intp]) -> None:
    """Look for patterns for the variables ``todo`` of each measure whose search can be afforded, small ones first."""
    work.reached = _Reached(np.zeros(work.system.size), np.zeros(work.system.size))
    narrow = np.zeros(work.system.size, dtype=bool)
    narrow[todo] = True
    for group in work.slices.variables_by("measure", narrow):
        if group.size * PROGRAMS_A_CELL > work.programs_left:
            return  # and those after it have more
        for variable in group:
            _protect(work, int(variable))


def _cheapest_beside(work: _Work, result: AuditResult) -> Flags:
    """Of what shares a relation with each narrow figure and is shown, the cheapest: often what bounds it most."""
    narrow = work.system.coefficients[:, result.narrow].T.tocsr()
    narrow.data = np.ones_like(narrow.data)
    beside = (narrow @ abs(work.system.coefficients)).tocoo()
    is_shown = ~unknown_variables(work.system, work.hidden) & ~work.fixed
    of, variable = beside.row[is_shown[beside.col]], beside.col[is_shown[beside.col]]
    order = np.lexsort((work.cost[variable], of))
    _, first = np.unique(of[order], return_index=True)
    found = np.zeros(work.system.size, dtype=bool)
    found[variable[order][first]] = True
    return found


def _beside(work: _Work, result: AuditResult) -> Flags:
    """What is narrow and what shares a relation with it."""
    return _tied(work, result.narrow)


def _block(work: _Work, result: AuditResult) -> Flags:
    """All that is tied to what is narrow by hidden figures, and what is shown beside those."""
    unknown = unknown_variables(work.system, work.hidden)
    found = _tied(work, result.narrow)
    while True:
        wider = _tied(work, np.flatnonzero(found & unknown)) | found
        if int(wider.sum()) == int(found.sum()):
            return found
        found = wider


def _tied(work: _Work, variables: npt.NDArray[np.intp]) -> Flags:
    found = np.zeros(work.system.size, dtype=bool)
    rows = np.unique(work.columns[:, variables].indices)
    found[work.system.coefficients[rows].indices] = True
    found[variables] = True
    return found


#: What is hidden whole where the search has come to nothing, step by step; after each the audit has its say.
ESCALATION = (
    (_cheapest_beside, "slice", 2),
    (_cheapest_beside, "table", 6),
    (_beside, "period", 1),
    (_beside, "table", 1),
    (_beside, "measure", 2),
    (_block, "measure", 2),
)


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


def _protect(work: _Work, variable: int) -> None:
    """Hide what lets ``variable`` move as far as required, up and down; nothing where patterns found before do."""
    system, reached, required = work.system, work.reached, work.required
    up, down, width = required.up[variable], required.down[variable], required.width[variable]
    if width:  # either direction will do
        moves = [width, -min(width, max(system.value[variable] - system.lower[variable], 0))]
        if reached.up[variable] + reached.down[variable] >= width:
            return
    else:
        moves = [up if reached.up[variable] < up else 0, -down if reached.down[variable] < down else 0]
    for by in moves:
        if by and _hide_pattern(work, variable, by) and width:
            return


def _hide_pattern(work: _Work, variable: int, by: float) -> bool:
    system = work.system
    unknown = unknown_variables(system, work.hidden)
    last = 0
    for size in NEIGHBOURHOODS:
        paid = np.where(unknown, HIDDEN_COST, work.cost)
        around = neighbourhood(system.coefficients, work.columns, variable, work.fixed & ~unknown, paid, size)
        if around.size == last or work.programs_left <= 0:
            return False
        last = around.size
        rows = np.unique(work.columns[:, around].indices)
        relations = system.coefficients[rows][:, around]
        value, lower = system.value[around], system.lower[around]
        reach = 100 * abs(by)
        low, high = np.maximum(lower - value, -reach), np.full(around.size, reach)
        moved = int(np.flatnonzero(around == variable)[0])
        work.programs_left -= 1
        pattern = cheapest_pattern(relations, low, high, system.is_integer[around], paid[around], moved, by)
        if pattern is not None:
            support = np.abs(pattern) > MOVED
            work.hidden[around[support & (around < system.real)]] = True
            work.reached.add(around, np.where(support, pattern, 0.0), low, high)
            return True
    return False


def cost_of(system: MarginSystem, measure_scale: Floats) -> Floats:
    """What hiding each variable costs: its size, as a share of what is usual for its measure, so that sums of money
    and counts of persons compare."""
    size = 1 + 100 * np.abs(system.value) / np.maximum(measure_scale, 1)
    return np.where(system.value == 0, ZERO_COST, size)
