"""One thing by several names in one text, as far as the names themselves tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.check.rule import HOUSE, manuscript_rule
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue

_LAW = pattern("《([^《》]{2,30}(?:法|条例))》")
_TITLE = pattern("《([^《》]{8,80})》")
#: 部署者 and 部署方; 使用方式 is no party. Its four characters before tell that both are one.
_PARTY = pattern("[者方](?![面式案向法便位针略才能程言]|可(?![能以]))")
#: Roles that laws on data and AI define, of which one text speaks by one word.
_ROLES = frozenset({"部署", "处理", "运营", "控制", "持有", "采集", "加工"})
_HAN_BEFORE = pattern(f"{ONE_HAN}{{4}}$")
#: One character by which two titles differ rightly: a number, an edition, a place's level.
_DISTINCT = pattern("[0-9一二三四五六七八九十上中下前后新旧省市县区州级]")


@manuscript_rule(
    Code.NAME_VARIANT,
    clause=HOUSE,
    bad="指南解释了《人工智能法》的禁令。《人工智能法案》自二月起施行，AI法案设定处罚。",
    good="指南解释了《人工智能法》的禁令。《人工智能法》自二月起施行，另有《芯片法案》。",
)
def variants(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A law as a bill too, titles that differ by a character, 部署者 and 部署方."""
    yield from _bills(manuscript)
    yield from _near_titles(manuscript)
    yield from _parties(manuscript)


def _bills(manuscript: Manuscript) -> Iterator[tuple[Prose, Finding]]:
    """《人工智能法案》, 人工智能法案 and AI法案 where 《人工智能法》 stands."""
    laws = {law for prose in manuscript.proses for law in _LAW.findall(prose.text)}
    for law in sorted(laws):
        english = law.replace("人工智能", "AI")
        bills = (f"{law}案", f"{english}案")
        if not any(bill in prose.text for prose in manuscript.proses for bill in bills):
            continue  # most laws are no bill, and a pattern takes long to be made
        form = re.compile(
            rf"《(?:{re.escape(law)}|{re.escape(english)})案(?=》)"
            rf"|(?<!{ONE_HAN})(?<![A-Za-z《]){re.escape(law)}案|(?<![A-Za-z《]){re.escape(english)}案"
        )
        for prose in manuscript.proses:
            for found in form.finditer(prose.text):
                words = found.group() + ("》" if found.group().startswith("《") else "")
                message = f"“{words}”与《{law}》是不是同一部法律"
                span = (found.start(), found.start() + len(words))
                yield prose, Finding(*span, message, f"是的，统一写《{law}》")


def _near_titles(manuscript: Manuscript) -> Iterator[tuple[Prose, Finding]]:
    first: dict[str, str] = {}
    for prose in manuscript.proses:
        for found in _TITLE.finditer(prose.text):
            title = found[1]
            # A title without one of its characters, by which a near one finds it.
            keys = {title[:at] + title[at + 1 :] for at in range(len(title))}
            other = next((first[key] for key in (title, *sorted(keys)) if key in first), title)
            if other != title and abs(len(other) - len(title)) == 1 and _is_slip(title, other):
                message = f"《{title}》与前面的《{other}》只差一个字符"
                yield prose, Finding(*found.span(), message, "核对原文，写成一个名称")
            first.setdefault(title, title)
            for key in keys:
                first.setdefault(key, title)


def _is_slip(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    at = next((i for i, char in enumerate(short) if char != long[i]), len(short))
    return not _DISTINCT.match(long[at]) and not (at == len(short) and long[at] == "案")


def _parties(manuscript: Manuscript) -> Iterator[tuple[Prose, Finding]]:
    seen: dict[str, str] = {}
    told: set[str] = set()
    for prose in manuscript.proses:
        for found in _PARTY.finditer(prose.text):
            before, ending = prose.text[max(found.start() - 4, 0) : found.start()], found.group()
            if before[-2:] in _ROLES:
                before = before[-2:]
            elif not _HAN_BEFORE.match(before):
                continue
            other = seen.setdefault(before, ending)
            if other != ending and before not in told:
                told.add(before)
                word, usual = before[-2:] + ending, before[-2:] + other
                start = found.start() - 2
                message = f"“{word}”前面写作“{usual}”"
                yield prose, Finding(start, start + len(word), message, f"统一写“{usual}”")
