"""What a result can do in a notebook: stand there as a table, and become a frame, a tree of arrays, or a picture.

A result knows nobody who shows it. It asks the package's front, which loads whoever knows how when first asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Shown:
    """A result that shows itself in a notebook. Frames, trees and pictures need the extra `jonbar[notebook]`."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(_shower("to_html")(self))

    def to_frame(self) -> Any:
        """A pandas frame, one row an answer, with everything that each carries.

        Errors: E509 if pandas is not installed.
        """
        return _shower("to_frame")(self)

    def to_datatree(self) -> Any:
        """An xarray tree: a group for each history, arrays along the outcome.

        Errors: E509 if xarray is not installed.
        """
        return _shower("to_datatree")(self)

    def plot(self) -> Any:
        """An Altair chart: each answer on its range, beside what happened.

        Errors: E509 if Altair is not installed.
        """
        return _shower("plot")(self)


def _shower(name: str) -> Callable[[Shown], Any]:
    import jonbar

    found: Callable[[Shown], Any] = getattr(jonbar, name)
    return found
