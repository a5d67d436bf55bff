"""An item against the page that was kept of its original. Silent where none was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.addresses import canonical
from jianbao.check.attribution import parse_date
from jianbao.check.figures import Figure, figures, values
from jianbao.check.official import same_body
from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.check.rule import HOUSE, Rule, item_rule, manuscript_rule, report
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code, Diagnostic
from jianbao.evidence import PAGE, RECORD, TEXT, digest, evidence_files
from jianbao.patterns import pattern
from jianbao.records import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item

#: Smaller whole numbers are counted by the editor as often as told by the text.
_SMALL = 10
#: 约, 余 and 近 round by no more than one in this many.
_ROUGH = 10
#: Where the kept text is much shorter than the item, its substance lies in an attachment.
_WHOLE = 0.5
#: 12. and （12） at the start of a paragraph.
_ENUMERATES = pattern(r"[（(]?[0-9０-９]+[）)、.．]")
_NAME = pattern("《([^《》]+)》")
_NOT_LETTERS = pattern(r"[^\w]+")
#: 国发〔2022〕14号, with whatever brackets somebody typed.
_REFERENCE = pattern(
    rf"{ONE_HAN}{{2,12}}[〔\[［（(【]\s*[0-9]{{4}}\s*[〕\]］）)】]\s*(?:第\s*)?[0-9]+\s*号"
)
#: What pages say of themselves: the department within, or nothing.
_WITHIN = pattern(r"^本|^网站|原创|[司处科]$|[^府会]办公室$|编辑部$|中心$")

_PAGE_TEXT = "国家数据局印发《数据指引》（国数政策〔2025〕3号），到2028年建成100个标杆。"


def _kept(url: str, text: str) -> dict[str, str]:
    """The evidence of the examples."""
    page = "（网页）"
    snapshot = Snapshot(
        url=url,
        final=url,
        kept="2025-02-10T09:00:00+08:00",
        by="编辑",
        how="saved",
        sha256=digest(page.encode()),
        text_sha256=digest(text.encode()),
        title="数据指引",
        published="2025-02-07",
        source="国家数据局",
        text=text,
    )
    files = evidence_files(snapshot, page.encode())
    return {
        f"evidence/2025-04/01-a{ending}": files[ending].decode() for ending in (PAGE, TEXT, RECORD)
    }


_EVIDENCE = _kept("https://www.nda.gov.cn/1.html", _PAGE_TEXT)
_GOOD = """\
---
title: 《数据指引》印发
section: 国策要论
source: 国家数据局
url: https://www.nda.gov.cn/1.html
published: 2025-02-07
---

到2028年建成100个标杆，见国数政策〔2025〕3号。"""


@item_rule(
    Code.EVIDENCE_OTHER,
    clause=HOUSE,
    bad=_GOOD.replace("/1.html", "/2.html"),
    good=_GOOD,
    beside=_EVIDENCE,
)
def same_page(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The address was changed after the page was kept."""
    snapshot = issue.snapshots.get(item.path)
    if snapshot and item.url and canonical(item.url.value) != canonical(snapshot.url):
        message = f"存证的是 {snapshot.url}"
        hint = "核对网址；确已更换的，用 jianbao snapshot --refresh 重新存证"
        yield report(Code.EVIDENCE_OTHER, item, item.url, message, hint)


@item_rule(
    Code.DATE_UNLIKE_ORIGINAL,
    clause=HOUSE,
    bad=_GOOD.replace("2025-02-07", "2025-02-06"),
    good=_GOOD,
    beside=_EVIDENCE,
)
def published(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The day on which the page says that it was published."""
    snapshot = _snapshot(item, issue)
    day = parse_date(item.published) if item.published else None
    if snapshot and day and snapshot.published and snapshot.published != day.isoformat():
        message = f"published 是 {day}，原文网页写的是 {snapshot.published}"
        yield report(Code.DATE_UNLIKE_ORIGINAL, item, item.published, message, "核对后改正")


@item_rule(
    Code.SOURCE_UNLIKE_ORIGINAL,
    clause="《互联网新闻信息服务管理规定》第十五条",
    bad=_GOOD.replace("source: 国家数据局", "source: 数据社"),
    good=_GOOD,
    beside={
        **_EVIDENCE,
        "sources/society.toml": 'name = "数据社"\nlevel = "industry"\nhosts = ["www.nda.gov.cn"]\n'
        'section = "国策要论"\nkind = "manual"\n',
        "sources/nda.toml": 'name = "国家数据局"\nlevel = "national"\nhosts = ["www.nda.gov.cn"]\n'
        'section = "国策要论"\nkind = "manual"\n',
    },
)
def source(item: Item, issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """来源 as the page itself gives it; what names a department within says nothing."""
    snapshot = _snapshot(item, issue)
    told = snapshot.source if snapshot else ""
    if not item.source or not told or _WITHIN.search(told):
        return
    name = item.source.value
    if name and told not in name and name not in told and not same_body(name, told):
        message = f"来源是{name}，原文网页写的是{told}"
        yield report(Code.SOURCE_UNLIKE_ORIGINAL, item, item.source, message, "核对后改正")


@manuscript_rule(
    Code.NAME_UNSUPPORTED,
    clause=HOUSE,
    bad=_GOOD.replace("《数据指引》", "《数据指南》"),
    good=_GOOD,
    beside=_EVIDENCE,
)
def names(manuscript: Manuscript, issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """What the title calls a text is what the original calls it."""
    snapshot = _snapshot(manuscript.item, issue)
    if snapshot is None or not snapshot.text:
        return
    original = _letters(f"{snapshot.title}\n{snapshot.text}")
    for prose in manuscript.proses:
        for found in _NAME.finditer(prose.text) if prose.kind == "title" else ():
            if _letters(found[1]) not in original:
                message = f"原文里没有“{found[1]}”这个名称"
                yield prose, Finding(*found.span(), message, "照原文核对名称")


@manuscript_rule(
    Code.REFERENCE_UNSUPPORTED,
    clause="GB/T 9704",
    bad=_GOOD.replace("〔2025〕3号", "〔2025〕5号"),
    good=_GOOD,
    beside=_EVIDENCE,
)
def references(manuscript: Manuscript, issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """文号 by its year and number: what stands before varies with the sentence."""
    snapshot = _substance(manuscript, issue)
    if snapshot is None:
        return
    known = {_year_and_number(found.group()) for found in _REFERENCE.finditer(snapshot.text)}
    for prose in manuscript.proses:
        # A page that shows no number in its text has it in a table beside, or nowhere.
        for found in _REFERENCE.finditer(prose.text) if known else ():
            if _year_and_number(found.group()) not in known:
                message = f"原文里没有 {found.group()} 这个文号"
                yield prose, Finding(*found.span(), message, "照原文核对文号")


@manuscript_rule(
    Code.NUMBER_UNSUPPORTED,
    clause=HOUSE,
    bad=_GOOD.replace("100", "１２０"),
    good=_GOOD.replace("100个", "100余个"),
    beside=_EVIDENCE,
)
def numbers(manuscript: Manuscript, issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """Each number of an item stands in the original, in whatever form."""
    snapshot = _substance(manuscript, issue)
    if snapshot is None:
        return
    known = values(f"{snapshot.title}\n{snapshot.text}\n{snapshot.published}")
    for prose in manuscript.proses:
        within = [found.span() for found in _REFERENCE.finditer(prose.text)]
        for figure in figures(prose.text):
            if any(start <= figure.start < end for start, end in within):
                continue  # another rule's
            if _ENUMERATES.match(prose.text, 0, figure.end + 1):
                continue
            if not _is_supported(figure, known):
                word = prose.text[figure.start : figure.end]
                message = f"原文里没有 {word} 这个数"
                yield prose, Finding(figure.start, figure.end, message, "照原文核对数字")


def _is_supported(figure: Figure, known: frozenset[Decimal]) -> bool:
    value = figure.value
    if value in known or (value < _SMALL and value == int(value)):
        return True
    return figure.rough and any(abs(one - value) * _ROUGH <= value for one in known)


def _snapshot(item: Item | None, issue: Issue) -> Snapshot | None:
    """The page kept of ``item``, unless it is another's."""
    snapshot = issue.snapshots.get(item.path) if item else None
    if snapshot is None or item is None or item.url is None:
        return None
    return snapshot if canonical(item.url.value) == canonical(snapshot.url) else None


def _substance(manuscript: Manuscript, issue: Issue) -> Snapshot | None:
    """The page kept, where its text is what the item tells of."""
    snapshot = _snapshot(manuscript.item, issue)
    told = sum(len(prose.text) for prose in manuscript.body)
    return snapshot if snapshot and len(snapshot.text) >= _WHOLE * told else None


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text)


def _year_and_number(reference: str) -> tuple[str, ...]:
    return tuple(re.findall("[0-9]+", reference))


ORIGINALS: tuple[Rule, ...] = (
    same_page,
    published,
    source,
    names,
    references,
    numbers,
)
