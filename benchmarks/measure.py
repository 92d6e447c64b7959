"""Wall time, processor time and peak memory of one piece of work, in a process of its own so that they are its own."""

from __future__ import annotations

import multiprocessing as mp
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """Seconds of wall time, peak resident memory in bytes, what the work returned, and seconds of processor time.

    Processor time of all threads is the steadier measure on a machine that others use as well.
    """

    seconds: float
    peak_bytes: int
    result: Any
    processor_seconds: float


def measure(work: Callable[..., Any], *arguments: Any) -> Measured:
    """Run ``work(*arguments)`` in a fresh process and measure it.

    What ``work.prepare()`` does, where there is one, is not counted: modules are imported once, however
    many files come.
    """
    context = mp.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, work, arguments))
    process.start()
    sender.close()
    measured = receiver.recv()
    process.join()
    if isinstance(measured, str):
        raise RuntimeError(measured)
    return Measured(*measured)


def _run(sender: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        getattr(work, "prepare", lambda: None)()
        started, busy = time.perf_counter(), time.process_time()
        result = work(*arguments)
        seconds, processor_seconds = time.perf_counter() - started, time.process_time() - busy
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        sender.send((seconds, peak, result, processor_seconds))
    except Exception as error:  # noqa: BLE001 - the other process must not wait for ever
        sender.send(f"{type(error).__name__}: {error}")
