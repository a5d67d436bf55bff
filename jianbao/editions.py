"""The editions that there are, by the names that ``--edition`` takes."""

from __future__ import annotations

EDITIONS = ("pdf", "print", "archive")
