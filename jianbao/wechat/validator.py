"""Everything that WeChat would strip, refuse or break in a fragment, before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.diagnostics import Diagnostic, sort_key
from jianbao.wechat.draft import check_draft, read_draft
from jianbao.wechat.fragment import parse
from jianbao.wechat.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.wechat.draft import Draft

#: The packing that is pasted and never pushed.
_PASTED = "single"


def check_edition(
    text: str,
    path: str,
    sizes: Mapping[str, int],
    fragments: Mapping[str, str],
    *,
    pushed: bool = False,
) -> tuple[Diagnostic, ...]:
    """What is wrong with an edition for WeChat, whether it is on a disk or not.

    Args:
        text: Its draft.json.
        path: How diagnostics name that; those of fragments lie beside it.
        sizes: All its other files in bytes, by name relative to draft.json.
        fragments: The texts of the HTML files among them.
        pushed: It goes through the API, though it be packed to be pasted.
    """
    draft, wrong = read_draft(text, path, sizes, fragments)
    if draft is None:
        return wrong
    folder = path[: path.rfind("/") + 1]
    found = list(check_draft(text, path, draft))
    for name, html in fragments.items():
        if name in draft.files:
            found += check_fragment(html, f"{folder}{name}", draft, pushed=pushed)
    return tuple(found)


def check_fragment(
    html: str, path: str, draft: Draft, *, pushed: bool = False
) -> tuple[Diagnostic, ...]:
    """What is wrong with an article of ``draft``, which says how it is to be sent."""
    pasted = draft.content["packing"] == _PASTED and not pushed
    return check_html(html, path, uploads=draft.uploads("body"), pasted=pasted)


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
