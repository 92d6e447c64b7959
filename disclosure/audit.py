"""The audit: what an outsider can derive about each hidden cell from everything that is shown.

Hidden variables that share no relation do not help to derive one another; so the system falls into blocks, and each
hidden variable has an interval found by two linear programs in its block. Every solution is a witness for all
variables of the block: most intervals turn out wide enough without a program of their own, and most of those by
transfers (``transfer.py``), without any program. The number of programs is limited: what is not proved to be uncertain
by then counts as derivable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from disclosure.deviation import furthest
from disclosure.margin_system import Flags, Floats, MarginSystem, neighbourhood
from disclosure.requirement import Requirement
from disclosure.transfer import transfers

Indices = npt.NDArray[np.intp]

#: Programs in random directions before each variable is asked for by itself.
SCOUTS = 10
#: Variables around one of a large block that are tried first: what deviates there with all else fixed does deviate.
NEAR = 150
#: Variables of a block beyond which it is not asked for as a whole: programs of that size take minutes.
LARGEST = 4_000
#: Programs of one audit. What they and the transfers have not proved counts as not proved.
PROGRAMS = 600
#: How far beyond what is required a deviation is followed; further away everything counts as unbounded.
HORIZON = 1e4


@dataclass
class AuditResult:
    """``up`` and ``down``: how far each hidden variable was shown to deviate; ``narrow``: those not hidden enough."""

    up: Floats
    down: Floats
    narrow: Indices
    blocks: int
    largest_block: int
    programs: int = field(default=0)

    @property
    def passed(self) -> bool:
        return self.narrow.size == 0


@dataclass(frozen=True)
class Block:
    """Hidden variables that are tied together, and the relations that tie them."""

    variables: Indices
    relations: sparse.csr_matrix
    #: Whether nothing that is shown enters its relations: then an outsider knows no figure to reckon with.
    is_apart: bool


def audit(
    system: MarginSystem, hidden: Flags, required: Requirement, *, exact: bool = False, thorough: bool = True
) -> AuditResult:
    """Audit what is derivable where ``hidden`` (one flag a variable; rests are never shown) is not shown.

    ``exact`` solves both programs of every hidden variable; else only until the requirement is proved. Where
    ``thorough`` is false only the random directions are tried, so that ``narrow`` may name too many.
    """
    up, down = np.zeros(system.size), np.zeros(system.size)
    blocks = list(_blocks(system, hidden, required))
    programs = 0
    for block in sorted(blocks, key=lambda one: one.variables.size):
        search = _Search(system, block, required, limit=None if exact else PROGRAMS - programs)
        if not exact:
            search.prove_without_programs()
            search.scout()
        if thorough:
            search.each(exact=exact)
        up[block.variables], down[block.variables] = search.up, search.down
        programs += search.programs
    narrow = np.flatnonzero(required.is_any & ~required.met(up, down))
    sizes = [block.variables.size for block in blocks]
    return AuditResult(up, down, narrow, len(blocks), max(sizes, default=0), programs)


def unknown_variables(system: MarginSystem, hidden: Flags) -> Flags:
    """What no table shows: hidden variables, and every rest."""
    return np.asarray(hidden | (np.arange(system.size) >= system.real))


def _blocks(system: MarginSystem, hidden: Flags, required: Requirement) -> Iterator[Block]:
    unknown = np.flatnonzero(unknown_variables(system, hidden))
    among = system.coefficients[:, unknown]
    is_touched = np.diff(among.indptr) > 0
    is_apart = np.diff(among.indptr)[is_touched] == np.diff(system.coefficients.indptr)[is_touched]
    among = among[is_touched]
    graph = sparse.bmat([[None, abs(among)], [abs(among).T, None]]) if among.shape[0] else None
    labels = (
        connected_components(graph, directed=False)[1]
        if graph is not None
        else np.arange(unknown.size)  # nothing ties them
    )
    rows = among.shape[0]
    relation_label, variable_label = labels[:rows], labels[rows:] if rows else labels
    wanted = np.unique(variable_label[required.is_any[unknown]])
    by_label = np.argsort(variable_label, kind="stable")
    row_order = np.argsort(relation_label, kind="stable")
    for label in wanted:
        members = by_label[slice(*np.searchsorted(variable_label[by_label], [label, label + 1]))]
        own = row_order[slice(*np.searchsorted(relation_label[row_order], [label, label + 1]))]
        yield Block(unknown[members], among[own][:, members], bool(is_apart[own].all()))


class _Search:
    """How far each variable of a block can deviate, as far as programs solved so far tell."""

    def __init__(self, system: MarginSystem, block: Block, required: Requirement, *, limit: int | None) -> None:
        of = block.variables
        self.block, self.limit = block, limit
        self.value, self.lower = value, lower = system.value[of], system.lower[of]
        self.required = Requirement(required.up[of], required.down[of], required.width[of])
        need = np.maximum(self.required.up, self.required.width)
        reach = HORIZON * max(1.0, float(need.max()))
        self.low, self.high = np.maximum(lower - value, -reach), np.full(of.size, reach)
        #: As far as each variable needs to be moved: programs that look no further than that are solved soonest.
        self.need = np.ceil(need)
        self.is_integer = system.is_integer[of]
        self.rows, self.columns = block.relations, block.relations.tocsc()
        self.up, self.down = np.zeros(of.size), np.zeros(of.size)
        self.programs = 0

    @property
    def open(self) -> Flags:
        return np.asarray(self.required.is_any & ~self.required.met(self.up, self.down))

    @property
    def is_exhausted(self) -> bool:
        return self.limit is not None and self.programs >= self.limit

    def prove_without_programs(self) -> None:
        """Nothing follows from relations among hidden figures alone; else by transfers."""
        if self.block.is_apart:
            self.up[:] = self.down[:] = np.inf
        else:
            self.up, self.down = transfers(self.rows, self.value, self.lower, self.is_integer)

    def scout(self) -> None:
        """Programs whose objective mixes all variables that are not settled yet."""
        if self.up.size > LARGEST:
            return
        draws = np.random.default_rng(11)
        size = self.up.size
        for _ in range(min(SCOUTS, size)):
            if self.is_exhausted or not self.open.any():
                return
            direction = draws.uniform(0.5, 1.5, size) * draws.choice([-1.0, 1.0], size)
            self._solve(np.arange(size), np.where(self.open, direction, 0.0), self.open)

    def each(self, *, exact: bool) -> None:
        """Two programs for each variable that is not settled, near it first; for all of them where ``exact``.

        None where they are more than can be asked: then they are many, and a coarser way is due.
        """
        if self.limit is not None and 2 * int(self.open.sum()) > self.limit - self.programs:
            return
        everything = np.arange(self.up.size)
        for variable in np.flatnonzero(self.required.is_any if exact else self.open):
            if self.is_exhausted:
                return
            places = [everything] if exact or self.up.size <= LARGEST else []
            if not exact and self.up.size > NEAR:
                nowhere = np.zeros(self.up.size, dtype=bool)
                near = neighbourhood(self.rows, self.columns, int(variable), nowhere, np.zeros(self.up.size), NEAR)
                places.insert(0, near)
            for place in places:
                for sign in (1.0, -1.0):
                    if exact or self.open[variable]:
                        sought = place == variable
                        self._solve(place, np.where(sought, sign, 0.0), None if exact else sought)

    def _solve(self, place: Indices, objective: Floats, sought: Flags | None) -> None:
        """Maximise ``objective`` over the variables ``place``, all others as they are, and note what it shows.

        Of those of them that are ``sought`` (one flag each) no more than needed.
        """
        self.programs += 1
        low, high = self.low[place], self.high[place]
        if sought is not None:
            need = self.need[place]
            low, high = np.where(sought, np.maximum(low, -need), low), np.where(sought, np.minimum(high, need), high)
        rows = np.unique(self.columns[:, place].indices) if place.size < self.up.size else slice(None)
        found = furthest(self.rows[rows][:, place], low, high, self.is_integer[place], objective)
        if found is not None:
            self.up[place] = np.maximum(self.up[place], found)
            self.down[place] = np.maximum(self.down[place], -found)
