"""Phrases with one right form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, prose_rule
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Only before a verb with 了, 着 or 出: 积极的推动作用 is right.
_ADVERB = pattern(
    "(?:罕见|及时|有效|积极|全面|深入|扎实|稳步|有序|迅速|成功|明确|首次|创造性|充分|显著|大幅|逐步|"
    "不断|持续|切实|极大|有力|精准|认真|严格|顺利|率先|详细|准确|公开|主动|大力|广泛|快速|更好|很好)"
    "(的)(?:提出|推动|促进|提升|提高|实现|解决|完成|开展|推进|降低|增加|改善|发挥|落实|贯彻|回应|保障|加强|"
    "建立|规定|阐述|说明|介绍|反映|体现|带动|激发|释放|缓解|遏制|适应|满足)(?:出?了|着|出)(?![的解])"
    "|(?:应当|必须|(?<![需主重只首])要|将|能够)(?:积极|全面|深入|扎实|稳步|有序|迅速|充分|切实|认真|严格|主动|大力|"
    "准确|持续)(的)(?:落实|配合|推进|开展|加强|执行|完成|推动|做好|履行|抓好|贯彻|参与)"
    "(?!机制|方案|情况|作用|力度|能力|工作)"
    "|(?:罕见|认真|主动|成功|顺利|率先|迅速|及时|有效|果断|坚决|反复|一致)(的)"
    f"{ONE_HAN}{{2}}了(?![解结然不得望])(?={ONE_HAN}|[“《])"
    f"|更好(的)(?:发挥|满足|适应)(?={ONE_HAN})(?![的感度性力])"
)
_PAIR = pattern(
    "(?:党中央|中共中央)国务院|中办国办|自治区党委自治区(?:人民)?政府"
    r"|(?P<place>[省市县区州旗])委(?P=place)(?:人民)?政府"
)
_SECOND = pattern("国务院|国办|(?:自治区|[省市县区州旗])(?:人民)?政府")


@prose_rule(
    Code.ADVERB_PARTICLE,
    clause=HOUSE,
    bad="该法案罕见的提出了进口禁令。",
    good="该法案罕见地提出了进口禁令，发挥了积极的推动作用。",
)
def adverb(prose: Prose) -> Iterator[Finding]:
    """的 for 地 between an adverbial and its verb."""
    for found in _ADVERB.finditer(prose.text):
        span = found.span(found.lastindex or 0)
        message = f"“{found.group()}”里的“的”应为“地”"
        yield Finding(*span, message, "改为“地”", replacement="地")


@prose_rule(
    Code.PARTY_GOVERNMENT,
    clause="GB/T 15834 4.5",
    bad="贯彻落实党中央国务院和省委省政府的战略部署。",
    good="贯彻落实党中央、国务院和省委、省政府的战略部署，办好党委政府交办的事。",
    needs=("央国务院", "中办国办", "党委自治区", *(f"委{level}" for level in "省市县区州旗")),
)
def party_and_government(prose: Prose) -> Iterator[Finding]:
    """A party body and a government body without the 顿号 that parts them."""
    for found in _PAIR.finditer(prose.text):
        words = found.group()
        second = _SECOND.search(words, 2)
        if second is None or prose.in_quoted_title(*found.span()):
            continue
        meant = f"{words[: second.start()]}、{second.group()}"
        yield Finding(*found.span(), f"“{words}”缺顿号", f"改为“{meant}”", replacement=meant)
