"""Marks between and behind words: full-width, once, and the right ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import prose_rule
from jianbao.cjk import ONE_HAN, is_chinese
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY_HALF_WIDTH = pattern(r"[,;:?!]")
_FULL_WIDTH = str.maketrans(",;:?!", "，；：？！")
_HALF_WIDTH = pattern(
    rf"(?<=(?:{ONE_HAN}|[》）”’】〕])) *(?P<behind>[,;:?!]+) *"
    rf"|(?<=[A-Za-z0-9%)])(?P<before>[,;?!]+|(?<=[A-Za-z)]):) *(?=(?:{ONE_HAN}|[《“（]))"
)
#: Not 一. before an entry, whose own mark is 、.
_FULL_STOP = pattern(
    rf"(?<=(?:{ONE_HAN}|[》）”]))(?<!^[一二三四五六七八九十])\.(?= *(?:$|(?:{ONE_HAN}|[《“（])))"
)


@prose_rule(
    Code.HALFWIDTH_MARK,
    clause="GB/T 15834—2011 5.1",
    bad="加快建设,推动发展。",
    good="上午10:30开会，比例为3:1，增长1,000家，See Smith, 2020。",
)
def halfwidth_marks(prose: Prose) -> Iterator[Finding]:
    """A half-width comma, semicolon, colon, question or exclamation mark beside Han."""
    text = prose.text
    if not _ANY_HALF_WIDTH.search(text):
        return
    found = list(_HALF_WIDTH.finditer(text))
    if not found or not is_chinese(text):
        return
    for match in found:
        mark = match["behind"] or match["before"]
        meant = mark.translate(_FULL_WIDTH)
        message = f"中文里用了半角标点 {mark}：{prose.around(*match.span())}"
        yield Finding(*match.span(), message, f"改为全角 {meant}", replacement=meant)


@prose_rule(
    Code.HALFWIDTH_STOP,
    clause="GB/T 15834—2011 4.1",
    bad="加快建设数据基础设施.",
    good="增长3.5%，见data.gov.cn网站。乔治·布什到访。",
)
def halfwidth_stops(prose: Prose) -> Iterator[Finding]:
    """A full stop of Latin script behind Han. Only at the end of a block is 。 certain."""
    text = prose.text
    if "." not in text:
        return
    for found in _FULL_STOP.finditer(text):
        last = not text[found.end() :].strip()
        hint = "句号改为 。" if last else "句号改为 。，人名里的改为 ·，序号后的改为 、"
        message = f"汉字后面用了西文的点：{prose.around(*found.span())}"
        yield Finding(*found.span(), message, hint, replacement="。" if last else None)


_REPEATED = pattern(r"[，。、；：]{2,}|[，、；：][？！]|[？！]+[，。、；：]")


@prose_rule(
    Code.MARK_REPEATED,
    clause="GB/T 15834—2011 4",
    bad="加快建设，，推动发展。",
    good="为什么？！因为“谁来管？”，没有答案……。",
    needs=(one + other for one in "，。、；：？！" for other in "，。、；：？！"),
)
def repeated_marks(prose: Prose) -> Iterator[Finding]:
    """Two marks where one is meant; ``。。。`` stands for an ellipsis, and is left to its rule."""
    for found in _REPEATED.finditer(prose.text):
        run = found.group()
        if run.startswith("。。。"):
            continue
        same = run[0] if len(set(run)) == 1 else None
        hint = f"只留一个 {same}" if same else "只留该用的一个"
        yield Finding(*found.span(), f"标点重复：{run}", hint, replacement=same)


_ELLIPSIS = pattern(
    rf"(?<=(?:{ONE_HAN}|[，。！？、》）”“]))(?:\.{{3,}}|(?<!…)…(?!…))|(?<!\.)\.{{3,}}(?=(?:{ONE_HAN}|[，”]))|。{{3,}}|·{{3,}}"
)


@prose_rule(
    Code.ELLIPSIS_FORM,
    clause="GB/T 15834—2011 4.11",
    bad="包括登记、确权...等环节。",
    good="包括登记、确权……加载config...done。",
    needs=("…", "...", "。。。", "···"),
)
def ellipses(prose: Prose) -> Iterator[Finding]:
    """An ellipsis that is not six points."""
    for found in _ELLIPSIS.finditer(prose.text):
        message = f"省略号写成了 {found.group()}"
        yield Finding(*found.span(), message, "改为 ……", replacement="……")


_DASH = pattern(
    rf"(?<=(?:{ONE_HAN}|[》）”])) *-{{2,}} *(?=(?:{ONE_HAN}|[《“（]))|(?:[―─]|–(?=–)|(?<=–)–){{2,}}"
)


@prose_rule(
    Code.DASH_FORM,
    clause="GB/T 15834—2011 4.10",
    bad="这是一条新路--以数据换技术。",
    good="这是一条新路——以数据换技术，形成“集群—数据中心”体系，加--fix选项。",
    needs=("--", "―", "─", "–"),
)
def dashes(prose: Prose) -> Iterator[Finding]:
    """A dash typed as hyphens or drawn as a line of a box."""
    for found in _DASH.finditer(prose.text):
        message = f"破折号写成了 {found.group().strip()}"
        yield Finding(*found.span(), message, "改为 ——", replacement="——")


_JOINED = pattern(rf"[“《]{ONE_HAN}+(?:——{ONE_HAN}+){{2,}}[”》]")


@prose_rule(
    Code.DASH_JOINER,
    clause="GB/T 15834—2011 4.13",
    bad="搭建“场景——工具——路径”分析框架。",
    good="搭建“场景—工具—路径”分析框架——这是第一次。",
    needs=("——",),
)
def joining_dashes(prose: Prose) -> Iterator[Finding]:
    """Dashes in a quoted chain of terms: what joins terms is as long as one character."""
    for found in _JOINED.finditer(prose.text):
        meant = found.group().replace("——", "—")
        yield Finding(*found.span(), f"连接几个词用了破折号：{found.group()}", f"改为 {meant}")


_OTHER_DOTS = "•・‧∙⋅･"
_INTERPUNCT = pattern(rf"(?<={ONE_HAN})[{_OTHER_DOTS}](?={ONE_HAN})")


@prose_rule(
    Code.INTERPUNCT_FORM,
    clause="GB/T 15834—2011 4.14",
    bad="乔希•霍利提出法案。",
    good="乔希·霍利提出法案，“十四五”开局。",
    needs=_OTHER_DOTS,
)
def interpuncts(prose: Prose) -> Iterator[Finding]:
    """A bullet or another dot between the parts of a name."""
    for found in _INTERPUNCT.finditer(prose.text):
        message = f"间隔号写成了 {found.group()}：{prose.around(*found.span())}"
        yield Finding(*found.span(), message, "改为 ·", replacement="·")


_STRAIGHT = pattern(r'"')
_STRAIGHT_PAIR = pattern(rf"\"[^\"\n]*\"|(?<![A-Za-z0-9])'[^'\n]*{ONE_HAN}[^'\n]*'(?![A-Za-z0-9])")
_BESIDE_HAN = pattern(rf"(?:{ONE_HAN}|[，。；：、！？》）”])|^$")


@prose_rule(
    Code.STRAIGHT_QUOTE,
    clause="GB/T 15834—2011 4.8",
    bad='推进"一网通办"改革。',
    good='推进“一网通办”改革，运行print("ok")命令。',
)
def straight_quotes(prose: Prose) -> Iterator[Finding]:
    """Straight quotation marks round Chinese; a fix only where each has its other."""
    text = prose.text
    if not ('"' in text or "'" in text) or not is_chinese(text):
        return
    certain = len(_STRAIGHT.findall(text)) % 2 == 0
    for found in _STRAIGHT_PAIR.finditer(text):
        quoted = found.group()
        if not _is_chinese_quotation(text, *found.span()):
            continue
        left, right = "“”" if quoted[0] == '"' else "‘’"
        meant = f"{left}{quoted[1:-1]}{right}"
        message = f"中文里用了直引号：{quoted}"
        yield Finding(*found.span(), message, f"改为 {meant}", meant if certain else None)


def _is_chinese_quotation(text: str, start: int, end: int) -> bool:
    """Whether the inside is Chinese, or a word of another script between Han characters."""
    inside = re.search(f"{ONE_HAN}", text[start:end])
    around = (text[max(start - 1, 0) : start], text[end : end + 1])
    return bool(inside) or all(_BESIDE_HAN.match(char) for char in around)


_NAME = r"[《“][^《》“”\n]*[》”]"
#: A list of titles or quotations, each perhaps with a remark in brackets behind it.
_LIST = pattern(rf"(?<!、){_NAME}(?:（[^（）\n]*）)?(?:、{_NAME}(?:（[^（）\n]*）)?)+(?!、)")
_BETWEEN = pattern(r"(?<=》)、(?=《)|(?<=”)、(?=“)")
_REMARK = pattern(r"[》”]（")


@prose_rule(
    Code.ENUMERATION_COMMA,
    clause="GB/T 15834—2011 4.5.3.5",
    bad="出版《数典》、《数权法》。",
    good="出版《数典》《数权法》，印发《甲》（试行）、《乙》、《丙》，推进“放管服”、登记、“两个清单”。",
    needs=("》、《", "”、“"),
)
def enumeration_commas(prose: Prose) -> Iterator[Finding]:
    """A 、 between 》 and 《 or between quotations, which part themselves.

    Where a member has a remark behind it, or is neither, the whole list keeps its 、.
    """
    text = prose.text
    for listed in _LIST.finditer(text):
        if _REMARK.search(listed.group()):
            continue
        for found in _BETWEEN.finditer(text, *listed.span()):
            pair = text[found.start() - 1 : found.end() + 1]
            message = f"并列的{'书名号' if '》' in pair else '引号'}之间通常不用顿号：{pair}"
            yield Finding(*found.span(), message, "删去顿号", replacement="")
