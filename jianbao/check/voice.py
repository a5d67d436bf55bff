"""Whose voice a text speaks in: 我省 is the source's province, not the publication's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Manuscript, Prose
from jianbao.check.rule import HOUSE, manuscript_rule
from jianbao.check.stretches import without_quotations
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Issue, Masthead
    from jianbao.settings import CheckSettings

#: Not 资本市场, 自我区分, 本区间.
_OURS = pattern(
    "(?<!自)我(?:省(?![察悟])|市(?!场)|县|区(?![域别分间块])|州|自治区)"
    "|(?<![资日成样基根文版剧书课脚一])本(?:省|市(?!场|值|价|面)|县(?!级)|自治区|自治州)"
)
_PLACE = pattern(f"(?:中共)?({ONE_HAN}{{2,4}}?)(省|市|县|州|自治区|新区)")


@manuscript_rule(
    Code.VOICE_OF_SOURCE,
    clause=HOUSE,
    bad="到2027年，我省制造业完成数字化转型。",
    good="到2027年，全省制造业完成数字化转型。省长说：“我省有信心。”资本市场反应积极。",
    needs=(whose + level for whose in "我本" for level in ("省", "市", "县", "区", "州", "自治")),
)
def ours(manuscript: Manuscript, issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """我省 and 本市 outside a quotation, in a text that is not about the publication's place."""
    place, home = _place_of(manuscript), home_places(issue.settings, issue.masthead)
    if manuscript.item is None or any(name in place for name in home):
        return
    for prose in manuscript.proses:
        for found in _OURS.finditer(without_quotations(prose.text)):
            message = f"“{found.group()}”是来源的口吻，读者会以为说的是本刊所在地"
            yield prose, Finding(*found.span(), message, _hint(place, found.group()[1:]))


def _place_of(manuscript: Manuscript) -> str:
    """What the text says of the place it comes from: its source, then its title.

    The back matter, which has neither, is the publication's own voice.
    """
    item = manuscript.item
    texts = (item.source, item.title) if item else ()
    return "，".join(text.value for text in texts if text)


def home_places(settings: CheckSettings, masthead: Masthead) -> tuple[str, ...]:
    """Names of the publication's own places: as set, or where the masthead's bodies sit."""
    if settings.home:
        return settings.home
    names = (name for credit in masthead.credits for name in credit.names)
    return tuple(found[1] for name in names if (found := _PLACE.match(name)))


def _hint(place: str, level: str) -> str:
    named = next((f.group() for f in _PLACE.finditer(place) if f[2] == level), None)
    return f"写成“{named}”" if named else "写出地名，或改为“全省”“全市”"
