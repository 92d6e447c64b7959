"""One landed file to the tidy table: opened, laid out by its recipe, its labels resolved, its figures read.

Every observation carries its sheet, cell and raw text, and says in its ``*_problem`` columns what could not be made
out; nothing is judged here (contract of ``ingest.contract``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from ingest.contract import TIDY, TOTAL
from ingest.fetch.answer_workbook import open_answer
from ingest.messages.grid import MessageGrid
from ingest.read import Limits, Workbook, open_workbook
from ingest.read.memory import collection_put_off
from ingest.recipe.explanation import Explanation, explain
from ingest.recipe.layout import Figures, Layout, lay_out
from ingest.recipe.model import Source
from ingest.recipe.sheet import Mask, Role
from ingest.remark import Remark
from ingest.resolve import Resolver
from ingest.resolve.components import ComponentResolver, ResolvedComponents
from ingest.resolve.encoded import encoded
from ingest.resolve.figures import FigureReader
from ingest.resolve.observations import ObservationRows, Submission
from ingest.resolve.repeated_keys import rows_without_their_label
from ingest.resolve.undeclared_tables import refuse_undeclared_table
from ingest.template.recognise import recognise
from ingest.time.calendar import Calendars

#: How APIs write numbers: with a point, whatever the language of their labels.
API_LOCALE = "en"


@dataclass(frozen=True)
class Tidied:
    """What a recipe made of a file: rows of observations and of totals, texts as codes into dictionaries.

    ``remarks`` are findings of no single row: announced records of an API that did not come … ``changes_only`` means
    that what is absent has not been withdrawn: an API was asked for changes only.
    """

    observation_rows: tuple[ObservationRows, ...]
    total_rows: tuple[ObservationRows, ...]
    notes: list[str]
    cells_read: int
    explanation: Explanation
    remarks: tuple[Remark, ...] = ()
    changes_only: bool = False

    def observation_pieces(self) -> Iterator[pa.Table]:
        """The observations piece by piece, in the schema TIDY: a file may hold more than memory should."""
        yield encoded(TIDY.schema).empty_table()
        for rows in self.observation_rows:
            yield from rows.pieces()

    @cached_property
    def observations(self) -> pa.Table:
        """All observations, in the schema TIDY."""
        return pa.concat_tables(self.observation_pieces())

    @cached_property
    def totals(self) -> pa.Table:
        """Totals, in the schema TOTAL."""
        return pa.concat_tables(
            [encoded(TOTAL.schema).empty_table(), *(piece for rows in self.total_rows for piece in rows.pieces())]
        )

    @property
    def rows_read(self) -> int:
        """How many observations there are."""
        return sum(rows.count for rows in self.observation_rows)


def tidy(
    path: Path,
    file_name: str,
    source: Source,
    resolver: Resolver,
    calendars: Calendars,
    *,
    submission_id: str,
    received_at: datetime,
    limits: Limits | None = None,
) -> Tidied:
    """Read a file by its source's recipe, or a form made for the source by the codes in it.

    Raises ``Refusal`` for a file that must be refused as a whole.
    """
    with collection_put_off():
        workbook = open_workbook(path, file_name, limits=limits, encoding=source.encoding, delimiter=source.delimiter)
        source = recognise(workbook, source, resolver) or source
        components = ComponentResolver(source, resolver, calendars, received_at, file_name)
        submission = Submission(source.code, submission_id, received_at, source.version)
        return _tidy_layout(lay_out(workbook, source), workbook, components, submission)


def tidy_answer(
    landed: Path,
    file_sha256: str,
    file_name: str,
    source: Source,
    resolver: Resolver,
    calendars: Calendars,
    *,
    submission_id: str,
    received_at: datetime,
) -> Tidied:
    """Read an API's answer by its source's recipe. Raises ``Refusal`` for one that must be refused as a whole."""
    workbook = open_answer(landed, file_sha256, file_name, source.fetch)
    says_nothing = workbook.changes_only and workbook.is_empty
    layout = Layout(notes=list(workbook.notes)) if says_nothing else lay_out(workbook, source)
    for figures in layout.figures:
        if figures.numbers.locale is None:
            figures.numbers = figures.numbers.model_copy(update={"locale": API_LOCALE})
    components = ComponentResolver(source, resolver, calendars, received_at, file_name)
    submission = Submission(source.code, submission_id, received_at, source.version)
    tidied = _tidy_layout(layout, workbook, components, submission)
    return replace(tidied, remarks=workbook.remarks + tidied.remarks, changes_only=workbook.changes_only)


def _tidy_layout(layout: Layout, workbook: Workbook, components: ComponentResolver, submission: Submission) -> Tidied:
    observations: list[ObservationRows] = []
    totals: list[ObservationRows] = []
    for figures in layout.figures:
        rows = _rows(figures, components, submission, layout)
        (totals if figures.total_of is not None else observations).append(rows)
    return Tidied(
        observation_rows=tuple(observations),
        total_rows=tuple(totals),
        notes=list(dict.fromkeys(layout.notes)),
        cells_read=sum(view.cells_read for view in layout.views.values()),
        explanation=explain(layout, [sheet.name for sheet in workbook.sheets]),
        remarks=tuple(layout.remarks),
    )


def _rows(figures: Figures, resolver: ComponentResolver, submission: Submission, layout: Layout) -> ObservationRows:
    reader = FigureReader(figures)
    components = resolver.resolve(figures, reader.units())
    repeated = rows_without_their_label(figures, components)
    if repeated is not None:
        figures.lost_label = repeated if figures.lost_label is None else repeated | figures.lost_label
        reader = FigureReader(figures)
    known = _known_rows(components, len(figures.rows))
    kept = _kept_cells(figures, reader, known, layout)
    if figures.total_of is None and not isinstance(figures.view.grid, MessageGrid):
        refuse_undeclared_table(figures, known, resolver.file_name)
    return ObservationRows(figures, reader, components, submission, kept)


def _kept_cells(figures: Figures, reader: FigureReader, known: Mask, layout: Layout) -> Mask | None:
    """Which cells, by row and column, are observations; None where all are.

    A row without a figure is one of missing figures where its labels are ``known``; else it is a remark.
    """
    shape = (len(figures.rows), len(figures.columns))
    if not figures.uncertain.any() and figures.numbers.blank != "ignore":
        return None
    kept = np.ones(shape, bool)
    if figures.uncertain.any():
        remarks = figures.uncertain & ~known
        kept[remarks] = False
        for row in figures.rows[remarks]:
            _keep_as_note(figures, int(row), layout)
    if figures.numbers.blank == "ignore":
        kept &= ~reader.blank(slice(0, shape[0]))
    return kept


def _known_rows(components: ResolvedComponents, height: int) -> Mask:
    """Rows whose own labels are known, or that state a status. What all rows share says nothing about one."""
    known = np.ones(height, bool)
    for spread in (components.indicator, components.organisation, components.period, components.group):
        if spread.codes.shape[0] > 1:
            passed = np.array([resolved.problem is None for _, resolved in spread.values])
            known &= passed[spread.codes].all(axis=1)
    status = components.status
    if status.codes.shape[0] > 1:
        stated = np.array([code is not None or unknown for code, unknown in status.values])
        known |= stated[status.codes].any(axis=1)
    return np.asarray(known)


def _keep_as_note(figures: Figures, row: int, layout: Layout) -> None:
    """A remark, unless the row is the title of the next block."""
    if (figures.view.roles[row] == Role.CONTEXT).any():
        return
    texts = (text.strip() for text in figures.view.grid.row_texts(row))
    note = " ".join(text for text in texts if text)
    if note not in layout.notes:
        layout.notes.append(note)
    figures.view.mark(row, list(range(figures.view.grid.width)), Role.NOTE)
