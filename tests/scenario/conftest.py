"""What the tests of this folder share: one small crisis, read."""

from __future__ import annotations

import pytest

from jonbar.scenario.read import read_scenario
from jonbar.scenario.terms import Scenario
from tests.scenario.faults import CRISIS


@pytest.fixture(scope="session")
def crisis() -> Scenario:
    """The scenario of `faults.py`, which has none."""
    return read_scenario(CRISIS, file="crisis.jonbar.yaml")
