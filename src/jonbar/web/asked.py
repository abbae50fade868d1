"""What a page asks, read from its request: every field by its type and size, nothing else looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jonbar.errors import QuestionError
from jonbar.report.arguing import Wish
from jonbar.scenario.gather import LUCK_FORMS, parse_luck

LONGEST, MOST_SETTINGS, MOST_TEXTS = 400, 60, 400


def wish_of(body: Any, seed: int) -> Wish:
    """What a page wishes.

    Errors: E506 no setting of the luck dial, E507 a setting that sets nothing, E510 what is no wish at all.
    """
    if not isinstance(body, Mapping):
        raise QuestionError("E510", "This is no question.")
    written = text_of(body, "luck")
    luck = parse_luck(written) if written else None
    if written and luck is None:
        raise QuestionError("E506", f"`{written}` is no setting of the luck dial.", f"Write {LUCK_FORMS}.")
    settings = body.get("settings", {})
    if not isinstance(settings, Mapping) or len(settings) > MOST_SETTINGS:
        raise QuestionError("E507", f"At most {MOST_SETTINGS} assumptions can be moved at once.")
    moved = tuple(sorted((_short(name), _short(value)) for name, value in settings.items()))
    return Wish(
        text_of(body, "reading"), number_of(body, "seed", seed), luck, text_of(body, "given"),
        text_of(body, "without"), moved, body.get("fresh") is True, body.get("glance") is True,
    )  # fmt: skip


def text_of(body: Mapping[str, Any], name: str) -> str:
    """A short text of a request; empty where it is missing."""
    return _short(body.get(name, ""))


def texts_of(body: Mapping[str, Any], name: str) -> list[str]:
    """Short texts of a request; none where they are missing."""
    found = body.get(name, [])
    if not isinstance(found, list) or len(found) > MOST_TEXTS:
        raise QuestionError("E510", f"At most {MOST_TEXTS} texts stand here.")
    return [_short(each) for each in found]


def number_of(body: Mapping[str, Any], name: str, otherwise: int) -> int:
    """A whole number of a request."""
    value = body.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise QuestionError("E510", f"`{name}` is a whole number.")
    return value


def _short(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise QuestionError("E510", f"A text of at most {LONGEST} letters stands here.")
    return value
