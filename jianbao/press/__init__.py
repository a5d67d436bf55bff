"""Set a checked issue: the press takes nothing else."""

from __future__ import annotations

from jianbao.press.bundle import Bundle, write_bundle
from jianbao.press.engine import print_pdf
from jianbao.press.paged import make_pdf_edition

__all__ = ["Bundle", "make_pdf_edition", "print_pdf", "write_bundle"]
