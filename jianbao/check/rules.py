"""All rules, in the order in which they are asked. A new rule is a line here."""

from __future__ import annotations

from jianbao.check import (
    addresses,
    attribution,
    copy,
    footnotes,
    images,
    latin,
    placement,
    signatures,
    brackets,
    characters,
    copy,
    doubling,
    emphasis,
    images,
    latin,
    marks,
    numerals,
    paragraphs,
    placement,
    sequences,
    spacing,
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
    each_body(footnotes.footnotes),
    each_body(images.images),
    # review
    signatures.void_signatures,
)

#: What the copy desk reads for.
DESK: tuple[Rule, ...] = (
    latin.function_words,
    # form
    brackets.halfwidth_brackets,
    marks.halfwidth_marks,
    marks.halfwidth_stops,
    marks.straight_quotes,
    brackets.unpaired,
    brackets.nested,
    marks.repeated_marks,
    paragraphs.leading_marks,
    paragraphs.trailing_marks,
    marks.enumeration_commas,
    marks.ellipses,
    marks.dashes,
    marks.joining_dashes,
    marks.interpuncts,
    spacing.stray_spaces,
    spacing.title_spaces,
    spacing.digit_spacing,
    characters.space_characters,
    characters.invisible_characters,
    characters.compatibility_characters,
    characters.lost_characters,
    characters.traditional_characters,
    doubling.doubled_particles,
    doubling.repeated_words,
    doubling.doubled_phrases,
    paragraphs.cut_paragraphs,
    numerals.document_numbers,
    numerals.ranges,
    numerals.grouped,
    numerals.zeros,
    numerals.mixed,
    numerals.short_years,
    numerals.dotted_dates,
    sequences.gaps,
    emphasis.literal_asterisks,
    emphasis.uneven,
    emphasis.stray,
)

RULES: tuple[Ask, ...] = (*FORM, *(rule.ask for rule in DESK))
