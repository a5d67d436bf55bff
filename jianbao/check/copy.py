"""The text itself: there is some, it is finished, and it is Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.rule import report
from jianbao.cjk import ONE_HAN
from jianbao.diagnostics import Code, Diagnostic
from jianbao.patterns import pattern
from jianbao.spans import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from jianbao.check.rule import Context
    from jianbao.model import Body, Issue, Item

#: 待补 is a placeholder; 有待补充, 亟待补齐 and 时间待定 are prose. XXX stands for a name.
_PLACEHOLDER = pattern(
    r"(?<![A-Za-z])(?:TODO|FIXME|TBD|TBC|todo(?=[:：]))(?![A-Za-z])"
    r"|(?<![A-Za-z0-9_])[xX]{3,}(?![A-Za-z0-9_])"
    r"|[×ＸｘХх]{2,}"
    rf"|(?<![有亟尚仍还需急])(?:待补充?|待核实?|待填写?|待完善)(?!{ONE_HAN})"
    rf"|(?<!{ONE_HAN})待定(?!{ONE_HAN})"
    r"|此处(?:补充|填写|插入)|占位(?:符|文字)|(?i:lorem ipsum)"
)
#: Of which each of those has one, in small letters. Most texts have none.
_WORDS = (
    *("todo", "fixme", "tbd", "tbc", "xxx", "×", "ｘ", "х", "lorem ipsum"),
    *("待补", "待核", "待填", "待完善", "待定", "此处", "占位"),
)
#: Addresses may hold any letters.
_ADDRESS = pattern(r"https?://[^\s）)>\]，。；：、！？“”《》（]+")


def placeholders(text: str) -> Iterator[re.Match[str]]:
    """What stands in ``text`` for what is still to be written."""
    small = text.casefold()
    if any(word in small for word in _WORDS):
        yield from _PLACEHOLDER.finditer(text)


def is_unfinished(text: str) -> bool:
    """Whether there is such a thing in ``text``."""
    return any(placeholders(text))


def title(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """A title, and its lines equal to it."""
    if item.title is None:
        yield report(Code.TITLE_EMPTY, item, None, "没有写标题", "加一行 title: 标题")
        return
    if not item.title.value:
        yield report(Code.TITLE_EMPTY, item, item.title, "标题是空的", "写上标题")
        return
    lines = [line.value for line in item.title_lines]
    if lines and item.title.value not in {"".join(lines), " ".join(lines)}:
        first = item.title_lines[0]
        message = f"title_lines 连起来是“{''.join(lines)}”，与 title 不同"
        yield report(Code.TITLE_LINES_DIFFER, item, first, message, "让两处的文字完全相同")


def body(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Some text below the front matter."""
    inline = (
        token for token in item.body.tokens if token.type in {"inline", "fence", "code_block"}
    )
    if not any(token.content.strip() for token in inline) and not item.body.html:
        span = Span(item.body.first_line, 1, item.body.first_line, 1)
        message, hint = "没有正文", "在头部之后空一行，写正文"
        yield Diagnostic(Code.BODY_EMPTY, item.path, span, message, hint)


def html(text: Body, _issue: Issue) -> Iterator[Diagnostic]:
    """No HTML: it would print in one edition and be stripped from the next."""
    for piece in text.html:
        first = piece.value.strip().split("\n", 1)[0]
        message = f"正文里不能写 HTML：{first[:40]}"
        hint = "用 Markdown 的写法；要印出尖括号的，在前面加反斜杠：\\<"
        yield Diagnostic(Code.RAW_HTML, text.path, piece.span, message, hint)


def unfinished_keys(item: Item, _issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """Keys with words that stand for what is still to be written."""
    texts = (item.title, item.source, item.summary, item.author, item.no_url, item.link_label)
    for text in (*texts, *item.keywords):
        if text is not None and (found := next(placeholders(text.value), None)):
            yield _unfinished(item.path, text.span, found.group())


def unfinished_headline(issue: Issue, _context: Context) -> Iterator[Diagnostic]:
    """The same on the cover."""
    headline = issue.head.headline if issue.head else None
    if headline is not None and (found := next(placeholders(headline.value), None)):
        yield _unfinished(issue.path, headline.span, found.group())


def unfinished_text(text: Body, _issue: Issue) -> Iterator[Diagnostic]:
    """The same in a text."""
    for number, line in enumerate(text.source.split("\n"), start=text.first_line):
        masked = _ADDRESS.sub(lambda address: " " * len(address.group()), line)
        for found in placeholders(masked):
            span = Span.on_line(number, found.start() + 1, len(found.group()))
            yield _unfinished(text.path, span, found.group())


def _unfinished(path: str, span: Span, words: str) -> Diagnostic:
    message = f"有没写完的占位文字：{words}"
    return Diagnostic(Code.PLACEHOLDER_TEXT, path, span, message, "补上内容，或删去")
