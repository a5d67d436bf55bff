"""Everything that WeChat would strip, refuse or break in a fragment, before it does."""

from __future__ import annotations

from jianbao.diagnostics import Diagnostic, sort_key
from jianbao.wechat.fragment import parse
from jianbao.wechat.rules import RULES


def check_html(
    html: str, path: str, *, uploads: frozenset[str] = frozenset(), pasted: bool = False
) -> tuple[Diagnostic, ...]:
    """What is wrong with ``html``, in the order of its text.

    Args:
        html: The content of an article; any text is one.
        path: How diagnostics name it.
        uploads: Relative addresses of pictures that the push replaces.
        pasted: It goes into the editor by hand, where the API's ceilings do not hold.
    """
    fragment = parse(html, uploads=uploads, pasted=pasted)
    found = [
        Diagnostic(
            rule.code,
            path,
            fragment.span(finding.start, finding.end),
            finding.message,
            finding.hint,
        )
        for rule in RULES
        for finding in rule.ask(fragment)
    ]
    return tuple(sorted(found, key=sort_key))
