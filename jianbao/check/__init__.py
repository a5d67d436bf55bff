"""Decide whether an issue may be printed. Nothing else makes a `CheckedIssue`."""

from __future__ import annotations

from jianbao.check.issue import check_issue

__all__ = ["check_issue"]
