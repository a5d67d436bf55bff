"""Decide whether an issue may be printed. Nothing else makes a `CheckedIssue`."""

from __future__ import annotations

from jianbao.check.ignores import may_ignore
from jianbao.check.issue import check_issue

__all__ = ["check_issue", "may_ignore"]
