"""How much an outsider must be left in the dark about each hidden cell (domain.md 5.5, WE-14)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from disclosure.margin_system import Flags, Floats, MarginSystem

#: A complementary figure that is no count may not be derived closer than this share of it.
RELATIVE_WIDTH = 0.01


@dataclass
class Requirement:
    """Per variable: how far the derivable interval must reach ``up`` and ``down`` from the truth, and its ``width``.

    Zero where nothing is required: rests of no importance, and what is published anyway.
    """

    up: Floats
    down: Floats
    width: Floats

    @property
    def is_any(self) -> Flags:
        return np.asarray((self.up > 0) | (self.down > 0) | (self.width > 0))

    def met(self, up: Floats, down: Floats) -> Flags:
        """Whether deviations of ``up`` and ``down`` (both counted from zero upwards) are enough."""
        slack = 1e-6
        return np.asarray(
            (up >= self.up * (1 - slack)) & (down >= self.down * (1 - slack)) & (up + down >= self.width * (1 - slack))
        )


def requirement(system: MarginSystem, hidden: Flags, protection: Floats, units: int, p_percent: float) -> Requirement:
    """The requirement where the variables ``hidden`` are hidden.

    ``protection`` (one number a variable) is what primary suppression asks of it, 0 for complementary cells; ``units``
    is the policy's protection of counts. A primary cell must be uncertain by that much on both sides, as far as
    figures below its lowest possible value are not asked for; any other hidden cell by a width.
    """
    magnitude = np.abs(system.value)
    primary = protection > 0
    up = np.where(primary, np.where(system.is_integer, protection, np.maximum(protection, p_percent * magnitude)), 0.0)
    room = system.value - np.where(np.isfinite(system.lower), system.lower, -np.inf)
    down = np.minimum(up, np.maximum(room, 0))
    width = np.where(
        hidden & ~primary, np.where(system.is_integer, units, np.maximum(units, RELATIVE_WIDTH * magnitude)), 0.0
    )
    return Requirement(up, down, width)
