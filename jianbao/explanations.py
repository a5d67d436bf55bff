"""What each code means: the catalogue's line, and what the rule rests on and shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.rules import DESK
from jianbao.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Rule
    from jianbao.diagnostics import Code

_RULES = {rule.code: rule for rule in DESK}

_EFFECTS = {
    Severity.ERROR: "错误：不改正就不能付印",
    Severity.WARNING: "警告：照样付印",
    Severity.NOTE: "提示：只供参考",
}


def explain(code: Code) -> str:
    """Paragraphs of plain text, in Chinese, ending in a line feed."""
    return "\n".join(_lines(code)) + "\n"


def explain_in_markdown(code: Code) -> str:
    """The same as Markdown, with the examples as code."""
    return "\n".join(_markdown(code)) + "\n"


def _lines(code: Code) -> Iterator[str]:
    yield f"{code.slug}  {code.explanation}"
    yield ""
    yield _effect(code)
    if rule := _RULES.get(code):
        yield f"依据：{rule.clause}"
        for label, example in _examples(rule):
            yield f"\n{label}：\n"
            yield from (f"    {line}".rstrip() for line in example.strip("\n").split("\n"))


def _markdown(code: Code) -> Iterator[str]:
    yield f"**{code.slug}** {code.explanation}"
    yield f"\n{_effect(code)}"
    if rule := _RULES.get(code):
        yield f"\n依据：{rule.clause}"
        for label, example in _examples(rule):
            yield f"\n{label}：\n\n```markdown\n{example.strip(chr(10))}\n```"


def _examples(rule: Rule) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("会报", rule.bad), ("不报", rule.good)


def _effect(code: Code) -> str:
    may = "；稿件可以用 ignore 略过它" if code.may_be_ignored else ""
    return f"{_EFFECTS[code.severity]}{may}。"
