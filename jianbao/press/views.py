"""What templates may name: an issue as views, ready to be written into HTML."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from jianbao.measures import POINTS
from jianbao.press.assets import image_address
from jianbao.press.body import Setting, set_body
from jianbao.press.cover import set_cover, set_headline
from jianbao.press.engine import SCHEME
from jianbao.press.qr import qr_modules
from jianbao.press.spacing import Neighbours, space_text
from jianbao.press.titles import break_title, length
from jianbao.qr_measures import QR_SIZE, qr_size
from jianbao.settings import Profile

if TYPE_CHECKING:
    from jianbao.measures import Measures
    from jianbao.model import Article, BackMatter, CheckedIssue
    from jianbao.press.assets import Assets
    from jianbao.press.printing import Printing
    from jianbao.settings import PressSettings

#: Section hues of equal lightness; see colours.css.
HUES = ("#a02a26", "#1e5ba1", "#296a3b", "#79520a", "#714290", "#006a61")

#: A QR card in print.css: its quiet zone may reach this far over the grid, its text starts
#: this far down and has lines of this height, in lines of the grid.
_REACH, _CARD_HEAD, _CARD_LINE = 0.4, 0.9, 0.54
#: Likewise: what stands between code and text in millimetres, and the size of the address
#: against that of the text.
_CARD_GAP, _ADDRESS_SCALE = 3.0, 0.75
#: The last line of an address may lean out of its card by the white below its letters.
_LEAN = 0.1

_BREAK_AFTER = re.compile(r"(?<=[/?&=_#])(?=[^/])")
_LONGEST_HELD = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QRView:
    """A QR code as templates see it.

    ``size`` is its side in millimetres, ``lines`` the height of its card, and ``shift``
    what moves it up, so that its quiet zone and not the card grows over the line grid.
    """

    src: str
    size: float
    lines: int
    shift: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article as templates see it."""

    anchor: str
    title: str
    lines: tuple[str, ...]
    body: Markup
    summary: Markup
    author: str
    url: str | None
    url_html: Markup
    link_label: str
    qr: QRView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A section as templates see it; ``number`` counts from 1."""

    name: str
    number: int
    articles: tuple[ArticleView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackMatterView:
    """A page after the articles."""

    anchor: str
    title: str
    body: Markup


def template_names(issue: CheckedIssue, assets: Assets, printing: Printing) -> dict[str, object]:
    """The names that templates may use; docs/templates.md explains each."""
    sections = []
    count = 0
    press = issue.press
    for number, section in enumerate(issue.sections, start=1):
        views = []
        for article in section.articles:
            count += 1
            views.append(_article(article, f"a{count}", assets, press))
        sections.append(SectionView(name=section.name, number=number, articles=tuple(views)))
    return {
        "publication": issue.publication,
        "masthead": issue.masthead,
        "issue": issue,
        "edition_title": edition_title(issue),
        "author": _author(issue),
        "headline": set_headline(issue.headline),
        "cover": set_cover(issue.cover, assets) if issue.cover else None,
        "hues": HUES,
        "profile": press.profile,
        "measures": press.measures,
        "bleed": printing.bleed,
        "slug": printing.slug,
        "sections": tuple(sections),
        "back_matter": tuple(
            _back_matter(page, f"b{number}", assets, press.measures)
            for number, page in enumerate(issue.back_matter, start=1)
        ),
    }


def _article(article: Article, anchor: str, assets: Assets, press: PressSettings) -> ArticleView:
    attribution, measures = article.attribution, press.measures
    setting = Setting(
        base=3,
        image=image_address(article.body, assets),
        characters=measures.characters,
        tail=f"（来源：{attribution.source}）",
        keep_ends=press.profile is Profile.HOUSE,
    )
    return ArticleView(
        anchor=anchor,
        title=article.title,
        lines=article.title_lines or break_title(article.title, measures.title_characters),
        body=set_body(article.body, setting),
        summary=_summary(article.summary, keep_ends=setting.keep_ends),
        author=attribution.author,
        url=attribution.url,
        url_html=breakable(attribution.url or ""),
        link_label=attribution.link_label,
        qr=_qr(attribution.url, anchor, measures) if attribution.url else None,
    )


def _summary(text: str, *, keep_ends: bool) -> Markup:
    """``text`` set as a paragraph of a body is."""
    return Markup(space_text(text, Neighbours(ends=keep_ends)))  # noqa: S704  (space_text escapes)


def _qr(url: str, anchor: str, measures: Measures) -> QRView:
    size = qr_size(qr_modules(url), QR_SIZE)
    line = measures.line / POINTS
    wide = (measures.width - size - _CARD_GAP) * POINTS / (_ADDRESS_SCALE * measures.size)
    rows = _rows(("原文链接：", *_BREAK_AFTER.split(url)), wide)
    text = _CARD_HEAD + rows * _CARD_LINE - _LEAN
    lines = max(2, math.ceil(size / line - _REACH), math.ceil(text))
    shift = round((lines * line - size) / 2, 2)
    return QRView(src=f"{SCHEME}qr/{anchor}", size=size, lines=lines, shift=shift)


def _rows(parts: tuple[str, ...], width: float) -> int:
    """Lines of ``width`` em that ``parts`` fill; one that is longer starts on a line of its own."""
    rows, filled = 1, 0.0
    for part in parts:
        wide = length(part)
        if filled + wide > width:
            rows += math.ceil(wide / width)
            wide %= width
            filled = 0.0
        filled += wide
    return rows


def _back_matter(
    page: BackMatter, anchor: str, assets: Assets, measures: Measures
) -> BackMatterView:
    setting = Setting(2, image_address(page.body, assets), measures.characters)
    return BackMatterView(anchor=anchor, title=page.title, body=set_body(page.body, setting))


def breakable(url: str) -> Markup:
    """``url`` with places to break after / ? & = _ # and nowhere else.

    A zero-width space, not <wbr>: that is two boxes for each place, and neither is in
    the text of the PDF. Behind a hyphen lines are not broken after all: readers who
    copy the address would lose it.
    """
    return Markup("\u200b").join(_unbroken(part) for part in _BREAK_AFTER.split(url))


def _unbroken(part: str) -> Markup:
    hold = "-" in part and len(part) <= _LONGEST_HELD
    return Markup('<span class="hold">{}</span>').format(part) if hold else escape(part)


def edition_title(issue: CheckedIssue) -> str:
    """大数据发展动态 2025年第4期（总第217期）."""
    name = issue.publication.name
    return f"{name} {issue.date.year}年第{issue.number}期（总第{issue.total}期）"


def _author(issue: CheckedIssue) -> str:
    chief = [c for c in issue.masthead.credits if c.label in {"主编", "编辑", "主办", "主办单位"}]
    return "、".join(chief[0].names) if chief else issue.publication.name
