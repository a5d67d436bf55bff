"""Operational failures: the command was wrong, or the machine lacks something.

Content problems are diagnostics, not these; a bug is any other exception.
Messages are Chinese sentences; ``hint`` says what to type.
"""

from __future__ import annotations


class JianbaoError(Exception):
    """A failure that a person can mend."""

    exit_code = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageProblem(JianbaoError):
    """Wrong command or configuration (exit 2)."""


class MachineProblem(JianbaoError):
    """The machine lacks something (exit 3)."""

    exit_code = 3


class DeliveryProblem(JianbaoError):
    """Something was not delivered, or nobody knows whether it was (exit 4)."""

    exit_code = 4
