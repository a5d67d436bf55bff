"""Bold text: its marks, and whether neighbours are bold in the same way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, manuscript_rule, prose_rule
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.prose import Manuscript
    from jianbao.model import Issue

_ASTERISKS = pattern(r"\*{2,}")


@prose_rule(
    Code.EMPHASIS_OPEN,
    clause="CommonMark 0.31 6.2",
    bad="主要内容如下：**一是加快建设。二是推动发展。",
    good="**一是加快建设。****二是推动发展。**面积3\\*4。",
    needs=("**",),
)
def literal_asterisks(prose: Prose) -> Iterator[Finding]:
    """Asterisks that are left over and would print: a bold that is not closed or is empty."""
    for found in _ASTERISKS.finditer(prose.text):
        message = f"{found.group()} 没有成对，会原样印出来"
        yield Finding(*found.span(), message, "在重点的两头各写 **，或删去")


_LEADS = pattern(r"(?:^|[。；：，、！？”）\s])$")
_ENDS = pattern(r"[。！？]$")
_OTHER_ENDS = pattern(r"[，；：、]$")
_FEW = 3


@prose_rule(
    Code.BOLD_UNEVEN,
    clause=HOUSE,
    bad="**一是建平台。**统一归集。**二是聚数据，**分类管理。**三是促流通。**依法交易。",
    good="**一是建平台**，统一归集；**二是聚数据**，分类管理；**三是促流通**，依法交易。",
)
def uneven(prose: Prose) -> Iterator[Finding]:
    """Bold lead-ins of a paragraph that end in different ways; the rarer ones are named."""
    text = prose.text
    leads = [span for span in prose.strong if _LEADS.search(text[: span[0]])]
    if len(leads) < _FEW:
        return
    endings = [_ending(text[start:end]) for start, end in leads]
    usual = Counter(endings).most_common(1)[0][0]
    for (start, end), ending in zip(leads, endings, strict=True):
        if ending != usual:
            message = f"这处重点{ending}，同一段里多数{usual}：{text[start:end][-10:]}"
            yield Finding(start, end, message, "让各处重点停在同样的地方")


def _ending(bold: str) -> str:
    if _ENDS.search(bold):
        return "停在句号"
    return "停在句中的标点" if _OTHER_ENDS.search(bold) else "停在标点之前"


_WORD = 6


@manuscript_rule(
    Code.BOLD_STRAY,
    clause=HOUSE,
    bad="明确权利义务和**工作流程**。\n\n**一是建平台。**统一归集。**二是聚数据。**分类管理。",
    good="**数据产权**，是指财产性权利。\n\n**数据产权登记**，是指登记行为。",
)
def stray(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A short bold inside a sentence, where all other bold of the text begins sentences."""
    inside = [
        (prose, start, end)
        for prose in manuscript.body
        for start, end in prose.strong
        if not _LEADS.search(prose.text[:start])
    ]
    leads = sum(len(prose.strong) for prose in manuscript.body) - len(inside)
    if len(inside) != 1 or leads < _FEW - 1:
        return
    prose, start, end = inside[0]
    if end - start <= _WORD:
        message = f"句中只有这一处重点：{prose.text[start:end]}"
        yield prose, Finding(start, end, message, "不是有意的，删去两头的 **")
