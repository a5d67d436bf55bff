"""All rules on fragments, in the order of the documentation. A new rule is a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.wechat import (
    attributes,
    boxes,
    budget,
    css,
    darkness,
    drawings,
    images,
    links,
    qr_codes,
    structure,
    tables,
    tags,
)

if TYPE_CHECKING:
    from jianbao.wechat.rule import Rule

RULES: tuple[Rule, ...] = (
    # the fragment
    tags.document,
    tags.unclosed,
    tags.stray_end,
    tags.cut_off,
    tags.leftovers,
    tags.empty,
    tags.comments,
    # elements
    tags.script,
    tags.style_sheet,
    tags.form,
    tags.embedded,
    tags.div,
    tags.pre,
    tags.unknown_tag,
    # attributes
    attributes.events,
    attributes.ids,
    attributes.classes,
    attributes.repeated,
    # links
    links.hosts,
    links.anchors,
    links.schemes,
    links.relative,
    links.empty,
    links.unbroken,
    # pictures
    images.source,
    images.local,
    images.inline,
    images.host,
    images.kind,
    images.proportion,
    images.width,
    images.alternative,
    images.transparent,
    images.background_host,
    qr_codes.qr_background,
    qr_codes.qr_small,
    qr_codes.qr_close,
    # styles
    css.broken,
    css.position,
    css.variables,
    css.important,
    css.font_family,
    css.text_align,
    css.caret,
    boxes.too_wide,
    boxes.fixed_width,
    boxes.fixed_column,
    boxes.wide_margin,
    boxes.no_height,
    boxes.low_height,
    boxes.overlapping,
    boxes.nowrap,
    # structure
    structure.nesting,
    structure.block_in_inline,
    structure.leaf,
    structure.nodeleaf,
    structure.empty_nodes,
    structure.lists,
    structure.nested_lists,
    tables.unwrapped,
    tables.wide,
    tables.row_background,
    tables.cell_size,
    # dark mode
    darkness.light_contrast,
    darkness.dark_contrast,
    darkness.dark_faint,
    darkness.gradient,
    darkness.skipped,
    darkness.svg_ink,
    # svg
    drawings.references,
    drawings.touch,
    # the budget
    budget.characters,
    budget.size,
    budget.nearly_full,
)
