"""Dagster's event log on SQLite, with its connections kept open.

A run writes some 2,000 events. Dagster opens and closes the database for each, and closing the last connection makes
SQLite move its log into the file and wait for the disk: on a busy disk that takes longer than all the rest of a run.
Nothing is read from the history to make a release, so a power failure may cost it its last lines, never its order.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.event_api import EventHandlerFn
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

#: Databases held open: the index, the run that writes, and some that somebody looks at in the UI.
_HELD_OPEN = 8


class RunHistory(SqliteEventLogStorage):
    """Where ``dagster.yaml`` of a workspace points to; its files are those of ``SqliteEventLogStorage``."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._watcher = SqlPollingEventWatcher(self)
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> RunHistory:
        """``base_dir`` is the home of the instance; the databases stand where Dagster's own would."""
        return cls(str(Path(config_value["base_dir"], "history", "runs")), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> Engine:
        """The engine of a run's database, or of the index, with its one connection."""
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _wait_for_the_disk_at_checkpoints_only)
            self._engines[shard] = engine
            while len(self._engines) > _HELD_OPEN:
                self._engines.popitem(last=False)[1].dispose()
        self._engines.move_to_end(shard)
        return self._engines[shard]

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Ask again and again: the file itself, which Dagster watches, now changes at checkpoints only."""
        self._watcher.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: EventHandlerFn) -> None:
        self._watcher.unwatch_run(run_id, handler)

    def dispose(self) -> None:
        self._watcher.close()
        while self._engines:
            self._engines.popitem()[1].dispose()


def _wait_for_the_disk_at_checkpoints_only(connection: Any, _: Any) -> None:
    connection.execute("pragma synchronous = normal")
