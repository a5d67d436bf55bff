"""What a rule is: a pure function from a fragment to what is wrong with it.

Each says on what it rests and carries an example that it reports and one on which all rules
are silent; the examples are its tests and its documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from jianbao.wechat.fragment import Fragment

if TYPE_CHECKING:
    from jianbao.diagnostics import Code
    from jianbao.wechat.fragment import Element
    from jianbao.wechat.scanner import Attribute
    from jianbao.wechat.styles import Declaration


class Basis(Enum):
    """Who says so."""

    OFFICIAL = "官方"  # 《微信公众平台编辑器插件开发规范》 or the manual of the API
    MEASURED = "实测"  # on published articles, after WeChat's own filter
    OURS = "本刊"  # experience, and numbers of our own


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found from offset ``start`` to before ``end``."""

    start: int
    end: int
    message: str
    hint: str


Ask = Callable[[Fragment], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; ``bad`` and ``good`` are fragments."""

    code: Code
    ask: Ask
    basis: Basis
    clause: str  # the heading in the specification or manual, or where it was seen
    bad: str
    good: str

    @property
    def ground(self) -> str:
        """Basis and clause in one."""
        return f"{self.basis.value}（{self.clause}）"


def rule(code: Code, basis: Basis, clause: str, *, bad: str, good: str) -> Callable[[Ask], Rule]:
    """Make a function over fragments a `Rule`."""
    return lambda ask: Rule(code, ask, basis, clause, bad, good)


def at(place: Attribute | Declaration, message: str, hint: str) -> Finding:
    """A finding at an attribute or a declaration."""
    return Finding(place.start, place.end, message, hint)


def at_tag(element: Element, message: str, hint: str) -> Finding:
    """A finding at the name in the start tag of ``element``."""
    start = element.start + 1
    return Finding(start, start + len(element.name), message, hint)
