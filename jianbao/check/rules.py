"""All rules, in the order in which they are asked. A new rule is a line here."""

from __future__ import annotations

from jianbao.check import addresses, attribution, copy, images, placement
from jianbao.check.rule import Rule, each_item

RULES: tuple[Rule, ...] = (
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
    each_item(copy.html),
    each_item(copy.placeholders),
    each_item(addresses.links),
    each_item(images.images),
)
