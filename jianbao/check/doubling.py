"""Words and phrases written twice in a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.check.prose import Finding, Prose
from jianbao.check.rule import HOUSE, prose_rule
from jianbao.cjk import HAN
from jianbao.diagnostics import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What may follow makes words of its own: 增进了了解, 促进和和平, 的的确确.
_PARTICLE = re.compile(
    r"(?<![目标有])的的(?!确)|(?<!不)了了(?!解|结|然|断|之|却|不起)|和和(?!平|谐|美|气|睦|解|缓|服|田|顺|县)"
    r"|地地(?!区|方|道|点|位|理|质|面|下|铁|震|级|市|产|块|形|图|带)|与与(?!会)"
    r"|在在(?=[《“这此各全本我其])|是是(?=[《“一这我由])|对对(?=[《“这此各全本我其])"
)


@prose_rule(
    Code.WORD_DOUBLED,
    clause=HOUSE,
    bad="数据要素的的市场化配置。",
    good="为了各种目的的“了解”，增进了了解，促进和和平，的的确确不了了之，层层落实、人人有责。",
)
def doubled_particles(prose: Prose) -> Iterator[Finding]:
    """A particle typed twice."""
    for found in _PARTICLE.finditer(prose.text):
        word = found.group()
        message = f"“{word[0]}”字重复：{prose.around(*found.span())}"
        yield Finding(*found.span(), message, f"改为 {word[0]}", replacement=word[0])


_PAIR = re.compile(r"(?=(..)\1)")
_TWO_HAN = re.compile(f"[{HAN}]{{2}}")
#: ABAB that is said: one by one, very very, verbs that are tried out.
_SAID = re.compile(
    r"[一几多很非逐好越再又不快慢试]|研究研究|讨论讨论|商量商量|考虑考虑|学习学习|琢磨琢磨|交流交流|了解了解"
    r"|打听打听|休息休息|体验体验|放松放松|锻炼锻炼|(.)\1"
)
#: The second word goes on: 发展发展中国家, 建设数据数据库, 服务服务业.
_GOES_ON = re.compile(r"[中业库级者性化员局部家办机院站网处委会商器权力度率型线区带项组费法所]")
_LONGEST, _SHORTEST = 40, 4


@prose_rule(
    Code.PHRASE_DOUBLED,
    clause=HOUSE,
    bad="推进推进数字化转型，提升应急通信能力，提升应急通信能力，形成合力。",
    good="一项一项抓落实，支持服务服务业，研究研究再说，数据链与数据链相连。",
)
def doubled_phrases(prose: Prose) -> Iterator[Finding]:
    """Two characters or more written twice back to back."""
    behind = 0
    for start, length in sorted((*_doubled_words(prose.text), *_doubled_runs(prose.text))):
        if start < behind:
            continue
        behind = start + 2 * length
        run = prose.text[start : start + length]
        yield Finding(start, behind, f"重复：{run}{run}", f"只留一个“{run}”")


def _doubled_words(text: str) -> Iterator[tuple[int, int]]:
    for found in _PAIR.finditer(text):
        start = found.start()
        said = _SAID.match(text, start) or _GOES_ON.match(text, start + 4)
        if _TWO_HAN.match(text, start) and not said:
            yield start, 2


def _doubled_runs(text: str) -> Iterator[tuple[int, int]]:
    """Starts and lengths of what stands twice, at least four characters long.

    What repeats has its first four characters again behind it: a table of the last place
    of every four finds that in linear time.
    """
    seen: dict[str, int] = {}
    for index in range(len(text) - _SHORTEST + 1):
        four = text[index : index + _SHORTEST]
        before = seen.get(four, -_LONGEST - 1)
        seen[four] = index
        length = index - before
        if _SHORTEST <= length <= _LONGEST and _repeats(text, before, length):
            yield before, length


def _repeats(text: str, start: int, length: int) -> bool:
    run = text[start : start + length]
    if text[start + length : start + 2 * length] != run:
        return False
    return len(re.findall(f"[{HAN}]", run)) >= _SHORTEST
