"""What an SVG may not hold, in a file that is printed, kept and sent on.

The press reaches no file and no network, so what an SVG takes from elsewhere is missing
in print; readers of other editions would fetch it, and run its scripts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat  # no entities are taken, and expat 2.4 limits their growth

from jianbao.patterns import pattern

_XLINK = "http://www.w3.org/1999/xlink"
_HREF = {"href", f"{_XLINK} href", "src"}
#: Whether a style takes something from elsewhere: ``url(#id)`` is of the file itself.
_OUTSIDE_STYLE = pattern(r"@import|url\(\s*[\"']?\s*(?!#|data:image/)[^\s)\"']", re.IGNORECASE)


def svg_problem(data: bytes) -> str | None:
    """What is wrong with an SVG file, in words, or None."""
    found = _Findings()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    parser.EntityDeclHandler = found.entity
    parser.ProcessingInstructionHandler = found.instruction
    try:
        parser.Parse(data, True)  # noqa: FBT003  (it takes no name: this is all of it)
    except expat.ExpatError as error:
        return f"第 {error.lineno} 行的 XML 写法有误"
    return found.problem


@dataclass(slots=True)
class _Findings:
    """What the parser met; the first problem is kept."""

    problem: str | None = None
    open: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if not self.open and local != "svg":
            self._report("最外层不是 svg")
        if local in {"script", "foreignObject"}:
            self._report(f"有 {local}")
        for key, value in attributes.items():
            self._attribute(local, key, value.strip())
        self.open.append(local)

    def _attribute(self, local: str, key: str, value: str) -> None:
        script = key.lower().startswith("on") or value.lower().startswith("javascript:")
        if script:
            self._report(f"有脚本（{key.rpartition(' ')[2]}）")
        elif _leads_outside(local, key, value):
            self._report(f"引用了别的文件：{value[:60]}")

    def end(self, _name: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        if self.open[-1] == "style" and _OUTSIDE_STYLE.search(text):
            self._report(f"引用了别的文件：{text.strip()[:60]}")

    def entity(self, name: str, *_rest: object) -> None:
        self._report(f"定义了实体 {name}")

    def instruction(self, target: str, _data: str) -> None:
        if target == "xml-stylesheet":
            self._report("引用了别的样式表")

    def _report(self, problem: str) -> None:
        self.problem = self.problem or problem


def _leads_outside(local: str, key: str, value: str) -> bool:
    if key in _HREF:
        return local != "a" and not value.startswith(("#", "data:image/"))
    return _OUTSIDE_STYLE.search(value) is not None
