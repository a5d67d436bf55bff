"""What printing an issue brought up, as diagnostics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic
from jianbao.press.environment import STYLE, TEMPLATE
from jianbao.press.fonts import FACES, FULL_FAMILIES, has_glyph
from jianbao.spans import START, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import CheckedIssue
    from jianbao.press.engine import Printed

_NO_GLYPH = re.compile(r"^\.notdef glyph .*\(U\+([0-9A-F]+)\)")


def remarks(printed: Printed, issue: CheckedIssue) -> tuple[Diagnostic, ...]:
    """Everything that came up, errors among it."""
    return (*_glyphs(issue), *_log(printed, issue), *_fallbacks(printed))


def lost_anchors(printed: Printed, issue: CheckedIssue) -> tuple[Diagnostic, ...]:
    """An article whose page cannot be told, since its template left out the anchor."""
    anchors = [f"a{number}" for number in range(1, len(issue.articles) + 1)]
    if all(anchor in printed.anchors for anchor in anchors):
        return ()
    message = "模板没有写文章的锚点，查不到文章在哪一页"
    hint = '标题要有 id="{{ article.anchor }}"'
    return (Diagnostic(Code.TEMPLATE_ERROR, "templates/article.html.j2", START, message, hint),)


def _glyphs(issue: CheckedIssue) -> Iterator[Diagnostic]:
    """Characters that the working set lacks, once each, where they first stand."""
    for char in sorted({c for a in issue.articles for c in a.body.source if not has_glyph(c)}):
        message = f"“{char}”（U+{ord(char):04X}）不在字体工作集里，改用完整字库"
        path, span = _find(char, issue)
        yield Diagnostic(Code.GLYPH_FALLBACK, path, span, message)


def _log(printed: Printed, issue: CheckedIssue) -> Iterator[Diagnostic]:
    """Every line of WeasyPrint's log; a glyph that no font has forbids printing."""
    for line in dict.fromkeys(printed.log):
        glyph = _NO_GLYPH.search(line)
        if glyph:
            char = chr(int(glyph.group(1), 16))
            path, span = _find(char, issue)
            message = f"没有字体能显示“{char}”（U+{ord(char):04X}）"
            yield Diagnostic(Code.GLYPH_MISSING, path, span, message, "换一个字，或删去它")
        else:
            yield Diagnostic(Code.PRESS_LOG, f"templates/{TEMPLATE}", START, f"排版引擎：{line}")


def _find(char: str, issue: CheckedIssue) -> tuple[str, Span]:
    """Where ``char`` first stands in an item; the template where it stands in none."""
    for article in issue.articles:
        for number, line in enumerate(article.body.source.split("\n"), article.body.first_line):
            if char in line:
                return article.body.path, Span.on_line(number, line.index(char) + 1, 1)
        if char in f"{article.title}{article.attribution.source}{article.attribution.author}":
            return article.body.path, START
    return f"templates/{TEMPLATE}", START


def _fallbacks(printed: Printed) -> Iterator[Diagnostic]:
    families = (*FULL_FAMILIES, *(face.family for face in FACES))
    known = tuple(family.replace(" ", "-") for family in families)
    for name in printed.fonts:
        if not name.startswith(known):
            message = f"用到了主题以外的字体 {name}"
            yield Diagnostic(Code.FONT_FALLBACK, f"templates/{STYLE}", START, message)
