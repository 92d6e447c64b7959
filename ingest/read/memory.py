"""How memory is had while files are read: by the million small objects, and by arrays of many megabytes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


def take_memory_from_the_system() -> None:
    """Let Arrow ask the C library for memory, not its own allocator.

    That one asks the kernel for pages that it has to clear anew, for each of the large arrays of a file: of a csv of
    five million rows a third of all processor time (``benchmarks.intake``).
    """
    pa.set_memory_pool(pa.system_memory_pool())


@contextmanager
def collection_put_off() -> Iterator[None]:
    """Put off Python's search for circular garbage.

    A sheet is objects by the million, none of them in a circle: to look through them again and again while more are
    made costs a twentieth of the time. Memory is freed by counting references all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
