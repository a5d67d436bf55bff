"""Sentences that lack a part, or have one twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.check.rule import HOUSE, manuscript_rule, prose_rule
from jianbao.check.stretches import sentences
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue

_NOT_ONLY = pattern(r"不仅(?!仅?限于|如此|是为了)|不但(?!如此)|不光(?!如此)")
_BUT_ALSO = pattern("[而且还也更又亦并均都就连同反]|甚至|尤其|关键")
#: 日前公布的 tells of what was made known, not when the sentence happens.
_RECENTLY = pattern(f"(?:近日|日前|近期)(?!{ONE_HAN}{{1,6}}的)")
_CAUSE = pattern("是因为[^。；！？\n]*?(?<!不是)(?<!还)(?<!也)(?<!更)因为")
_MEANS = pattern(
    "(?:^|(?<=[。！？；\n]))(?:通过|经过)[^，。；！？\n]{2,80}，(?:从而)?(使得?)(?!命|用|者|馆)"
)

_AIM = (
    "贯彻|落实|推动|推进|促进|加快|加强|规范|深化|激活|发挥|提升|提高|保障|完善|健全|优化|强化|"
    "释放|激发|增强|实现|构建|打造|培育|维护|防范|解决|满足|适应|引导|扩大|拓展"
)
#: What is done for, and not what is spoken of: 在公共数据方面 may name its 公共数据 again.
_ASPECT = pattern(rf"在((?:支持|开展|加大|发展|{_AIM})[^，。；：！？、“”《》\n]{{4,40}})方面，")
_PURPOSE = pattern(
    rf"\s*为了?(?:进一步|更好地?|切实|全面|深入|认真|坚决|持续|有效|加快)*(?:{_AIM})"
)
_AIM_CLAUSE = pattern(
    rf"(?:并|以|进而|从而)?(?:进一步|更好地?|切实|全面|深入|有效|充分|持续|不断|加快)*(?:{_AIM})"
)
#: What a main clause has; 为……提供…… is one.
_MAIN = pattern(
    "提供|奠定|注入|贡献|创造|打下|增添|树立|带来|作出|做出|制定|印发|出台|发布|公布|召开|举办|开展|启动|"
    "联合|起草|修订|编制|设立|成立|应当|必须|要求|需要|可以|提出|明确|规定|决定|特此|现将|现就|拟|将(?!来)|"
    "是(?!否)|有(?![效序力关利机限益权])"
)
#: A verb would make the words a sentence.
_LEAD = pattern(
    "(?:^|(?<=[。；\n]))(第[一二三四五六七八九十]+部分(?:[^，。：；！？是为有讲谈写在\n]{2,12}))([，。])"
)
_DEFINED = pattern("，?(?:是|指|即|系|为了?[^，。]{1,20}的|本质)")


@prose_rule(
    Code.RECENTLY_TWICE,
    clause=HOUSE,
    bad="近日，省数据局等六部门日前联合印发工作方案。",
    good="近日，省数据局印发工作方案。方案日前已经公布。",
    needs=("近日", "日前", "近期"),
)
def recently_twice(prose: Prose) -> Iterator[Finding]:
    """近日 and 日前 in one sentence."""
    for start, sentence in sentences(prose.text):
        words = list(_RECENTLY.finditer(sentence.partition("；")[0]))
        if len(words) > 1:
            first, second = words[0], words[1]
            span = (start + second.start(), start + second.end())
            yield Finding(*span, f"前面已有“{first.group()}”，又写“{second.group()}”", "删去一个")


@prose_rule(
    Code.CORRELATIVE_MISSING,
    clause=HOUSE,
    bad="法案不仅提出了出口禁令，禁止转让技术。该法案提出了进口禁令。",
    good="法案不仅提出了出口禁令，还提出了进口禁令。影响不仅限于企业。",
    needs=("不仅", "不但", "不光"),
)
def correlative(prose: Prose) -> Iterator[Finding]:
    """不仅 whose sentence ends without its partner."""
    for start, sentence in sentences(prose.text):
        found = _NOT_ONLY.search(sentence)
        if found and sentence.endswith("。") and not _BUT_ALSO.search(sentence, found.end()):
            span = (start + found.start(), start + found.end())
            message = f"“{found.group()}”到句号为止没有“而且”“还”“也”呼应"
            yield Finding(*span, message, "把后一句并进来，或删去这个词")


@prose_rule(
    Code.PURPOSE_ALONE,
    clause=HOUSE,
    bad="为贯彻落实试验区建设部署，深化要素改革，激活数据要素价值。省数据局召开推进会。",
    good="为贯彻落实试验区建设部署，深化要素改革，激活数据要素价值，省数据局召开推进会。",
)
def purpose(prose: Prose) -> Iterator[Finding]:
    """A purpose that a full stop cuts from what is done for it."""
    if prose.kind != "paragraph":
        return
    for start, sentence in sentences(prose.text):
        clauses = re.split("[，；]", sentence.rstrip("。"))
        is_alone = (
            sentence.endswith("。")
            and len(clauses) > 1
            and _PURPOSE.match(sentence)
            and all(_AIM_CLAUSE.match(clause) for clause in clauses[1:])
            and not any(_MAIN.search(clause) for clause in clauses)
        )
        if is_alone:
            end = start + len(sentence)
            message = f"“{clauses[0][:12]}……”只说了目的，到句号为止没有主句"
            yield Finding(end - 1, end, message, "句号改为逗号，与后面的主句连起来")


@prose_rule(
    Code.SUBJECT_LOST,
    clause=HOUSE,
    bad="通过互联互通和协议转换，使数据得以融合和汇聚。",
    good="企业推进数字化改造，通过互联互通，使数据得以融合。通过改革，市场更加活跃。",
    needs=("，使", "，从而使"),
)
def subject(prose: Prose) -> Iterator[Finding]:
    """A sentence that starts 通过……，使……: its subject is lost between the two."""
    for found in _MEANS.finditer(prose.text):
        yield Finding(*found.span(1), "“通过……，使……”没有主语", "删去“通过”，或删去“使”")


@prose_rule(
    Code.CAUSE_TWICE,
    clause=HOUSE,
    bad="但这是因为通过仍有待时日，因为译文尚未完成。",
    good="这不是因为资金不足，而是因为译文尚未完成。",
    needs=("是因为",),
)
def cause(prose: Prose) -> Iterator[Finding]:
    """这是因为……，因为…… in one sentence."""
    for found in _CAUSE.finditer(prose.text):
        if "而是" not in found.group():
            yield Finding(found.end() - 2, found.end(), "前面已有“是因为”", "删去一个“因为”")


@prose_rule(
    Code.ASPECT_REPEATED,
    clause=HOUSE,
    bad="在支持数据产业高质量发展方面，条例从五个方面支持数据产业高质量发展。",
    good="在支持数据产业高质量发展方面，条例列出五项措施，建立数据产业目录。",
    needs=("方面，",),
)
def aspect(prose: Prose) -> Iterator[Finding]:
    """在……方面 whose words the same sentence says again."""
    for found in _ASPECT.finditer(prose.text):
        rest = re.split("[。！？\n]", prose.text[found.end() :], maxsplit=1)[0]
        at = rest.find(found[1])
        start = found.end() + at
        if at >= 0 and not prose.in_quoted_title(start, start + len(found[1])):
            message = f"“在{found[1]}方面”已经说过“{found[1]}”"
            yield Finding(start, start + len(found[1]), message, "删去一处")


@prose_rule(
    Code.LEAD_UNEVEN,
    clause="GB/T 15834 4.1",
    bad="第一部分总体要求，明确目标。第二部分重点任务。提出八项工程。",
    good="第一部分总体要求，明确目标。第二部分重点任务，提出八项工程。",
    needs=(f"{digit}部分" for digit in "一二三四五六七八九十"),
)
def uneven_leads(prose: Prose) -> Iterator[Finding]:
    """第二部分重点任务。: a full stop cuts a heading off, where another part runs on."""
    leads = list(_LEAD.finditer(prose.text))
    if any(lead[2] == "，" for lead in leads):
        for lead in leads:
            if lead[2] == "。":
                message = f"“{lead[1]}”后面用了句号，别的部分用逗号"
                yield Finding(*lead.span(2), message, "改为逗号，与别的部分一致")


@manuscript_rule(
    Code.DEFINITION_VERB,
    clause=HOUSE,
    bad="**数据产权**，是指财产权利。\n\n**场外交易**，供需方完成交易的行为。\n\n"
    "**数据产业**，是指新兴产业。\n\n**数据撮合**，是指帮助的行为。\n\n**算力**，是指能力。",
    good="**数据产权**，是指财产权利。\n\n**场外交易**，是指供需方完成交易的行为。\n\n"
    "**数据产业**，是指新兴产业。\n\n**数据撮合**，本质是帮助。\n\n**算力**，是指能力。",
    needs=("，是指",),
)
def definitions(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A term set bold in a row of definitions, without 是指 behind it."""
    terms = [(prose, prose.strong[0]) for prose in manuscript.body if _starts_with_term(prose)]
    defined = sum(prose.text.startswith("，是指", end) for prose, (_, end) in terms)
    if defined < 4 or defined * 4 < len(terms) * 3:  # noqa: PLR2004  (three of four: a row)
        return
    for prose, (start, end) in terms:
        if not _DEFINED.match(prose.text, end):
            term = prose.text[start:end]
            message = f"其余各条都写“，是指”，“{term}”后面没有"
            yield prose, Finding(start, end, message, f"写成“{term}，是指……”")


def _starts_with_term(prose: Prose) -> bool:
    start, end = prose.strong[0] if prose.strong else (1, 1)
    return start == 0 and prose.text.startswith("，", end)
