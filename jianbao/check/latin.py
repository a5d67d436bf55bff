"""Latin letters where Han characters are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, prose_rule
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEFORE = f"(?:{ONE_HAN}|[、，。；：！？》）”])"
_AFTER = f"(?:{ONE_HAN}|[《“（])"
FUNCTION_WORD = pattern(
    rf"(?<={_BEFORE})\s*(and|or|the|of|in|to|is|are|with|for|on|by|as|at)\s*(?={_AFTER})"
)
#: The only word for which there is one translation.
_TRANSLATED = {"and": "和"}


@prose_rule(
    Code.LATIN_WORD,
    clause=HOUSE,
    bad="各地制定扶持政策 and 激励措施。",
    good="各地制定扶持政策和激励措施，采用AND门电路。",
)
def function_words(prose: Prose) -> Iterator[Finding]:
    """A function word of another language between Han characters: a slip of OCR or translation."""
    for found in FUNCTION_WORD.finditer(prose.text):
        word = found[1]
        meant = _TRANSLATED.get(word)
        hint = f"改为“{meant}”" if meant else "译成中文，或删去"
        yield Finding(*found.span(), f"汉字之间夹着英文虚词 {word}", hint, replacement=meant)
