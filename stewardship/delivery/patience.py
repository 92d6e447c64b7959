"""How long a delivery may take: a server that stalls or drips must not hold the desk, nor outlast the lease."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

#: For one answer of a server, and for a delivery as a whole, attachments included. The whole is well below the lease.
ANSWER_SECONDS, WHOLE_SECONDS = 30, 240

Result = TypeVar("Result")


class TooLongError(RuntimeError):
    """The delivery was given up."""


def within(seconds: float, work: Callable[[], Result], give_up: Callable[[], None]) -> Result:
    """The result of ``work``; after so many seconds ``give_up`` is called (to close a connection).

    Raises ``TooLongError`` if the work goes on all the same, and whatever the work raises.
    """
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        give_up()
        thread.join(2)
        if not outcome:
            raise TooLongError(f"no answer for {seconds:g} s")
    if failure:
        raise failure[0]
    return outcome[0]
