"""What each code means: the catalogue's line, and what the rule rests on and shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.check.rules import DESK
from jianbao.diagnostics import Severity
from jianbao.wechat.rule import Rule as WechatRule
from jianbao.wechat.rules import RULES as WECHAT_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.check.rule import Rule
    from jianbao.diagnostics import Code

_RULES: dict[Code, Rule | WechatRule] = {
    **{rule.code: rule for rule in DESK},
    **{rule.code: rule for rule in WECHAT_RULES},
}

#: Characters of an example that are shown.
_LONGEST = 400

_EFFECTS = {
    Severity.ERROR: "错误：不改正就不能付印",
    Severity.WARNING: "警告：照样付印",
    Severity.NOTE: "提示：只供参考",
}
#: The same for what is to be sent, not printed.
_EFFECTS_WHEN_SENT = {
    Severity.ERROR: "错误：发到公众号会被删去、拒收或变形",
    Severity.WARNING: "警告：发到公众号可能与预期不同",
    Severity.NOTE: "提示：只供参考",
}
_SENT = ("wechat-", "draft-")


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
        yield f"依据：{_ground(rule)}"
        for label, example in _examples(rule):
            yield f"\n{label}：\n"
            yield from (f"    {line}".rstrip() for line in example.strip("\n").split("\n"))


def _markdown(code: Code) -> Iterator[str]:
    yield f"**{code.slug}** {code.explanation}"
    yield f"\n{_effect(code)}"
    if rule := _RULES.get(code):
        yield f"\n依据：{_ground(rule)}"
        for label, example in _examples(rule):
            yield f"\n{label}：\n\n```markdown\n{example.strip(chr(10))}\n```"


def _ground(rule: Rule | WechatRule) -> str:
    return rule.ground if isinstance(rule, WechatRule) else rule.clause


def _examples(rule: Rule | WechatRule) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("会报", _shortened(rule.bad)), ("不报", _shortened(rule.good))


def _shortened(example: str) -> str:
    """An example of something too long, so that one still sees the beginning of it."""
    return example if len(example) <= _LONGEST else f"{example[:_LONGEST]}…"


def _effect(code: Code) -> str:
    may = "；稿件可以用 ignore 略过它" if code.may_be_ignored else ""
    effects = _EFFECTS_WHEN_SENT if code.slug.startswith(_SENT) else _EFFECTS
    return f"{effects[code.severity]}{may}。"
