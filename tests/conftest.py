"""What holds for every test: random examples have no stopwatch, since a busy machine is no fault of the code."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("jonbar", deadline=None)
settings.load_profile("jonbar")
