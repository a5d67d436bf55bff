"""All rules, in the order in which they are asked. A new rule is a line here."""

from __future__ import annotations

from jianbao.check import (
    addresses,
    attribution,
    calendar,
    copy,
    counts,
    images,
    latin,
    names,
    phrases,
    placement,
    repetition,
    sentences,
    short_titles,
    source_list,
    variants,
    voice,
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
    source_list.edition,
    each_item(source_list.unlisted),
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
)

#: What the copy desk reads for.
DESK: tuple[Rule, ...] = (
    latin.function_words,
    # sense
    short_titles.undefined,
    short_titles.unintroduced,
    short_titles.unused,
    short_titles.quoted_twice,
    short_titles.unmarked,
    short_titles.antecedent,
    counts.listed,
    counts.points,
    repetition.repeated,
    sentences.recently_twice,
    sentences.correlative,
    sentences.purpose,
    sentences.subject,
    sentences.cause,
    sentences.aspect,
    sentences.uneven_leads,
    sentences.definitions,
    phrases.adverb,
    phrases.party_and_government,
    voice.ours,
    calendar.weekday,
    calendar.impossible,
    calendar.reversed_range,
    calendar.plan_years,
    calendar.future_year,
    calendar.issue_number,
    # names
    names.wrong,
    names.out_of_date,
    variants.variants,
)

RULES: tuple[Ask, ...] = (*FORM, *(rule.ask for rule in DESK))
