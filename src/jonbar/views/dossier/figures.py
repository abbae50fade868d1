"""The exact figures of a report as JSON, and the draws that a page needs to weigh them anew."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any

import numpy as np

from jonbar.query.answering import Answer
from jonbar.report.dossier import Dossier
from jonbar.report.explaining import Grounds
from jonbar.scenario.notation import write_expression
from jonbar.views.data import finite, head_of
from jonbar.views.dossier.compose import command
from jonbar.views.dossier.counts import counts
from jonbar.views.dossier.sections import furthest_series
from jonbar.views.lines import clean
from jonbar.views.naming import question_of, said_of
from jonbar.views.verdicts import verdicts_plain
from jonbar.weighing.dials import NARROWER
from jonbar.weighing.held import FEWEST, Held, standard

LEVELS = 65_535
Z_LEVELS = 24.0  # steps a standard deviation; four of them to either side fit into a byte


def figures(dossier: Dossier) -> dict[str, Any]:
    """Every number that a report shows, unrounded."""
    report = dossier.report
    timelines = report.timelines
    assert timelines is not None
    exact, every = timelines.exact
    lines = [
        {
            "variable": line.variable,
            "when": line.when,
            "ask": line.ask,
            "really": line.really or None,
            "here": {label: _brief(one) for label, one in line.here},
            "rerolled": {label: one.value for label, one in line.rerolled},
        }
        for line in timelines.lines
    ]
    return {
        **head_of(report),
        "exact": exact / max(every, 1),
        "lines": lines,
        "headline": list(dossier.headline),
        "elsewhere": {
            each.reading.name: {key: one.value for key, one in each.answers.items()} for each in dossier.elsewhere
        },
        "reasons": {
            key: [
                {"push": one.push, "without": one.without.value, "change": -one.difference, "error": one.error}
                for one in found.arguments
            ]
            for key, found in dossier.grounds.items()
        },
        "passes": {key: _passes(found) for key, found in dossier.grounds.items()},
        "explained": dossier.explained,
        "causes": [
            {"push": one.push, "without": one.without.value, "change": -one.difference, "error": one.error}
            for one in dossier.causes
        ],
        "series": _series(dossier),
        "histories": _histories(dossier),
        "hangs_on": {key: [asdict(each) for each in found.hangs_on] for key, found in dossier.grounds.items()},
        "claims": [_without_names(each) for each in verdicts_plain(report.judged)],
        "crux": _crux(dossier),
        "surprises": [asdict(each) for each in dossier.surprises.facts] if dossier.surprises else [],
        "surprise": _surprise(dossier),
        "tellings": {each.what: each.chronicle.number for each in dossier.tellings},
        "counts": counts(dossier),
    }


def _brief(answer: Answer) -> dict[str, Any]:
    found = {name: getattr(answer, name) for name in ("value", "low", "high", "error", "unit")}
    return found | {"attained_low": answer.attained_low, "attained_high": answer.attained_high}


def _passes(found: Grounds) -> dict[str, Any]:
    """What an outcome waits for, and the quantities that settle it."""
    stage = found.stage
    waits = stage and {
        "condition": write_expression(stage.condition), "chance": _brief(stage.chance),
        "then": stage.then and _brief(stage.then),
    }  # fmt: skip
    settled = {name: _brief(one) for name, one in found.settled_by}
    return {"stage": waits, "settled_by": settled, "counts": dict(found.counts)}


def _series(dossier: Dossier) -> dict[str, Any]:
    """Our history of the quantity that is drawn, as the model sees it; what it is here stands among the lines."""
    assert dossier.report.timelines is not None
    drawn = furthest_series(dossier)
    lines = [each for each in dossier.report.timelines.lines if each.name == drawn]
    return {line.variable: {label: _brief(one) for label, one in line.modelled} for line in lines}


def _histories(dossier: Dossier) -> dict[str, Any] | None:
    """The tree of the commonest histories."""
    found = dossier.histories
    if found is None:
        return None
    courses = [{"answers": list(each.answers), "rest": each.rest, **_brief(each.share)} for each in found.courses]
    return {"forks": [each.variable for each in found.forks], "courses": courses}


def _crux(dossier: Dossier) -> dict[str, Any] | None:
    """What parts two camps."""
    found = dossier.crux
    if found is None:
        return None
    camps = {each.camp.name: _brief(each.answer) for each in (found.one, found.other)}
    shares = [asdict(each) for each in found.shares]
    return {"question": found.question, "camps": camps, "gap": found.gap, "error": found.error, "shares": shares}


def _surprise(dossier: Dossier) -> dict[str, Any] | None:
    """What all facts with named answers surprised by, beside a guess that gives every answer the same chance."""
    found = dossier.surprises
    if found is None:
        return None
    ruled = [each for each in found.facts if each.coin is not None]
    return {
        "facts": len(ruled),
        "bits": sum(each.bits for each in ruled),
        "coin": sum(each.coin or 0.0 for each in ruled),
        "error": max(max(each.error, each.others_error) for each in found.facts),
        "draws": found.draws,
    }


def _without_names(claim: dict[str, Any]) -> dict[str, Any]:
    """A claim whose answers do not list the hundreds of assumptions they lean on."""
    sides = {
        side: claim[side] and {**claim[side], "leans_on": len(claim[side]["leans_on"])} for side in ("answer", "other")
    }
    return claim | sides


def figures_json(dossier: Dossier) -> str:
    """The figures alone, to be read by programs."""
    return json.dumps(finite(figures(dossier)), ensure_ascii=True, indent=1, allow_nan=False)


def data_json(dossier: Dossier) -> str:
    """Figures and draws, as the page carries them."""
    body = {"figures": figures(dossier), "draws": draws(dossier)}
    return json.dumps(finite(body), ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def draws(dossier: Dossier) -> dict[str, Any]:
    """Draws packed into bytes: the values of the dials' assumptions, and each outcome's answers."""
    held = dossier.held
    shown = {key: _outcome(held, key) for key in dossier.listed}
    weights: dict[str, int] = {}
    for key, packed in shown.items():
        column = np.asarray(held.outcomes[key].weights * held.posterior.draws, dtype="<f4")
        text = base64.b64encode(column.tobytes()).decode()
        packed["weights"] = weights.setdefault(text, len(weights))
    return {
        "count": held.posterior.draws,
        "fewest": FEWEST,
        "worth": held.worth,
        "narrower": NARROWER,
        "command": command(dossier).partition(" --seed")[0].replace("jonbar report", "jonbar run"),
        "weights": list(weights),
        "outcomes": shown,
        "dials": [_dial(dossier, each) for each in range(len(dossier.dials))],
    }


def _outcome(held: Held, key: str) -> dict[str, Any]:
    outcome = held.outcomes[key]
    least, most = (0.0, 1.0) if outcome.unit == "chance" else (float(outcome.shares.min()), float(outcome.shares.max()))
    width = most - least or 1.0
    packed = np.rint((outcome.shares - least) / width * LEVELS).clip(0, LEVELS).astype("<u2")
    noise = float(outcome.weights @ outcome.noise)
    text = base64.b64encode(packed.tobytes()).decode()
    return {"unit": outcome.unit, "least": least, "width": width, "noise": noise, "shares": text}


def _dial(dossier: Dossier, at: int) -> dict[str, Any]:
    dial, held, scenario = dossier.dials[at], dossier.held, dossier.report.scenario
    found: dict[str, Any] = {
        "name": dial.name,
        "ask": clean(question_of(scenario, dial.name)),
        "label": clean(said_of(scenario, dial.name)),
        "file": dial.file,
        "positions": [[place, text] for place, text in dial.positions],
    }
    if dial.theory is not None:
        true = held.assumed[dial.theory] > 0.0
        credence = np.rint(held.credences[dial.theory] * 254).clip(1, 253).astype("u1")
        return found | {"true": _bytes(true.astype("u1")), "credence": _bytes(credence)}
    assert dial.middle is not None and dial.slope is not None
    z = standard(held, dial.name, dial.middle, dial.slope)
    return found | {"z": _bytes(np.rint(z * Z_LEVELS).clip(-127, 127).astype("i1"))}


def _bytes(values: Any) -> str:
    return base64.b64encode(values.tobytes()).decode()
