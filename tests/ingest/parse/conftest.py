"""Laws are about results, not about the time one example takes on a busy machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("busy_machine", deadline=None)
settings.load_profile("busy_machine")
