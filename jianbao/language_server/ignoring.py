"""The edit that adds a code to an item's ``ignore``."""

from __future__ import annotations

import re

from jianbao.diagnostics import Code, Edit
from jianbao.language_server.completion import front_matter
from jianbao.spans import Span

_FLOW = re.compile(r"ignore:\s*\[(?P<codes>[^\[\]]*?)\s*\]\s*$")


def ignore_edit(lines: list[str], code: Code) -> Edit | None:
    """None where the item has no front matter, or writes its list over several lines."""
    within = front_matter(lines)
    if not within or within.stop == len(lines):
        return None
    for number in within:
        if found := _FLOW.match(lines[number]):
            text = f", {code.slug}" if found["codes"].strip() else code.slug
            return Edit(Span.on_line(number + 1, found.end("codes") + 1, 0), text)
        if lines[number].startswith("ignore:"):
            return None
    return Edit(Span.on_line(within.stop + 1, 1, 0), f"ignore: [{code.slug}]\n")
