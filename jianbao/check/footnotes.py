"""Footnotes: each call has its note, and each note is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Code, Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import Body, Issue


def footnotes(text: Body, _issue: Issue) -> Iterator[Diagnostic]:
    """Calls and notes of a text held against each other."""
    labels = [note.label for note in text.footnotes]
    written = {f"[^{label.value}]" for label in labels}
    called = {call.value for call in text.calls}
    for call in text.calls:
        if call.value not in written:
            message = f"没有写脚注 {call.value}"
            hint = f"另起一段写 {call.value}: 脚注的文字；要印出方括号的，写 \\{call.value}"
            yield Diagnostic(Code.FOOTNOTE_MISSING, text.path, call.span, message, hint)
    seen = set[str]()
    for label in labels:
        name = f"[^{label.value}]"
        if name in seen:
            message, hint = f"脚注 {name} 写了两次", "给其中一条换一个名称"
            yield Diagnostic(Code.FOOTNOTE_REPEATED, text.path, label.span, message, hint)
        elif name not in called:
            message, hint = f"脚注 {name} 没有人用，不会印出", f"在正文里标上 {name}，或删去它"
            yield Diagnostic(Code.FOOTNOTE_UNUSED, text.path, label.span, message, hint)
        seen.add(name)
