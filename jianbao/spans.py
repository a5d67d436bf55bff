"""Where something stands in a text file."""

from __future__ import annotations

from jianbao.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text file: 1-based, columns in characters, the end exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    @classmethod
    def on_line(cls, line: int, column: int, length: int) -> Span:
        """Span of ``length`` characters on one line."""
        return cls(line, column, line, column + length)


#: Where a problem of a file as a whole is shown.
START = Span()


def span_at(text: str, index: int, length: int, first_line: int = 1) -> Span:
    """Span of ``length`` characters from ``index`` on, which may run over line ends."""
    head = text[:index]
    line = head.count("\n")
    column = index - (head.rfind("\n") + 1) + 1
    stretch = text[index : index + length]
    more = stretch.count("\n")
    end_column = len(stretch) - stretch.rfind("\n") if more else column + len(stretch)
    return Span(line + first_line, column, line + more + first_line, end_column)
