"""Faults of a file in ordinary words: where, what, what was expected, what to write, where to read more."""

from __future__ import annotations

from collections.abc import Sequence

from jonbar.errors import Diagnostic, Severity
from jonbar.views.lines import Paint, clean, paragraph, plain, wide

PAGE = "docs/reference/errors.md"


def show_diagnostic(found: Diagnostic, width: int = 80, paint: Paint = plain) -> str:
    """One fault: its place and code first, so that it can be found in a list and read aloud."""
    fault = found.severity is Severity.ERROR
    where = f"{clean(found.span.file)}:{found.span.line}:{found.span.column}: " if found.span else ""
    kind = found.code if fault else f"{found.code} (warning)"
    message = paragraph(f"{where}{kind} {clean(found.message)}", width, hang="  ")
    lines = [message.replace(found.code, paint("fault" if fault else "quiet", found.code), 1)]
    if found.snippet is not None and found.span is not None:
        lines += _snippet(found, width, paint)
    for word, text in (("expected", found.expected), (found.remedy.value, found.suggestion)):
        if text:
            lines.append(paragraph(f"{word}: {clean(text)}", width, "  ", "    "))
    lines.append(f"  see: {PAGE}#{found.code.lower()}")
    return "\n".join(lines)


def _snippet(found: Diagnostic, width: int, paint: Paint) -> list[str]:
    assert found.snippet is not None and found.span is not None
    span = found.span
    gutter = f"  {span.line} | "
    room = max(20, width - len(gutter))
    raw, start = found.snippet, span.column - 1
    shift = max(0, start - room * 2 // 3) if len(raw) > room else 0
    before, after = clean(raw[shift:start]), clean(raw[start : shift + room])
    length = span.end_column - span.column if span.end_line == span.line else len(after)
    marked = clean(raw[start : start + max(1, length)])
    carets = "^" * max(1, min(wide(marked), room - wide(before)))
    return [
        (gutter + before + after)[:width].rstrip(),
        " " * (len(gutter) - 2) + "| " + " " * wide(before) + paint("fault", carets),
    ]


def show_diagnostics(found: Sequence[Diagnostic], width: int = 80, paint: Paint = plain) -> str:
    """All faults of a file, then how many there are."""
    faults = sum(each.severity is Severity.ERROR for each in found)
    warnings = len(found) - faults
    counts = [
        f"{number} {word}{'s' if number != 1 else ''}" for number, word in ((faults, "fault"), (warnings, "warning"))
    ]
    total = " and ".join(each for each, number in zip(counts, (faults, warnings), strict=True) if number)
    return "\n\n".join([*(show_diagnostic(each, width, paint) for each in found), f"{total}."])
