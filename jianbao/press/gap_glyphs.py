"""Latin letters and digits with the gap to a Han neighbour inside their own advance.

A gap that is a movement in the PDF is taken for a space by those who read the text: at
an eighth of an em poppler and pdfium guessed one in nearly every place. Inside a
glyph's advance it is none, and ToUnicode gives the letter alone.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from jianbao.press.spacing import LATIN

#: In em. CLREQ 3.2.1 allows up to a quarter between Han and Latin; an eighth reads best at 12pt.
GAP = 0.125

#: Font features (OpenType has private tags in capitals) that set a letter's gap on this side.
GAP_LEFT = "GAPL"
GAP_RIGHT = "GAPR"

_LETTER = re.compile(f"[{LATIN}]")

#: Lookup types of OpenType: single substitution, and pair adjustment, which is kerning.
_SINGLE = 1
_PAIR = 2

#: Glyph names by those of the letters that they are made of.
_Variants = dict[str, str]


def add_gap_glyphs(font: Any) -> None:  # noqa: ANN401  (fontTools has no types)
    """Add three variants of each Latin letter to a TrueType ``font``, and their features."""
    cmap = font.getBestCmap()
    letters = {cmap[code] for code in cmap if _LETTER.match(chr(code))}
    names = [name for name in font.getGlyphOrder() if name in letters]
    width = round(GAP * font["head"].unitsPerEm)
    left = _add_variants(font, names, "left", (width, width))
    right = _add_variants(font, names, "right", (0, width))
    both = _add_variants(font, names, "both", (width, 2 * width))
    # In this order: a letter with both has got its left gap when the right is asked for.
    _add_feature(font, GAP_RIGHT, right | {left[name]: both[name] for name in names})
    _add_feature(font, GAP_LEFT, left)
    _share_kerning(font["GPOS"].table, left, right)


def _add_variants(font: Any, names: list[str], suffix: str, by: tuple[int, int]) -> _Variants:  # noqa: ANN401  (likewise)
    """Copies of glyphs, moved and widened by so many units, at the end of ``font``."""
    shift, wider = by
    variants = {name: f"{name}.gap-{suffix}" for name in names}
    glyf, across, down = font["glyf"], font["hmtx"].metrics, font["vmtx"].metrics
    font.setGlyphOrder([*font.getGlyphOrder(), *variants.values()])
    for name, variant in variants.items():
        glyph = copy.deepcopy(glyf.glyphs[name])
        if glyph.numberOfContours:
            glyph.coordinates.translate((shift, 0))
        glyf.glyphs[variant] = glyph
        across[variant] = across[name][0] + wider, across[name][1] + shift
        down[variant] = down[name]
    glyf.glyphOrder = font.getGlyphOrder()
    return variants


def _add_feature(font: Any, tag: str, mapping: _Variants) -> None:  # noqa: ANN401  (likewise)
    """Let ``tag`` substitute glyphs, before all that was there, in every script."""
    from fontTools.otlLib.builder import buildLookup, buildSingleSubstSubtable  # noqa: PLC0415  (only the machine that makes the set needs it)
    from fontTools.ttLib.tables import otTables  # noqa: PLC0415

    table = font["GSUB"].table
    table.LookupList.Lookup.insert(0, buildLookup([buildSingleSubstSubtable(mapping)]))
    for record in table.FeatureList.FeatureRecord:
        record.Feature.LookupListIndex = [n + 1 for n in record.Feature.LookupListIndex]
    added = otTables.FeatureRecord()
    added.FeatureTag, added.Feature = tag, otTables.Feature()
    added.Feature.FeatureParams, added.Feature.LookupListIndex = None, [0]
    table.FeatureList.FeatureRecord.insert(0, added)  # the list is sorted: capitals come first
    for record in table.ScriptList.ScriptRecord:
        others = (other.LangSys for other in record.Script.LangSysRecord)
        for system in (record.Script.DefaultLangSys, *others):
            system.FeatureIndex = [0, *(n + 1 for n in system.FeatureIndex)]


def _share_kerning(table: Any, left: _Variants, right: _Variants) -> None:  # noqa: ANN401  (likewise)
    """Kern the variants like their letters on the side where they have no gap.

    They come after all others, in the order of their letters, as these lists must be.
    """
    for lookup in table.LookupList.Lookup:
        if lookup.LookupType == _PAIR:
            for subtable in lookup.SubTable:
                share = _share_pairs if subtable.Format == 1 else _share_classes
                share(subtable, left, right)


def _share_pairs(subtable: Any, left: _Variants, right: _Variants) -> None:  # noqa: ANN401  (likewise)
    for pairs in subtable.PairSet:
        for record in list(pairs.PairValueRecord):
            if record.SecondGlyph in right:
                added = copy.copy(record)
                added.SecondGlyph = right[record.SecondGlyph]
                pairs.PairValueRecord.append(added)
    for glyph, pairs in list(zip(subtable.Coverage.glyphs, subtable.PairSet, strict=True)):
        if glyph in left:
            subtable.Coverage.glyphs.append(left[glyph])
            subtable.PairSet.append(pairs)


def _share_classes(subtable: Any, left: _Variants, right: _Variants) -> None:  # noqa: ANN401  (likewise)
    subtable.Coverage.glyphs += [left[name] for name in subtable.Coverage.glyphs if name in left]
    for classes, variants in ((subtable.ClassDef1, left), (subtable.ClassDef2, right)):
        found = classes.classDefs
        found |= {variants[name]: number for name, number in found.items() if name in variants}
