"""The style table: what each element of an article looks like, written where it stands.

WeChat keeps no style sheet, so the table is a style sheet only while it is read: of the theme,
then of the workspace, then of the issue, each declaration over the one before. Selectors are
names that templates and bodies ask for; ``var(--hue)`` is the colour of the section and
``var(--indent)`` how far a row of a list is moved in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import tinycss2

from jianbao.diagnostics import Code, Diagnostic
from jianbao.press.environment import TemplateProblem, template_folders
from jianbao.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jianbao.workspace import Workspace

STYLES = "wechat/styles.css"
_HUE, _INDENT = "var(--hue)", "var(--indent)"
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*,\s*")


def read_styles(workspace: Workspace, issue: Path) -> dict[str, str]:
    """The declarations of each name of the table, for the issue in the folder ``issue``.

    Raises:
        TemplateProblem: A table is no CSS, or has a name that the theme's does not have.
    """
    table: dict[str, dict[str, str]] = {}
    for folder in reversed(template_folders(workspace, issue)):
        file = folder / STYLES
        if not file.is_file():
            continue
        known = frozenset(table)
        for name, declarations, line in _rules(file, workspace):
            if known and name not in known:
                message, hint = f"样式表里没有 {name} 这一项", "各项的名称见 docs/wechat.md"
                raise _problem(file, workspace, line, message, hint)
            table[name] = table.get(name, {}) | declarations
    return {name: ";".join(f"{k}:{v}" for k, v in one.items()) for name, one in table.items()}


def styles_in(styles: Mapping[str, str], hue: str) -> dict[str, str]:
    """The table with the colour ``hue`` in its place."""
    return {name: style.replace(_HUE, hue) for name, style in styles.items()}


def moved_in(style: str, indent: float) -> str:
    """The style of a row that is moved in by ``indent`` em."""
    return style.replace(_INDENT, f"{indent:g}em")


def _rules(file: Path, workspace: Workspace) -> Iterator[tuple[str, dict[str, str], int]]:
    """Name, declarations and line of each rule."""
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        hint = "用编辑器另存为 UTF-8 编码"
        raise _problem(file, workspace, 1, "样式表不是 UTF-8 编码", hint) from error
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            hint = "写成“名称 { 属性: 值 }”；微信不认 @ 规则"
            raise _problem(file, workspace, rule.source_line, "这里不是一项样式", hint)
        declarations = _declarations(rule, file, workspace)
        for name in tinycss2.serialize(rule.prelude).split(","):
            yield name.strip(), declarations, rule.source_line


def _declarations(rule: Any, file: Path, workspace: Workspace) -> dict[str, str]:  # noqa: ANN401  (tinycss2 has no types)
    found = {}
    parts = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    for one in parts:
        if one.type != "declaration":
            hint = "写成“属性: 值;”"
            raise _problem(file, workspace, one.source_line, "这里不是一条样式", hint)
        # Every character counts against the 20,000 of an article.
        value = _SPACE.sub(" ", tinycss2.serialize(one.value)).strip()
        mark = "!important" if one.important else ""
        found[one.lower_name] = f"{_TIGHT.sub(',', value)}{mark}"
    return found


def _problem(
    file: Path, workspace: Workspace, line: int, message: str, hint: str
) -> TemplateProblem:
    path = workspace.relative(file)
    span = Span.on_line(line, 1, 0)
    return TemplateProblem(Diagnostic(Code.TEMPLATE_ERROR, path, span, message, hint))
