"""Spaces: none between Chinese, and one habit beside digits and Latin letters."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from jianbao.check.copy import placeholders
from jianbao.check.latin import FUNCTION_WORD
from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, manuscript_rule, prose_rule
from jianbao.cjk import ONE_HAN, is_chinese
from jianbao.diagnostics import Code
from jianbao.model import OBJECT
from jianbao.patterns import pattern
from jianbao.settings import DigitSpacing

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from jianbao.check.prose import Manuscript
    from jianbao.model import Issue

_OPENING = "（《〈「『【〔"
_CLOSING = "，。、；：？！）》〉」』】〕"
#: Curly quotes are not in these lists: those of English stand beside spaces. The space
#: beside a half-width bracket goes with it, when it becomes full-width.
_STRAY = pattern(
    rf"(?<=[{_OPENING}{_CLOSING}]) +(?=[^\s(])|(?<=[^\s)]) +(?=[{_OPENING}{_CLOSING}])"
    rf"|(?<=(?:{ONE_HAN}|[“‘])) +(?={ONE_HAN})|(?<={ONE_HAN}) +(?=(?:{ONE_HAN}|[”’“‘]))"
    rf"|(?<=[”’]) +(?={ONE_HAN})"
)
#: 第一章 总则, 附件一 名单: the number of a heading and its words.
_HEADING_NUMBER = pattern(
    r"(?:^|[\n。])(?:第[一二三四五六七八九十百零〇\d]+[章节条编篇部分款讲期届集]+"
    r"|(?:附件|附表|附录|图|表|专栏|案例)[一二三四五六七八九十\d]*)$"
)
#: Two bodies that publish together: 国家发展改革委 国家数据局出台……
_BODY_ENDS = pattern(r"(?:部|委|局|厅|办|署|院|会|府|行|司|社|中央|集团|公司|中心|大学)$")
_BODY_STARTS = pattern(
    rf"国务院|{ONE_HAN}{{1,15}}?(?:部|委|局|厅|办公室|署|研究院|委员会|政府|银行|总社|集团|公司|中心|大学)"
)
#: DB 52/T 1780—2024《高质量数据集 评价规范》: names of standards have parts (GB/T 1.1—2020 6.1).
_STANDARD = pattern(r"\d《[^《》]*$")
#: 出台 of 国家数据局 出台关于国家能源局的规定 is no body's name.
_VERB = pattern(
    r"(?:联合|共同|日前|近日|正式)?(?:出台|印发|发布|公布|召开|就|对|将|关于|在|启动|举办)"
)
#: 张三 李四, 主 编: words set apart, not a sentence.
_NAMES = pattern(rf"(?:{ONE_HAN}|[·]){{1,4}}(?: +(?:{ONE_HAN}|[·]){{1,4}})*")


@prose_rule(
    Code.STRAY_SPACE,
    clause=HOUSE,
    bad="推动数据 要素市场化配置，《条例》 自公布之日起施行。",
    good="第一章 总则。据《中共中央 国务院关于推进改革的意见》，使用DeepSeek AI。",
)
def stray_spaces(prose: Prose) -> Iterator[Finding]:
    """A space between Han characters or beside a full-width mark, as line breaks leave them."""
    if prose.kind in _TITLES:
        return
    for start, end in _stray(prose):
        message = f"汉字或全角标点旁边有空格：{prose.around(start, end)}"
        yield Finding(start, end, message, "删去空格", replacement="")


#: Kinds of prose in which a space may part two clauses.
_TITLES = frozenset({"title", "heading"})


@prose_rule(
    Code.TITLE_SPACE,
    clause=HOUSE,
    bad="## 关于加强 极端场景应急通信能力建设的意见",
    good="## 国家发展改革委 国家数据局出台三份政策文件",
)
def title_spaces(prose: Prose) -> Iterator[Finding]:
    """The same in a title, where a space may also part two clauses: a person has to look."""
    if prose.kind not in _TITLES:
        return
    for start, end in _stray(prose):
        message = f"标题里有空格：{prose.around(start, end)}"
        hint = "换行留下的，删去；有意分成两句的，写成两行 title_lines"
        yield Finding(start, end, message, hint)


def _stray(prose: Prose) -> Iterator[tuple[int, int]]:
    text = prose.text
    stray = [found.span() for found in _STRAY.finditer(text)] if " " in text else []
    if not stray or _NAMES.fullmatch(text):
        return
    for start, end in stray:
        if not (_parts_names(text, start, end) or _is_typed_otherwise(prose, start, end)):
            yield start, end


def _parts_names(text: str, start: int, end: int) -> bool:
    before, after = text[max(start - 16, 0) : start], text[end : end + 24]
    if _HEADING_NUMBER.search(before) or _STANDARD.search(text[max(start - 40, 0) : start]):
        return True
    bodies = _BODY_ENDS.search(before) and _BODY_STARTS.match(after)
    return bool(bodies) and not _VERB.match(after)


def _is_typed_otherwise(prose: Prose, start: int, end: int) -> bool:
    """Whether a line end or markup stands there: **重点** 说明 is a run-in heading.

    The space behind an address ends it.
    """
    if prose.text[start - 1] == OBJECT:
        return True
    edges = {edge for stretch in prose.strong for edge in stretch}
    return start in edges or end in edges or "\n" in (prose.as_written(start, end) or "")


_LATIN = "0-9A-Za-z"
_TYPED = pattern(rf"(?<={ONE_HAN}) +(?=[{_LATIN}])|(?<=[{_LATIN}%％℃]) +(?={ONE_HAN})")
_MISSING = pattern(rf"(?<={ONE_HAN})(?=[{_LATIN}])|(?<=[{_LATIN}])(?={ONE_HAN})")


@manuscript_rule(
    Code.DIGIT_SPACING,
    clause=HOUSE,
    bad="到 2027 年，设备上云率达到 60%。",
    good="到2027年，设备上云率达到60%，使用DeepSeek AI的Windows 11系统。",
)
def digit_spacing(manuscript: Manuscript, issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """Spaces between Han and digits or Latin letters against ``[check] digit_spacing``.

    One finding for a stretch of text without markup and quoted titles, with all its places.
    """
    tight = issue.settings.digit_spacing is DigitSpacing.TIGHT
    wrong, right = (_TYPED, "") if tight else (_MISSING, " ")
    for prose in manuscript.proses:
        for run in _runs(prose, _places(prose, wrong)):
            yield prose, _spaced(prose, run, right)


def _places(prose: Prose, wrong: re.Pattern[str]) -> list[tuple[int, int]]:
    """Where ``wrong`` is found, but not beside words that go anyway, by other rules."""
    places = [found.span() for found in wrong.finditer(prose.text)]
    if not places or not is_chinese(prose.text):
        return []
    words = (*FUNCTION_WORD.finditer(prose.text), *placeholders(prose.text))
    others = [word.span() for word in words]
    return [
        (start, end)
        for start, end in places
        if not any(left <= end and start <= right for left, right in others)
        and not _is_line_end(prose, start, end)
    ]


def _is_line_end(prose: Prose, start: int, end: int) -> bool:
    return start < end and "\n" in (prose.as_written(start, end) or "")


def _runs(prose: Prose, places: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """``places`` in groups that one edit can mend."""
    barriers = sorted(
        {edge for stretch in (*prose.strong, *prose.quoted_titles) for edge in stretch}
    )
    run: list[tuple[int, int]] = []
    for place, following in pairwise([*places, None]):
        assert place  # noqa: S101  (narrowing: only the last is None)
        run.append(place)
        if following is None or any(place[1] <= edge <= following[0] for edge in barriers):
            yield run
            run = []


def _spaced(prose: Prose, run: list[tuple[int, int]], right: str) -> Finding:
    start, end = run[0][0], run[-1][1]
    between = (prose.text[left:until] for (_, left), (until, _) in pairwise(run))
    meant = right.join(["", *between, ""])
    what = "多了空格" if right == "" else "缺少空格"
    message = f"汉字与数字、字母之间{what}（{len(run)}处）：{prose.around(*run[0])}"
    hint = "删去空格" if right == "" else "各加一个空格"
    return Finding(start, end, message, f"{hint}；体例由 jianbao.toml 的 digit_spacing 定", meant)
