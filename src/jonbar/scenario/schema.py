"""The scenario language as a JSON Schema, for editors: a scenario's own names and states complete as they are typed.

Draft-07, which the YAML language server supports in full. The schema is a help while writing; `jonbar check` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jonbar.scenario.hedges import SURVEYED
from jonbar.scenario.keys import (
    CAMP,
    CLAIM,
    FACT,
    FILE,
    NO_MEASUREMENT,
    PREMISE,
    PUSH,
    READING,
    SOURCE,
    SOURCE_KINDS,
    VARIABLE,
    WHAT_IF,
    Key,
)
from jonbar.scenario.meaning import states_of
from jonbar.scenario.numbers import Role
from jonbar.scenario.settings import assumptions
from jonbar.scenario.terms import ClaimKind, Kind, Scenario, Variable, years_of

Schema = dict[str, Any]
_N = r"[+\-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?"
_TO = r"\s*(?:to|\.\.)\s*"
_SHARE = rf"(?:{_N}\s*%?{_TO})?{_N}\s*%"
_COUNTED = r"\s*\([\s\S]+\)"
_PLAIN = rf"{_N}(?:{_TO}{_N})?"
_TIMES = rf"[x×]\s*{_N}(?:{_TO}[x×]?\s*{_N})?"
_PER = r"(?:\s+per\s+[\s\S]+\s*of\s+[\s\S]+)?"
_POINT = r"\d{4}(?:-\d{2}(?:-\d{2})?)?[~?%]?"
_DATE = rf"{_POINT}(?:\s*/\s*{_POINT})?"
_MEASURED = r"[+\-−]?[\d,]+(?:\.\d+)?\s*%?(?:\s*(?:±|\+-|\+/-)\s*[\d,]+(?:\.\d+)?\s*%?)?"
_YEAR = r"\s+(?:a|per|each)\s+year"
_NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"
MOST_EXAMPLES = 400
LUCK = r"^(?:keep|kept|re-?roll|re-rolled|\d+(?:\.\d+)?\s*(?:%|years?|months?|weeks?|days?))$"


def json_schema(scenario: Scenario | None = None, *, overlay: bool = False) -> Schema:
    """A JSON Schema of scenario files, with the names of one scenario where it is given.

    `overlay` is for a file that `extends` another: nothing is required there, and `null` takes an entry away.
    """
    schema = _Author(scenario).file()
    return _relaxed(schema) if overlay else schema


def _text(**more: object) -> Schema:
    return {"type": ["string", "number", "boolean"], **more}


def _form(*patterns: str, number: bool = False, **more: object) -> Schema:
    pattern = rf"^\s*(?:{'|'.join(patterns)})\s*$"
    return {"type": ["string", "number"] if number else "string", "pattern": pattern, **more}


def _one_of(names: Iterable[str]) -> Schema:
    return {"enum": list(dict.fromkeys(names))}


def _or_list(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _mapping(properties: Mapping[str, Schema], other: Schema | bool = False, **more: object) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": other, **more}


def _section(each: Schema, names: Iterable[str] = ()) -> Schema:
    """Named entries, and those already in the file among them so that an editor can offer them."""
    found: Schema = {"type": "object", "additionalProperties": each, "propertyNames": {"pattern": _NAME}}
    own = dict.fromkeys(names, each)
    return {**found, "properties": own} if own else found


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _keyed(keys: Mapping[str, Key], forms: Mapping[str, Schema], **more: Any) -> Schema:
    """A mapping with a table's keys, each with its meaning; words where no other form is given."""
    properties = {name: _described(forms.get(name, _text()), key.meaning) for name, key in keys.items()}
    found = _mapping(properties, **more)
    required = [name for name, key in keys.items() if key.required]
    return {**found, "required": required} if required else found


def _described(form: Schema, meaning: str) -> Schema:
    return {"description": meaning, "allOf": [form]} if "$ref" in form else {"description": meaning, **form}


_FLAG: Schema = {"enum": ["yes", "no", True, False]}
_BACKING: Mapping[str, Schema] = {"measured": _ref("measured"), "asserted": _ref("asserted")}
_NULL: Schema = {"type": "null"}


class _Author:
    def __init__(self, scenario: Scenario | None) -> None:
        self.scenario = scenario
        self.sources = list(scenario.sources) if scenario else []
        self.measuring = [
            name for name in self.sources if scenario and scenario.sources[name].kind not in NO_MEASUREMENT
        ]
        groups = scenario.actors if scenario else {}
        self.actors = ["public", *groups, *(each for members in groups.values() for each in members)]

    def file(self) -> Schema:
        scenario = self.scenario
        forms: dict[str, Schema] = {
            "jonbar": {"enum": [1, "1"]},
            "span": _form(_DATE, number=True),
            "years": _form(r"\d{4}(?:\s*(?:\.\.|/|-)\s*\d{4})?", number=True),
            "words": {"type": "object", "additionalProperties": _form(_TIMES)},
            "actors": {"anyOf": [{"type": "array", "items": _text()}, self._groups()]},
            "sources": _section(_ref("source")),
            "premises": _section(_ref("premise")),
            "schools": _section(self._school()),
            "variables": {**_section(_ref("variable")), "minProperties": 1},
            "what_if": _section(_ref("what_if")),
            "claims": _section(_ref("claim")),
            "camps": _section(_ref("camp")),
        }
        if scenario is not None:
            own = {name: self._own(variable) for name, variable in scenario.variables.items()}
            forms["variables"]["properties"] = own
        title = f"The scenario {scenario.name}" if scenario else "A scenario of Jonbar"
        return {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": title,
            **_keyed(FILE, forms),
            "definitions": self._definitions(),
        }

    def _definitions(self) -> dict[str, Schema]:
        premise_forms = {
            "credence": _ref("chance"),
            "for": self._sources(self.sources),
            "against": self._sources(self.sources),
            "learn": _FLAG,
        }
        return {
            "chance": self._number(Role.CHANCE),
            "weight": self._number(Role.WEIGHT),
            "odds": self._number(Role.ODDS),
            "add": self._number(Role.ADD),
            "value": self._number(Role.VALUE),
            "spread": self._number(Role.SPREAD),
            "rate": self._number(Role.RATE),
            "condition": {"type": ["string", "number", "boolean"], "examples": self._conditions()},
            "measured": self._sources(self.measuring),
            "asserted": self._asserted(),
            "source": _keyed(SOURCE, {"kind": _one_of(SOURCE_KINDS)}),
            "premise": _keyed(PREMISE, premise_forms),
            "push": self._push(None),
            "variable": self._variable(),
            "what_if": self._what_if(),
            "reading": _keyed(READING, self._reading_forms()),
            "answers": self._answers(),
            "claim": self._claim(),
            "camp": self._camp(),
        }

    def _groups(self) -> Schema:
        return {"type": "object", "additionalProperties": {"anyOf": [_or_list(_text()), _NULL]}}

    def _sources(self, names: list[str]) -> Schema:
        return _or_list(_one_of(names) if self.scenario is not None else _text())

    def _asserted(self) -> Schema:
        return _or_list({"anyOf": [_one_of(self.sources), _text()]} if self.sources else _text())

    def _number(self, role: Role) -> Schema:
        words = list(self.scenario.words) if self.scenario else None
        match role:
            case Role.CHANCE:
                return _form(_SHARE, rf"{_N}\s+of\s+{_N}{_COUNTED}", *SURVEYED, examples=["5% to 15%", *SURVEYED])
            case Role.WEIGHT:
                return _form(_SHARE, rf"{_N}\s+of\s+{_N}{_COUNTED}", examples=["20% to 40%"])
            case Role.RATE:
                counted = rf"{_N}\s+of\s+{_N}(?:{_YEAR}{_COUNTED}|{_COUNTED}{_YEAR})"
                return _form(rf"{_SHARE}{_YEAR}", counted, examples=["8% to 15% a year"])
            case Role.ODDS:
                own = (
                    [_escape(word) + _PER for word in words] if words is not None else [r"[A-Za-z][A-Za-z \-]*" + _PER]
                )
                return _form(_TIMES + _PER, *own, examples=["x2 to x5", *(words or [])])
            case Role.ADD:
                return _form(_PLAIN + _PER, _TIMES, number=True, examples=["+2 to +8"])
            case Role.SPREAD:
                return _form(_PLAIN, _TIMES, number=True, examples=["3 to 5"])
            case Role.VALUE:
                return _form(_PLAIN, number=True, examples=["58 to 64"])

    def _conditions(self) -> list[str]:
        if self.scenario is None:
            return ["X is STATE", "X is not STATE and Y", "last X > 50", "X by 1964", "X within 1 year"]
        found = list(self.scenario.premises)
        for name, variable in self.scenario.variables.items():
            found += _conditions_of(self.scenario, name, variable)
        return found[:MOST_EXAMPLES]

    def _variable(self) -> Schema:
        who = _one_of(self.actors) if self.scenario is not None else _text()
        dates = _form(_DATE, number=True)
        known = dict.fromkeys(self.actors, dates)
        names = _one_of(self.scenario.variables) if self.scenario is not None else _text()
        weights = {"type": "object", "additionalProperties": _ref("weight"), "minProperties": 2}
        rivals = {"type": ["string", "number", "array"]}
        forms: dict[str, Schema] = {
            "when": dates,
            "who": who,
            "belief of": who,
            "scale": {"enum": ["linear", "log", "logit"]},
            "otl": {"type": ["string", "number", "boolean", "object"]},
            "only if": _ref("condition"),
            "about": _ref("condition"),
            "is": _ref("condition"),
            "pushes": _section(_ref("push")),
            "known": _mapping(known) if self.scenario is not None else _mapping({}, dates),
            "after": _or_list(names),
            "also called": _or_list(_text()),
            "luck": _form(LUCK[1:-1], examples=["kept", "re-roll", "4 years", "60%"]),
            "rivals": rivals,
            "chance": _ref("chance"),
            "states": {**weights, "propertyNames": {"pattern": _NAME}},
            "ordered": _FLAG,
            "centre": _ref("value"),
            "spread": _ref("spread"),
            "each": {"const": "year"},
            "start": _ref("value"),
            "drift": {"anyOf": [_ref("add"), _ref("odds")]},
            "hazard": _ref("rate"),
            "where": {"type": "object", "additionalProperties": _ref("value")},
            **_BACKING,
        }
        return _keyed(VARIABLE, forms)

    def _push(self, variable: Variable | None) -> Schema:
        toward: Schema = _or_list(_one_of(each.name for each in variable.states)) if variable else _or_list(_text())
        forms = {
            "odds": _ref("odds"),
            "add": {"anyOf": [_ref("add"), _ref("odds")]},
            "toward": toward,
            "if": _ref("condition"),
            "rivals": {"type": ["string", "number", "array"]},
            **_BACKING,
        }
        return _keyed(PUSH, forms)

    def _own(self, variable: Variable) -> Schema:
        """One variable of the file: any variable, and its own states beside."""
        own: dict[str, Schema] = {"otl": self._fact(variable)}
        if variable.kind is Kind.CHOICE:
            toward = {"toward": _or_list(_one_of(each.name for each in variable.states))}
            narrower: Schema = {"type": "object", "properties": toward}
            own["pushes"] = {"type": "object", "additionalProperties": narrower}
            own["pushes"]["properties"] = {push.name: narrower for push in variable.pushes}
        return {"description": variable.ask, "allOf": [_ref("variable"), {"type": "object", "properties": own}]}

    def _fact(self, variable: Variable) -> Schema:
        forms: list[Schema] = _happened(variable)
        backed = _keyed(FACT, {"is": {"anyOf": forms}, **_BACKING}, minProperties=1)
        backed["required"] = ["is"]
        return {"description": f"what happened: {variable.ask}", "anyOf": [*forms, backed]}

    def _answers(self) -> Schema:
        """What a reading changes: variables of this file, and what each may be changed to."""
        if self.scenario is None:
            return {"type": "object", "additionalProperties": _text()}
        found: dict[str, Schema] = {}
        for name, variable in self.scenario.variables.items():
            answer = {"description": variable.ask, **_answer(variable)}
            found[name] = answer
            if variable.kind is Kind.SERIES:
                first, last = years_of(self.scenario, variable)
                found |= {f"{name} in {year}": answer for year in range(first, last + 1)}
        return _mapping(found)

    def _reading_forms(self) -> dict[str, Schema]:
        luck = _form(LUCK[1:-1], examples=["keep", "re-roll", "4 years", "60%"])
        return {"do": _ref("answers"), "brought_about_by": _ref("answers"), "luck": luck, "placebo": _FLAG}

    def _what_if(self) -> Schema:
        return _keyed(WHAT_IF, {**self._reading_forms(), "readings": _section(_ref("reading"))})

    def _claim(self) -> Schema:
        readings = list(self.scenario.readings()) if self.scenario else ["W"]
        pattern = r"^\s*(?:chance of|mean of|possible|fact|ratio of|rank of)\s[\s\S]+$"
        events = [each for each in self._conditions() if " " not in each] or ["X"]
        examples = [f"chance of {event} under {reading}" for reading in readings for event in events]
        forms: dict[str, Schema] = {
            "kind": _one_of(each.value for each in ClaimKind),
            "test": {"type": "string", "pattern": pattern, "examples": examples[:MOST_EXAMPLES]},
            "meant": self._number(Role.CHANCE),
            "presupposes": _ref("condition"),
            "must": _FLAG,
            "for": self._sources(self.sources),
            "against": self._sources(self.sources),
            "denies": _or_list(_one_of(self.scenario.claims) if self.scenario is not None else _text()),
        }
        return _keyed(CLAIM, forms)

    def _camp(self) -> Schema:
        if self.scenario is None:
            return _keyed(CAMP, {"who": _or_list(_text())}) | {"additionalProperties": _text()}
        camp = _keyed(CAMP, {"reads": _one_of(self.scenario.readings()), "who": _or_list(_text())})
        for name, estimate in assumptions(self.scenario).items():
            form = _ref(estimate.role.value)
            numeric = estimate.role in (Role.ODDS, Role.ADD)
            camp["properties"][name] = {"anyOf": [_ref("odds"), _ref("add")]} if numeric else {"allOf": [form]}
        return camp

    def _school(self) -> Schema:
        premises = {name: _ref("chance") for name in self.scenario.premises} if self.scenario else {}
        other = _ref("chance") if self.scenario is None else False
        return _mapping({"weight": _ref("weight"), **premises}, other, required=["weight"])


def _escape(word: str) -> str:
    return "".join(f"\\{each}" if each in r"^$\.*+?()[]{}|/" else each for each in word)


def _conditions_of(scenario: Scenario, name: str, variable: Variable) -> list[str]:
    match variable.kind:
        case Kind.EVENT:
            return [name]
        case Kind.CHOICE | Kind.ORDERED:
            return [f"{name} is {state}" for state in states_of(variable)]
        case Kind.HAZARD:
            return [f"{name} by {variable.when.end.year}", f"{name} within 1 year"]
        case Kind.SERIES:
            return [f"last {name}", f"{name} in {years_of(scenario, variable)[1]}"]
        case Kind.QUANTITY:
            return [name]


def _happened(variable: Variable) -> list[Schema]:
    """The forms in which a fact of this kind is written."""
    disputed: Schema = {"enum": ["disputed"]}
    match variable.kind:
        case Kind.QUANTITY:
            return [{"type": "number"}, _form(_MEASURED), disputed]
        case Kind.SERIES:
            values = {"type": "object", "patternProperties": {r"^\d{4}$": _form(_MEASURED, number=True)}}
            return [{**values, "additionalProperties": False}, disputed]
        case Kind.HAZARD:
            return [{"enum": ["never", "disputed"]}, _form(_DATE, number=True)]
        case _:
            states = states_of(variable)
            evidence = _mapping({state: _form(rf"{_N}\s*%") for state in states}, minProperties=1)
            return [{"enum": [*states, "disputed"]}, evidence]


def _answer(variable: Variable) -> Schema:
    """What a variable may be changed to."""
    match variable.kind:
        case Kind.QUANTITY | Kind.SERIES:
            return _form(_N, number=True)
        case Kind.HAZARD:
            return {"anyOf": [{"enum": ["never"]}, _form(_POINT, number=True)]}
        case _:
            return _one_of(states_of(variable))


def _relaxed(schema: Schema) -> Schema:
    """A schema in which nothing is required and any entry may be null."""
    found: Schema = {}
    for key, value in schema.items():
        if key in ("required", "minProperties"):
            continue
        if key in ("properties", "patternProperties"):
            found[key] = {name: {"anyOf": [_relaxed(each), _NULL]} for name, each in value.items()}
        elif key == "additionalProperties" and isinstance(value, dict):
            found[key] = {"anyOf": [_relaxed(value), _NULL]}
        elif key == "definitions":
            found[key] = {name: _relaxed(each) for name, each in value.items()}
        elif isinstance(value, list) and key in ("anyOf", "allOf"):
            found[key] = [_relaxed(each) for each in value]
        else:
            found[key] = _relaxed(value) if isinstance(value, dict) else value
    return found
