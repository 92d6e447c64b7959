"""The reference page shows every kind of API, and every example on it is a valid specification."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import yaml

from ingest.fetch import FetchSpec
from ingest.fetch.apis import HABITS
from ingest.fetch.query import queries_of
from ingest.fetch.spec import Api, Limits
from ingest.messages import FORMATS

PAGE = (Path(__file__).parents[3] / "docs" / "apis.md").read_text(encoding="utf-8")
EXAMPLES = [yaml.safe_load(block)["fetch"] for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def test_every_kind_has_an_example_a_reader_and_habits() -> None:
    assert {example["api"] for example in EXAMPLES} == set(get_args(Api)) == set(FORMATS) == set(HABITS)


def test_every_example_is_valid_and_asks_something() -> None:
    for example in EXAMPLES:
        assert queries_of(FetchSpec(**example), since=None), example


def test_every_limit_is_on_the_page() -> None:
    assert [name for name in Limits.model_fields if f"`{name}`" not in PAGE] == []
