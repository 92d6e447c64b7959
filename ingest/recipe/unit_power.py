"""The power of ten that SDMX messages state beside each observation, in the attribute UNIT_MULT.

Source: SDMX Content-Oriented Guidelines, cross-domain concept UNIT_MULT: the exponent of ten that the observed value is
to be multiplied by to give it in its unit of measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.recipe.components import LabelSource
from ingest.recipe.labels import Component, Label, Spread
from ingest.recipe.selection import ColumnSelection
from ingest.recipe.texts import key

if TYPE_CHECKING:
    from ingest.recipe.label_reader import ComponentReader, Offsets

_NAME = "UNIT_MULT"
_PLACE = LabelSource(column=ColumnSelection(header=(_NAME,)), optional=True)


def unit_power(
    reader: ComponentReader, unit: Component | None, columns: list[int], offsets: Offsets
) -> Spread[Label | None] | None:
    """What the column UNIT_MULT says of each row; None where there is none, or the recipe makes the unit of it."""
    if unit is not None and _is_read_by(unit.source):
        return None
    labels = reader.labels(_PLACE, "unit_power", columns, offsets)
    return labels if any(labels.values) else None


def _is_read_by(source: LabelSource) -> bool:
    places = [*source.parts.values(), *(source.first_of or ())]
    named = source.column.header if source.column is not None else None
    return key(_NAME) in {key(text) for text in named or ()} or any(_is_read_by(place) for place in places)
