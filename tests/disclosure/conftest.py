"""From a small warehouse to its editions and the attack on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attack import Interval, attack, figures_of
from small_warehouse import SmallWarehouse

from disclosure import Edition, Policy, make_edition
from release import ReleaseShelf, publish

NAMES = {"vi": "Thử", "en": "Trial"}


class Publisher:
    """Publishes small warehouses one after the other, as an agency does, and lets an outsider at all of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shelf = ReleaseShelf(folder / "public")
        self.truths: list[dict[tuple[object, ...], float]] = []

    def publish(
        self, warehouse: SmallWarehouse, policy: Policy | None = None, *, complementary: bool = True
    ) -> Edition:
        number = len(self.truths)
        built = warehouse.write(self.folder / f"warehouse_{number}.duckdb")
        earlier = [self.shelf.folder(identifier) for identifier in self.shelf.identifiers()]
        target = self.folder / f"candidate_{number}.duckdb"
        edition = make_edition(built, target, policy or Policy(), earlier, complementary=complementary)
        publish(target, self.shelf, workspace=NAMES, now=datetime(2026, 1, 1 + number, tzinfo=UTC))
        self.truths.append(figures_of(built))
        return edition

    def attack(self, sample: int | None = None) -> list[Interval]:
        editions = [self.shelf.folder(identifier) / "outturn.duckdb" for identifier in self.shelf.identifiers()]
        return attack(editions, self.truths, sample=sample)


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


@pytest.fixture
def new_publisher(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Publisher]:
    return lambda: Publisher(tmp_path_factory.mktemp("published"))
