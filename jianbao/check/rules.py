"""All rules, in the order in which they are asked. A new rule is a line here."""

from __future__ import annotations

from jianbao.check import (
    addresses,
    attribution,
    copy,
    drafts,
    images,
    latin,
    mangled,
    originals,
    placement,
    printed,
    reach,
    registry,
    timing,
    tracking,
    visited,
)
from jianbao.check.rule import Ask, Rule, each_body, each_item

#: What must be there, and in which form.
FORM: tuple[Ask, ...] = (
    # the issue
    placement.some_items,
    placement.numbers,
    placement.contiguous_sections,
    # attribution
    each_item(attribution.source),
    each_item(attribution.original),
    each_item(addresses.url),
    each_item(attribution.dates),
    attribution.duplicate_urls,
    # the item
    each_item(copy.title),
    each_item(placement.section),
    each_item(placement.slug),
    placement.duplicate_slugs,
    each_item(copy.body),
    each_item(copy.unfinished_keys),
    copy.unfinished_headline,
    # every text, the back matter's too
    each_body(copy.html),
    each_body(copy.unfinished_text),
    each_body(addresses.links),
    each_body(images.images),
    # what addresses answered
    visited.visited,
)

#: What the copy desk reads for.
DESK: tuple[Rule, ...] = (
    latin.function_words,
    # sources
    registry.source_and_host,
    registry.registered,
    registry.registered_host,
    registry.primary_source,
    registry.section_and_level,
    timing.after_issue,
    timing.before_window,
    timing.read_before_published,
    timing.unlike_url,
    drafts.draft_as_final,
    drafts.deadline,
    printed.printed,
    # links
    tracking.tracking,
    mangled.mangled,
    mangled.identifiers,
    mangled.samples,
    reach.secure_twin,
    reach.long_for_qr,
    # evidence
    *originals.ORIGINALS,
)

RULES: tuple[Ask, ...] = (*FORM, *(rule.ask for rule in DESK))
