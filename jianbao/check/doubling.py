"""Words and phrases written twice in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, prose_rule
from jianbao.cjk import EACH_HAN, ONE_HAN
from jianbao.diagnostics import Code
from jianbao.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What may follow makes words of its own: 增进了了解, 促进和和平, 的的确确.
_PARTICLE = pattern(
    r"(?<![目标有])的的(?![确士])|(?<!不)了了(?!解|结|然|断|之|却|不起)|和和(?!平|谐|美|气|睦|解|缓|服|田|顺|县)"
    r"|与与(?!会)"
    r"|在在(?=[《“这此各全本我其])|是是(?=[《“一这我由])|对对(?=[《“这此各全本我其])"
)


@prose_rule(
    Code.WORD_DOUBLED,
    clause=HOUSE,
    bad="数据要素的的市场化配置。",
    good="为了各种目的的“了解”，增进了了解，促进和和平，的的确确不了了之，暖暖和和过春节，层层落实。",
    needs=(2 * word for word in "的了和与在是对"),
)
def doubled_particles(prose: Prose) -> Iterator[Finding]:
    """A particle typed twice."""
    for found in _PARTICLE.finditer(prose.text):
        word, before = found.group(), prose.text[max(found.start() - 2, 0) : found.start()]
        if len(before) == len(word) and len(set(before)) == 1:  # 暖暖和和
            continue
        message = f"“{word[0]}”字重复：{prose.around(*found.span())}"
        yield Finding(*found.span(), message, f"改为 {word[0]}", replacement=word[0])


_PAIR = pattern(r"(?=(..)\1)")
_TWO_HAN = pattern(f"{ONE_HAN}{{2}}")
#: ABAB that is said: one by one, very very, verbs that are tried out.
_SAID = pattern(
    r"[一几多很非逐好越再又不快慢试]|研究研究|讨论讨论|商量商量|考虑考虑|学习学习|琢磨琢磨|交流交流|了解了解"
    r"|打听打听|休息休息|体验体验|放松放松|锻炼锻炼|(.)\1"
)
#: The second word goes on: 发展发展中国家, 建设数据数据库, 服务服务业.
_GOES_ON = pattern(r"[中业库级者性化员局部家办机院站网处委会商器权力度率型线区带项组费法所]")


@prose_rule(
    Code.WORD_REPEATED,
    clause=HOUSE,
    bad="推进推进数字化转型。",
    good="一项一项抓落实，支持服务服务业，研究研究再说。",
)
def repeated_words(prose: Prose) -> Iterator[Finding]:
    """A word of two characters written twice: often a slip, sometimes said so (大片大片)."""
    text = prose.text
    for found in _PAIR.finditer(text):
        start = found.start()
        said = _SAID.match(text, start) or _GOES_ON.match(text, start + 4)
        if _TWO_HAN.match(text, start) and not said:
            word = found[1]
            message = f"重复：{prose.around(start, start + 4)}"
            yield Finding(start, start + 4, message, f"不是有意的，只留一个“{word}”")


_SHORTEST = 4
_CLAUSE = pattern(r"[^，。、；：！？\n]+")
_RUN = pattern(r"(.{4,20}?)\1")
#: 一个单位一个单位 is said.
_SAID_TWICE = pattern("[一几]")
#: How many clauses may be repeated together.
_MOST = 3


@prose_rule(
    Code.PHRASE_DOUBLED,
    clause=HOUSE,
    bad="提升应急通信能力，提升应急通信能力，形成合力。",
    good="任国务委员、国务委员会委员，有了制度，便有了市场，有了市场，便有了活力。",
)
def doubled_phrases(prose: Prose) -> Iterator[Finding]:
    """Four characters or more written twice back to back."""
    clauses = [found.span() for found in _CLAUSE.finditer(prose.text)]
    for start, end, length in (*_inside(prose.text, clauses), *_whole(prose.text, clauses)):
        run = prose.text[start : start + length]
        message = f"重复：{prose.text[start:end]}"
        yield Finding(start, end, message, f"只留一个“{run.rstrip('，。、；：')}”")


def _inside(text: str, clauses: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """What is doubled inside a clause: its start and end, and the length of one of the two."""
    for start, end in clauses:
        spare = end - start - len(set(text[start:end]))  # few clauses have characters to spare
        if spare >= _SHORTEST and (found := _RUN.search(text, start, end)):
            run = found[1]
            if _is_han(run) and not _SAID_TWICE.match(run):
                yield *found.span(), len(run)


def _whole(text: str, clauses: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Clauses, up to three together, that stand twice."""
    words = [text[start:end] for start, end in clauses]
    if len(set(words)) == len(words):
        return
    for count in range(1, _MOST + 1):
        for index in range(len(words) - 2 * count + 1):
            first, second = index + count, index + 2 * count
            if words[index:first] == words[first:second] and _is_written(text, clauses[index]):
                start = clauses[index][0]
                yield start, clauses[second - 1][1], clauses[first][0] - start


def _is_written(text: str, clause: tuple[int, int]) -> bool:
    """Whether the clause is long enough, and no exclamation: 我中奖了！我中奖了！ is said."""
    return _is_han(text[slice(*clause)]) and text[clause[1] : clause[1] + 1] not in {"！", "？"}


def _is_han(words: str) -> bool:
    return len(EACH_HAN.findall(words)) >= _SHORTEST
