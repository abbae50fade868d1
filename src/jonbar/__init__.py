"""Jonbar: a laboratory for counterfactual history.

The names below are what a program needs; each is loaded when it is first asked for, so that opening the package costs
nothing. `docs/reference/python.md` shows them at work.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jonbar.claims.estimands import ask as ask
    from jonbar.errors import JonbarError as JonbarError
    from jonbar.errors import QuestionError as QuestionError
    from jonbar.errors import ScenarioError as ScenarioError
    from jonbar.notebook import plot as plot
    from jonbar.notebook import to_datatree as to_datatree
    from jonbar.notebook import to_frame as to_frame
    from jonbar.notebook import to_html as to_html
    from jonbar.query.answering import Answer as Answer
    from jonbar.query.answering import two_timelines as two_timelines
    from jonbar.scenario.builder import Builder as Builder
    from jonbar.scenario.catalog import find as find
    from jonbar.scenario.difference import compare as compare
    from jonbar.scenario.dump import dump as dump
    from jonbar.scenario.questions import parse_condition as parse_condition
    from jonbar.scenario.read import examine as examine
    from jonbar.scenario.read import read_scenario as read_scenario
    from jonbar.scenario.settings import with_settings as with_settings
    from jonbar.scenario.terms import KEEP as KEEP
    from jonbar.scenario.terms import RE_ROLL as RE_ROLL
    from jonbar.scenario.terms import Luck as Luck
    from jonbar.scenario.terms import Scenario as Scenario
    from jonbar.scm.assimilate import Posterior as Posterior
    from jonbar.scm.assimilate import assimilate as assimilate
    from jonbar.scm.compile import compile_model as compile_model
    from jonbar.scm.counterfactual import abduct as abduct
    from jonbar.scm.counterfactual import simulate as simulate
    from jonbar.scm.counterfactual import twin as twin
    from jonbar.scm.model import Model as Model
    from jonbar.scm.worlds import Worlds as Worlds
    from jonbar.sensitivity.arguments import knock_outs as knock_outs
    from jonbar.sensitivity.arguments import tell as tell

__version__ = "0.1.0"

_HOMES = {
    "errors": ("JonbarError", "QuestionError", "ScenarioError"),
    "claims.estimands": ("ask",),
    "notebook": ("plot", "to_datatree", "to_frame", "to_html"),
    "query.answering": ("Answer", "two_timelines"),
    "scenario.builder": ("Builder",),
    "scenario.catalog": ("find",),
    "scenario.difference": ("compare",),
    "scenario.dump": ("dump",),
    "scenario.questions": ("parse_condition",),
    "scenario.read": ("examine", "read_scenario"),
    "scenario.settings": ("with_settings",),
    "scenario.terms": ("KEEP", "RE_ROLL", "Luck", "Scenario"),
    "scm.assimilate": ("Posterior", "assimilate"),
    "scm.compile": ("compile_model",),
    "scm.counterfactual": ("abduct", "simulate", "twin"),
    "scm.model": ("Model",),
    "scm.worlds": ("Worlds",),
    "sensitivity.arguments": ("knock_outs", "tell"),
}
_PLACES = {name: f"jonbar.{home}" for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module `jonbar` has no name `{name}`")
    found = globals()[name] = getattr(import_module(_PLACES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*_PLACES, "__doc__", "__file__", "__name__", "__version__"})
