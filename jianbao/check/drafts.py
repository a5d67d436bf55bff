"""征求意见稿: a draft is not in force, and readers may want to answer in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.check.rule import HOUSE, manuscript_rule
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue

_ISSUED = pattern("发布|印发|出台|公布|颁布|施行")
#: In a title, words that say it is none yet; 修订草案 and 拟出台 too.
_SAYS_DRAFT = pattern("征求|征集|意见稿|草案|拟|起草|公示")
#: What the text is about is a draft: 现公开征求意见, 起草了《……（征求意见稿）》.
_IS_DRAFT = pattern(
    r"(?:现|正在?|面向|向)[^，。；《》]{0,12}征求意见"
    r"|(?:发布|印发|公布|起草|形成)(?:了|的)?《[^《》]*征求意见稿[）)]?》"
)
#: It went through such a round before, and is none any more: 前期公开征求意见, 吸收意见后印发.
_WAS_DRAFT = pattern(
    "此前|前期|曾|经(?:过|公开|广泛|充分|多轮|向)|先后|审议通过|吸收|采纳|基础上|意见后|反馈情况"
)
_CONSULTS = pattern("征求意见|征集意见|意见稿")
_DEADLINE = pattern(
    r"截止|截至|期限|为期|即日起至|反馈时间|征求意见时间|[0-9一二三四五六七八九十]\s*日(?:之?前|止)"
    r"|至\s*(?:[0-9]{4}\s*年)?\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日"
)

_ITEM = "---\ntitle: {}\nsection: 国策要论\nsource: 国家数据局\nurl: https://www.nda.gov.cn/1.html\n---\n\n"


@manuscript_rule(
    Code.DRAFT_AS_FINAL,
    clause=HOUSE,
    bad=_ITEM.format("甲市发布管理办法") + "甲市起草了《甲市管理办法（征求意见稿）》，截止3月1日。",
    good=_ITEM.format("甲市发布管理办法") + "经公开征求意见，甲市印发《甲市管理办法》。",
    needs=("征求意见",),
)
def draft_as_final(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A title that lets a draft be issued."""
    title, lead = _title(manuscript), _lead(manuscript)
    if title is None or lead is None or _SAYS_DRAFT.search(title.text):
        return
    issued = _ISSUED.search(title.text)
    sentences = (one for one in lead.text.split("。") if not _WAS_DRAFT.search(one))
    draft = next((found for one in sentences if (found := _IS_DRAFT.search(one))), None)
    if issued and draft:
        message = f"正文说的是征求意见稿（{draft.group()[-20:]}），标题却说{issued.group()}"
        hint = "标题写明“征求意见”，或在名称后加（征求意见稿）"
        yield title, Finding(*issued.span(), message, hint)


@manuscript_rule(
    Code.DEADLINE_MISSING,
    clause=HOUSE,
    bad=_ITEM.format("《登记办法》公开征求意见") + "《登记办法》现公开征求意见。",
    good=_ITEM.format("《登记办法》公开征求意见") + "《登记办法》公开征求意见，3月1日截止。",
    needs=("征求意见", "征集意见", "意见稿"),
)
def deadline(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """Until when a reader may answer."""
    title = _title(manuscript)
    found = _CONSULTS.search(title.text) if title else None
    if title is None or found is None:
        return
    if not any(_DEADLINE.search(prose.text) for prose in manuscript.proses):
        message = "征求意见，却没有写截止日期"
        hint = "正文里写明何时截止、怎样反馈；原文没有写的，在 ignore 里写 deadline-missing"
        yield title, Finding(*found.span(), message, hint)


def _title(manuscript: Manuscript) -> Prose | None:
    return next((prose for prose in manuscript.proses if prose.kind == "title"), None)


def _lead(manuscript: Manuscript) -> Prose | None:
    return next(iter(manuscript.body), None)
