"""Every key a scenario file may hold, with what it means: one table for the reader, the editor and the docs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key of one section: what it means in a line, and whether it must be there."""

    meaning: str
    required: bool = False


def _keys(required: tuple[str, ...] = (), /, **meanings: str) -> Mapping[str, Key]:
    names = {name.rstrip("_").replace("__", " "): meaning for name, meaning in meanings.items()}
    return {name: Key(meaning, name in required) for name, meaning in names.items()}


FILE = _keys(
    ("jonbar", "scenario", "variables"),
    jonbar="the version of the language; the first line of every file",
    scenario="the scenario's short name",
    title="the question it answers, as a reader would ask it",
    note="what a reader should know first",
    span="the time it covers, as a date interval",
    years="the years in which series run, as 1962..1973",
    extends="the scenario that this file changes; only differences are written",
    words="the file's own adverbs, as multipliers on the odds",
    actors="groups of actors and their members",
    sources="the works and records that back its numbers",
    premises="disputed theories, true or false once per assumption draw",
    schools="families of premises that are held together",
    variables="dated questions with possible answers",
    what_if="changes to history, each with its readings",
    claims="what somebody said, in paraphrase, with a test",
    camps="who believes what: a reading and ranges for assumptions",
)
SOURCE = _keys(
    author="who wrote it",
    title="its title",
    year="when it appeared",
    where="page, document number or archive",
    kind="record, study, survey, reference, memoir, testimony or opinion",
    interest="what its author stood to gain, or none",
)
PREMISE = _keys(
    ("ask", "credence"),
    ask="the theory, as a question",
    credence="how likely it is to be true",
    for_="sources that argue for it",
    against="sources that argue against it",
    learn="no: the one history of this file may not update it",
)
VARIABLE = _keys(
    ("ask",),
    ask="the question",
    when="its date, or the interval it may fall in; of a series, the file's years if left out",
    who="who decides",
    unit="the unit of a quantity",
    scale="linear, log or logit: where its parts add up",
    otl="what happened in our timeline: a fact",
    only__if="a condition without which it cannot happen",
    otherwise="its answer where `only if` fails",
    pushes="named arguments that move the answer",
    known="who could know it, and from when; public by default",
    belief__of="the actor whose belief this is",
    about="what the belief is about",
    after="variables that it follows, where dates alone do not say",
    luck="its own fragility: kept, re-roll, a share or a half-life",
    luck__because="why its luck is so fragile or so firm",
    because="the reason for its base number",
    measured="sources that measured its base number",
    asserted="sources that assert it",
    rivals="other readings of its base number, mixed in",
    note="a remark",
    also__called="other words that people use for it, by which claims are linked to it",
    chance="of an event: its chance if no push applies",
    states="of a choice: its possible answers and their shares",
    ordered="yes: the states are levels from least to most",
    centre="of a quantity: its middle if no push applies",
    spread="of a quantity: 90 % half-width of its luck",
    each="of a series: year",
    start="of a series: its value in the first year",
    drift="of a series: added each year, on its scale",
    hazard="of something that happens at most once: its chance a year",
    is_="a formula it follows: a condition for an event, a number for a quantity",
    where="named coefficients of its formula",
)
PUSH = _keys(
    odds="a multiplier on the odds",
    add="a shift of a quantity",
    toward="the states of a choice that it favours",
    if_="when it applies; always, if left out",
    because="the reason",
    measured="sources that measured its size",
    asserted="sources that assert it",
    rivals="other readings of its size, mixed in",
)
FACT = _keys(
    is_="what happened",
    because="how it is known",
    measured="records of it",
    asserted="who says so",
)
WHAT_IF = _keys(
    ("says",),
    says="the change, in words",
    readings="the acts that these words may mean",
    do="what is changed: a variable and its answer",
    brought_about_by="what would have brought it about",
    luck="how much of history's luck survives: keep, re-roll, a share or a half-life",
    placebo="yes: it should move nothing that it does not touch",
)
READING = {name: key for name, key in WHAT_IF.items() if name != "readings"}
CLAIM = _keys(
    ("says", "who", "kind"),
    says="the claim, in paraphrase",
    who="who said it",
    kind=(
        "chance, conditional, comparison, causal, fact, degree, definition, possibility, utterance, value or uncovered"
    ),
    test="what it comes down to in the model",
    meant="the hedge or range that was meant; unhedged if left out",
    presupposes="what it takes for granted",
    yardstick="what a claim of degree is measured by",
    must="yes: the file fails its check if this claim fails",
    because="why it is tested so",
    for_="sources that bear it out",
    against="sources that speak against it",
    denies="claims that it contradicts by its own words",
)
CAMP = _keys(
    says="what this camp holds, in a line",
    who="who holds it, such as [post-1, post-2]",
    reads="the reading of the what-if that it means",
)
SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "file": FILE,
    "source": SOURCE,
    "premise": PREMISE,
    "variable": VARIABLE,
    "push": PUSH,
    "fact": FACT,
    "what-if": WHAT_IF,
    "reading": READING,
    "claim": CLAIM,
    "camp": CAMP,
}
OTHER_WORDS: Mapping[str, tuple[str, ...]] = {  # that people write for a key, where that key is missing
    "ask": ("question",),
    "when": ("date", "time", "year", "period"),
    "who": ("actor", "decider", "by", "chooser"),
    "otl": ("actual", "actually", "happened", "really", "fact", "history", "outcome", "result"),
    "chance": ("probability", "likelihood", "prior", "odds"),
    "states": ("options", "answers", "choices", "outcomes", "alternatives"),
    "odds": ("effect", "factor", "multiplier", "strength", "times"),
    "add": ("effect", "shift", "plus"),
    "if": ("condition", "when", "only if"),
    "because": ("reason", "why", "note", "argument"),
    "pushes": ("arguments", "effects", "influences", "causes"),
    "says": ("description", "claim", "text", "summary"),
    "do": ("change", "changes", "set"),
    "scenario": ("name",),
    "variables": ("vars", "events", "questions"),
    "what_if": ("what if", "what ifs", "whatif", "counterfactual", "counterfactuals", "interventions"),
    "weight": ("share",),
}
EXAMPLES: Mapping[str, str] = {  # of what must be there
    "jonbar": "1",
    "scenario": "my-what-if",
    "variables": "{war: {ask: Is there a war?, when: 1914-08, chance: 20% to 40%}}",
    "ask": "What happens?",
    "credence": "30% to 70%",
    "says": "What changes.",
    "who": "somebody",
    "kind": "chance",
}
SOURCE_KINDS = ("record", "study", "survey", "reference", "memoir", "testimony", "opinion")
OTHER_KINDS: Mapping[str, str] = {  # of sources, as people call them
    **dict.fromkeys(("book", "article", "paper", "history", "biography", "monograph", "thesis"), "study"),
    **dict.fromkeys(("document", "archive", "treaty", "minutes", "transcript", "letter", "statistics"), "record"),
    **dict.fromkeys(("poll", "polls", "census"), "survey"),
    **dict.fromkeys(("diary", "autobiography", "memoirs", "recollection"), "memoir"),
    **dict.fromkeys(("interview", "witness", "oral history"), "testimony"),
    **dict.fromkeys(("encyclopedia", "encyclopaedia", "dictionary", "handbook"), "reference"),
    **dict.fromkeys(("post", "blog", "editorial", "comment", "newspaper"), "opinion"),
}
NO_MEASUREMENT = ("memoir", "testimony", "opinion")


def called(part: str, name: str) -> str:
    """A part of a file, as a sentence begins with it."""
    if part == "file":
        return "A scenario"
    return {"variable": f"`{name}`", "fact": "`otl`"}.get(part, f"The {part} `{name}`")


VERSIONS = ("1",)
A_VERSION = "jonbar: 1, or a newer program"
WRONG_VERSION = "This version of the language is not known to this program."

_ALWAYS = ("ask", "when", "who", "otl", "only if", "otherwise", "pushes", "known", "belief of", "about", "after")
_NOTED = ("luck", "luck because", "because", "measured", "asserted", "note", "also called")
_NUMBER = ("unit", "scale", "spread", "is", "where", "rivals")
FITS: Mapping[str, tuple[str, ...]] = {  # which keys a variable of each kind may have
    "event": (*_ALWAYS, *_NOTED, "chance", "is", "where", "rivals"),
    "choice": (*_ALWAYS, *_NOTED, "states", "ordered"),
    "ordered": (*_ALWAYS, *_NOTED, "states", "ordered"),
    "quantity": (*_ALWAYS, *_NOTED, *_NUMBER, "centre"),
    "series": (*_ALWAYS, *_NOTED, *_NUMBER, "each", "start", "drift"),
    "hazard": (*_ALWAYS, *_NOTED, "hazard", "rivals"),
}
