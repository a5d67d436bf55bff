"""Brackets, quotation marks and 书名号: full-width, in pairs, rightly nested."""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import manuscript_rule, prose_rule
from jianbao.cjk import EACH_HAN, is_chinese, is_cjk
from jianbao.diagnostics import Code
from jianbao.frozen import dataclass
from jianbao.model import OBJECT
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.prose import Manuscript
    from jianbao.model import Issue

_CLOSING = {
    "(": ")",
    "（": "）",
    "《": "》",
    "〈": "〉",
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_BRACKET = pattern(f"[{re.escape(''.join((*_CLOSING, *_OPENING)))}]")
_FULL_WIDTH = str.maketrans("()", "（）")
#: How far a rule looks back.
_NEAR = 8
#: The year of a document's number, which stands in 〔〕.
_DOCUMENT_YEAR = pattern(r"[(（]\s*\d{4}\s*[)）]\s*第?\d+号")
#: （1） or 1） before an entry of a list; the opening bracket is often left out.
_ENTRY_NUMBER = pattern(
    r"(?<!\d)\d{1,2}$|(?:^|[，。；：、！？\s])[A-Za-z一二三四五六七八九十]{1,3}$"
)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Brackets by their places in a text: pairs (opening, closing), and those without one."""

    pairs: tuple[tuple[int, int], ...]
    alone: tuple[int, ...]


def _pair(text: str) -> _Pairs:
    pairs, alone, pending = list[tuple[int, int]](), list[int](), list[tuple[str, int]]()
    waiting = Counter[str]()  # without it, many unlike brackets would be searched each time
    for found in _BRACKET.finditer(text):
        char, place = found.group().translate(_FULL_WIDTH), found.start()  # （ and ) are a pair
        if char in _CLOSING:
            pending.append((char, place))
            waiting[char] += 1
        elif not waiting[_OPENING[char]]:
            alone.append(place)
        else:
            while (opened := pending.pop())[0] != _OPENING[char]:
                waiting[opened[0]] -= 1
                alone.append(opened[1])
            waiting[opened[0]] -= 1
            pairs.append((opened[1], place))
    alone += [place for _, place in pending]
    return _Pairs(tuple(sorted(pairs)), tuple(sorted(alone)))


@prose_rule(
    Code.HALFWIDTH_BRACKET,
    clause="GB/T 15834—2011 4.9",
    bad="《政务云管理办法》(试行)印发。",
    good="《政务云管理办法》（试行）印发，接口（API）按f(x)计算。",
)
def halfwidth_brackets(prose: Prose) -> Iterator[Finding]:
    """Half-width brackets around Han characters or behind them, a pair at a time."""
    text = prose.text
    if ("(" not in text and ")" not in text) or not is_chinese(text):
        return
    behind = 0
    for start, end in _pair(text).pairs:
        if (
            start < behind
            or _DOCUMENT_YEAR.match(text, start)
            or {text[start], text[end]} <= {"（", "）"}
            or text[start] not in "(（"
        ):
            continue
        if _is_chinese_bracket(text, start, end):
            left, behind = _with_spaces(text, start, end + 1)
            meant = text[start : end + 1].translate(_FULL_WIDTH)
            message = f"中文里用了半角括号：{text[start : end + 1]}"
            yield Finding(left, behind, message, f"改为全角：{meant}", replacement=meant)


def _is_chinese_bracket(text: str, start: int, end: int) -> bool:
    inside, before = text[start + 1 : end], _before(text, start)[-1:]
    if EACH_HAN.search(inside) or (before and is_cjk(before)):
        return True
    after = text[end + 1 : end + 2]  # (1)推进 at the start
    return not before and inside.isdigit() and bool(after) and is_cjk(after)


def _with_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the spaces that part it from Chinese: its brackets bring their own."""
    before = _before(text, start)
    spaces = len(text[max(start - _NEAR, 0) : start]) - len(before)
    left = start - spaces if before and is_cjk(before[-1]) else start
    right = end
    while text[right : right + 1] == " ":
        right += 1
    after = text[right : right + 1]
    return left, right if after and (is_cjk(after) or after in "()") else end


def _before(text: str, place: int) -> str:
    return text[max(place - _NEAR, 0) : place].rstrip(" ")


@manuscript_rule(
    Code.MARK_UNPAIRED,
    clause="GB/T 15834—2011 4.8、4.9、4.15",
    bad="会议审议了《数据条例（草案》。",
    good="会议审议了《数据条例（草案）》，提出1）建平台；2）聚数据，用Don’t照旧。",
)
def unpaired(manuscript: Manuscript, _issue: Issue) -> Iterator[tuple[Prose, Finding]]:
    """A bracket, quotation mark or 书名号 without the other of its pair in the same block."""
    for prose, following in zip_longest(manuscript.proses, manuscript.proses[1:]):
        for place in _pair(prose.text).alone:
            if _must_pair(prose.text, place, following.text if following else ""):
                char = prose.text[place]
                other = _CLOSING.get(char) or _OPENING[char]
                side = "没有对应的" if char in _CLOSING else "前面没有对应的"
                message = f"{char} {side} {other}：{prose.around(place, place + 1)}"
                yield prose, Finding(place, place + 1, message, f"补上 {other}，或删去 {char}")


def _must_pair(text: str, place: int, following: str) -> bool:
    char, before, after = (
        text[place],
        text[max(place - _NEAR, 0) : place],
        text[place + 1 : place + 2],
    )
    if char in "’‘":  # Don’t, students’, ’90s
        return not re.search(r"[A-Za-z0-9]$", before) and not re.match(r"[A-Za-z0-9]", after)
    if char == "“":  # GB/T 15834—2011 4.8: each paragraph of a long quotation opens one
        return bool(before) or not following.startswith("“")
    if before.endswith(OBJECT):  # the other may be in an address
        return False
    if char in ")）":
        return not _ENTRY_NUMBER.search(before) and (char == "）" or _touches(before, after))
    return char != "(" or _touches(before, after)


def _touches(before: str, after: str) -> bool:
    return any(char and is_cjk(char) for char in (before[-1:], after[:1]))


@prose_rule(
    Code.MARK_NESTED,
    clause="GB/T 15834—2011 4.8、4.15",
    bad="印发《国务院关于印发《数字经济规划》的通知》。",
    good="印发《国务院关于印发〈数字经济规划〉的通知》，“落实‘两个清单’制度”。",
)
def nested(prose: Prose) -> Iterator[Finding]:
    """A 《 inside 《》, a “ inside “”: the inner ones are single."""
    text, enclosing = prose.text, list[tuple[int, int]]()
    if max(text.count("《"), text.count("“")) < 2:  # noqa: PLR2004  (nothing to nest)
        return
    for start, end in _pair(text).pairs:
        while enclosing and enclosing[-1][1] < start:
            enclosing.pop()
        if text[start] in "《“" and any(text[place] == text[start] for place, _ in enclosing):
            single = "〈〉" if text[start] == "《" else "‘’"
            inner = text[start : end + 1]
            meant = f"{single[0]}{inner[1:-1]}{single[1]}"
            message = f"{text[start]}{text[end]} 里面又套了一层：{inner}"
            yield Finding(start, end + 1, message, f"里层用单的：{meant}")
        enclosing.append((start, end))
