"""已登: what one of the last issues carried already."""

from __future__ import annotations

import re
from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING

from jianbao.addresses import canonical
from jianbao.check.rule import HOUSE, Rule, report
from jianbao.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Issue, Item
    from jianbao.records import PastItem

_NOT_LETTERS = re.compile(r"[^\w]+")
_LEFT_OUT, _ENDS = "* \u3000", "。；：！？\n"
#: Shorter clauses (各地各部门要) stand in any text.
_CLAUSE = 8
#: Letters in clauses below which a text is too short to be compared.
_ENOUGH = 80
#: The share of a text, by letters, that an earlier one must have, clause by clause. The same
#: report of another quarter has its frame in common, about half.
_SHARE = 0.7
#: Under the same title less will do; a weekly column has its name and some phrases in common.
_SHARE_UNDER_ONE_TITLE = 0.4
#: A clause that stands in more items than this is a formula; it also keeps time linear.
_FORMULA = 20
_NUMERAL = re.compile(r"第?[0-9０-９一二三四五六七八九十百]+[批次届期季年月日版号轮]?")
_DRAFT = re.compile("征求意见|意见稿|草案")

_ITEM = "---\ntitle: {}\nsection: 国策要论\nsource: 国家数据局\nurl: https://www.nda.gov.cn/{}.html\n---\n\n正文。\n"


def printed_before(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The same address, or nearly the same text under a title that does not move on."""
    if not issue.past:
        return
    by_url = {canonical(past.url): past for past in reversed(issue.past) if past.url}
    shared = _shared(issue)
    for number, item in enumerate(issue.items):
        url = item.url.value if item.url else ""
        if url and (same := by_url.get(canonical(url))):
            yield _report(item, same, "这个网址", at_url=True)
        elif twin := _nearly(item, shared[number]):
            yield _report(item, twin, "差不多的内容", at_url=False)


def _report(item: Item, past: PastItem, what: str, *, at_url: bool) -> Diagnostic:
    message = f"{what}在 {past.issue}（总第{past.total}期）登过：{past.title}"
    hint = "删去，或写出有什么新的进展；确要再登的，在 ignore 里写 printed-before"
    where = item.url if at_url else item.title
    return report(Code.PRINTED_BEFORE, item, where, message, hint)


def _shared(issue: Issue) -> list[list[tuple[PastItem, int]]]:
    """For each item the past ones that have clauses of it, with how many letters."""
    holders: dict[str, list[int]] = {}
    for number, item in enumerate(issue.items):
        for clause in _clauses(item.body.source):
            holders.setdefault(clause, []).append(number)
    shared: list[list[tuple[PastItem, int]]] = [[] for _ in issue.items]
    for past in issue.past:
        letters: Counter[int] = Counter()
        for clause in _clauses(past.body) & holders.keys():
            numbers = holders[clause]
            for number in numbers if len(numbers) <= _FORMULA else ():
                letters[number] += len(clause)
        for number, count in letters.items():
            shared[number].append((past, count))
    return shared


def _nearly(item: Item, shared: list[tuple[PastItem, int]]) -> PastItem | None:
    """The past item that has the most of ``item``, if that is nearly all."""
    whole = sum(map(len, _clauses(item.body.source)))
    title = item.title.value if item.title else ""
    for past, letters in sorted(shared, key=itemgetter(1), reverse=True):
        needed = _SHARE_UNDER_ONE_TITLE if _letters(title) == _letters(past.title) else _SHARE
        if whole >= _ENOUGH and letters >= needed * whole and not _moved_on(title, past.title):
            return past
    return None


def _moved_on(title: str, before: str) -> bool:
    """第二批 after 第一批, the text in force after its draft: alike, and news."""
    was_draft = bool(_DRAFT.search(before)) and not _DRAFT.search(title)
    return was_draft or set(_NUMERAL.findall(title)) != set(_NUMERAL.findall(before))


def _clauses(text: str) -> set[str]:
    """Clauses without emphasis and spaces. Plain replacing: a hundred texts are read so."""
    for mark in _LEFT_OUT:
        text = text.replace(mark, "")
    for mark in _ENDS:
        text = text.replace(mark, "，")
    return {clause for clause in text.split("，") if len(clause) >= _CLAUSE}


def _letters(title: str) -> str:
    return _NOT_LETTERS.sub("", title)


printed = Rule(
    Code.PRINTED_BEFORE,
    printed_before,
    HOUSE,
    bad=_ITEM.format("办法（征求意见稿）", 1),
    good=_ITEM.format("办法", 2),
    beside={
        "issues/2025-03/issue.toml": "number = 3\ntotal = 216\ndate = 2025-01-27\n",
        "issues/2025-03/01-a.md": _ITEM.format("办法（征求意见稿）", 1),
    },
)
