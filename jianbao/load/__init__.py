"""Read an issue's files into the model, with the position of everything written."""

from __future__ import annotations

from jianbao.load.issue import load_issue
from jianbao.load.publication import Configuration, load_publication
from jianbao.load.text import read_text

__all__ = ["Configuration", "load_issue", "load_publication", "read_text"]
