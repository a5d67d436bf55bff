"""Text in columns of a terminal, on which a Han character takes two cells."""

from __future__ import annotations

from shutil import get_terminal_size

from jianbao.reporting import cells


def terminal_width() -> int:
    """Cells of a line; 100 where standard output is no terminal."""
    return get_terminal_size((100, 24)).columns


def fitted(text: str, width: int) -> str:
    """``text`` in exactly ``width`` cells."""
    short = cut(text, width)
    return short + " " * (width - cells(short))


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells, of which … takes one where something is left out."""
    if cells(text) <= width:
        return text
    kept, used = [], 1
    for char in text:
        used += cells(char)
        if used > width:
            break
        kept.append(char)
    return f"{''.join(kept)}…"
