"""Rows of a CSV file with the lines on which they stand."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_rows(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each row that is not blank with its first line; None for one that is no CSV."""
    reader = csv.reader(io.StringIO(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a quote without end, or behind it something else than a comma
            yield line, None
            continue
        if any(cell.strip() for cell in row):
            yield line, row
