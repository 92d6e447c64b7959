"""Linear programs over deviations: by how much hidden figures can differ from the truth while all that is shown fits.

With y = x - x_true the relations are homogeneous (A y = 0), so that the constants an outsider knows drop out, and money
of 10^12 beside counts of 3 does no harm. Solved with HiGHS (Huangfu & Hall 2018) by ``scipy.optimize.milp``.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from disclosure.margin_system import Flags, Floats

#: Nodes of the search tree of one integer program, and seconds, should a node take long; where it does not finish, the
#: cell counts as not protected.
NODE_LIMIT = 200
TIME_LIMIT = 1.0
LIMITS = {"time_limit": TIME_LIMIT, "node_limit": NODE_LIMIT}
#: A whole number, as far as a solver can tell.
WHOLE = 1e-6


def furthest(
    relations: sparse.csr_matrix, low: Floats, high: Floats, is_integer: Flags, objective: Floats
) -> Floats | None:
    """The deviation that maximises ``objective``, or None where no program was solved.

    ``relations`` has shape relations x variables, the others one number a variable. The relaxation comes first; only
    where it gives fractions of persons is the integer program solved.
    """
    constraint = [LinearConstraint(relations, 0, 0)] if relations.shape[0] else []
    scale = max(1.0, float(np.max(np.minimum(high, 1e300), initial=1.0, where=np.isfinite(high))) / 1e7)
    bounds = Bounds(low / scale, high / scale)
    solution = milp(-objective, constraints=constraint, bounds=bounds)
    if solution.x is None:
        return None
    found = np.asarray(solution.x, dtype=np.float64) * scale
    fractional = np.abs(found - np.round(found)) > WHOLE
    if np.any(is_integer & fractional) and scale == 1.0:
        solution = milp(
            -objective,
            constraints=constraint,
            bounds=bounds,
            integrality=is_integer.astype(int),
            options=LIMITS,
        )
        if solution.x is None:
            return None
        found = np.asarray(solution.x, dtype=np.float64)
    return found


def cheapest_pattern(
    relations: sparse.csr_matrix,
    low: Floats,
    high: Floats,
    is_integer: Flags,
    cost: Floats,
    moved: int,
    by: float,
) -> Floats | None:
    """The cheapest deviation in which variable ``moved`` differs by ``by``; None where there is none.

    Cost is paid for each unit by which a variable moves: what moves must be hidden. Shapes as in ``furthest``.
    """
    count = low.size
    up_limit, down_limit = np.maximum(high, 0), np.maximum(-low, 0)
    up_low = np.zeros(count)
    down_low = np.zeros(count)
    if by > 0:
        up_limit[moved] = up_low[moved] = by
        down_limit[moved] = 0
    else:
        down_limit[moved] = down_low[moved] = -by
        up_limit[moved] = 0
    constraint = LinearConstraint(sparse.hstack([relations, -relations]).tocsr(), 0, 0)
    bounds = Bounds(np.concatenate([up_low, down_low]), np.concatenate([up_limit, down_limit]))
    for integrality in (None, np.concatenate([is_integer, is_integer]).astype(int)):
        solution = milp(
            np.concatenate([cost, cost]),
            constraints=[constraint],
            bounds=bounds,
            integrality=integrality,
            options=LIMITS,
        )
        if solution.x is None:
            return None
        found = np.asarray(solution.x[:count] - solution.x[count:], dtype=np.float64)
        if not np.any(is_integer & (np.abs(found - np.round(found)) > WHOLE)):
            return found
    return found
