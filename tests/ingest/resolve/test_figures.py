"""Reading many texts as an array comes to the same as reading each by itself."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest

from ingest.parse.numbers import parse_numbers
from ingest.read.column import text_column
from ingest.recipe.layout import Figures
from ingest.recipe.model import Numbers
from ingest.recipe.sheet import SheetView
from ingest.resolve.figures import number_profile, read_figures


class OneColumn:
    """A sheet of one column of texts."""

    name, width, merged, xml = "csv", 1, (), None

    def __init__(self, texts: list[str]) -> None:
        self.height = len(texts)
        self._texts = pa.array(texts, pa.string())

    def column(self, column: int, start: int, stop: int) -> object:
        return text_column(self._texts.slice(start, stop - start))


def texts_of(locale: str) -> list[str]:
    dice = random.Random(7)
    point = "," if locale in {"vi", "de", "fr"} else "."
    texts = [str(dice.randrange(-(10**9), 10**9)) for _ in range(1500)]
    texts += [f"{dice.randrange(10**6)}{point}{dice.randrange(10**4):04d}" for _ in range(1500)]
    return [
        *texts,
        "0",
        "-0",
        "007",
        "1.234",
        "1,234",
        "12,5",
        "x",
        "",
        "-",
        "12%",
        "1e3",
        "123456789012345678",
        "(5)",
        " 7 ",
    ]


@pytest.mark.parametrize("locale", ["vi", "en", "de", None])
def test_many_texts_are_read_like_each(locale: str | None) -> None:
    texts = texts_of(locale or "vi")
    numbers = Numbers(locale=locale, markers={"-": "zero"})
    expected = parse_numbers(texts, number_profile(numbers))
    view = SheetView(OneColumn(texts))  # type: ignore[arg-type]
    figures = Figures(
        view=view,
        rows=np.arange(len(texts)),
        columns=[0],
        components={},
        groups={},
        numbers=numbers,
        multiplier=None,
        total_of=None,
        uncertain=np.zeros(len(texts), bool),
    )
    read = read_figures(figures)
    described = [read.read.values[code] for code in read.read.codes.ravel()]
    for text, value, number, wanted in zip(texts, read.values.to_pylist(), described, expected, strict=True):
        assert (text, value, number.problem, number.obs_status) == (
            text,
            wanted.value,
            wanted.problem,
            wanted.obs_status,
        )
    assert read.raw.to_pylist() == [text if text.strip() else None for text in texts]
