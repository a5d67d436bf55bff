"""How paragraphs begin and end."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, manuscript_rule, prose_rule
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.model import PassageKind
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.prose import Manuscript
    from jianbao.model import Issue

_LEADING = pattern(r"(?:[，。、；：！？）》”】〕]|’(?!\d))+")


@prose_rule(
    Code.MARK_LEADING,
    clause="GB/T 15834—2011 5.1",
    bad="，推动数据要素市场化配置。",
    good="’99世博会开幕。",
)
def leading_marks(prose: Prose) -> Iterator[Finding]:
    """A block that begins with a mark that never begins a line: its start was lost."""
    found = _LEADING.match(prose.text)
    if found and prose.kind != PassageKind.CELL:
        message = f"一段不能以 {found.group()} 开头"
        yield Finding(*found.span(), message, "删去，或补上前面丢失的文字")


#: Lines of verse, which end as they like, are shorter.
_VERSE = 15
_TRAILING = pattern(r"[，、]+\s*$")


@prose_rule(
    Code.MARK_TRAILING,
    clause="GB/T 15834—2011 4.4、4.5",
    bad="文件明确了登记主体的范围和基本条件，",
    good="大江东去，\n\n主要有三项：\n\n- 建平台；\n- 聚数据。",
)
def trailing_marks(prose: Prose) -> Iterator[Finding]:
    """A block that ends with a mark that only parts: its end was lost, or stands in the next."""
    found = _TRAILING.search(prose.text[-8:])
    if found and prose.kind != PassageKind.CELL and len(prose.text) >= _VERSE:
        start = len(prose.text) - len(found.group())
        mark = found.group().strip()
        message = f"一段不能以 {mark} 结尾：{prose.around(start, start + 1)}"
        yield Finding(start, start + len(mark), message, "改为句号，或接上下一段")


#: A text with a sentence in it, or as long as one: not a headline, a label or a signature.
_SENTENCE = pattern(r"。|，.{40}", re.DOTALL)
_CUT = pattern(rf"(?:{ONE_HAN}|[0-9A-Za-z])$")
_GOES_ON = pattern(f"(?:{ONE_HAN}|[0-9A-Za-z])")
_MANY = 4
_LIST_ENTRY = pattern(r"\s*(?:>\s*)*(?:[-*+]|\d{1,9}[.)])\s")


@manuscript_rule(
    Code.PARAGRAPH_CUT,
    clause=HOUSE,
    bad="文件明确了登记主体的范围。其次明确公共数据授权运营的决策流程、实\n\n施路径和管理要求。",
    good="会议指出。要推进下列工作：\n\n1. 建设平台，汇聚数据，开展确权登记和流通交易\n"
    "2. 健全制度，明确权责\n\n国家数据局",
)
def cut_paragraphs(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A paragraph without an end whose next goes on: a page of the original ended there."""
    for prose, following in pairwise(manuscript.body):
        text, kinds = prose.text.rstrip(), {prose.kind, following.kind}
        if kinds != {PassageKind.PARAGRAPH} or not _CUT.search(text):
            continue
        if not _SENTENCE.search(text) or _is_list(text) or not _goes_on(following):
            continue
        message = f"这一段没有结束：……{text[-8:]}／{following.text[:8]}……"
        hint = "原文在这里换页的，把两段连起来；不是的，补上句号"
        yield prose, Finding(len(text) - 1, len(text), message, hint)


def _is_list(text: str) -> bool:
    """Whether names are listed, or a note is signed, for which no mark at the end is needed."""
    return text.count("、") > _MANY * (text.count("，") + text.count("。")) or "——" in text[-8:]


def _goes_on(prose: Prose) -> bool:
    """Whether ``prose`` is the rest of a sentence, not an entry of a list or a signature."""
    assert prose.passage  # noqa: S101  (narrowing: it is of a body)
    assert prose.body  # noqa: S101  (likewise)
    source, place = prose.body.source, prose.passage.offset(0)
    line = source[source.rfind("\n", 0, place) + 1 :]
    is_sentence = _GOES_ON.match(prose.text) and prose.text.rstrip()[-1:] in "。！？；：”）…"
    return bool(is_sentence) and not _LIST_ENTRY.match(line[:20])
