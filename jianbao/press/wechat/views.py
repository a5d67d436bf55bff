"""What the templates of the WeChat edition may name."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import Markup

from jianbao.press.views import edition_title
from jianbao.press.wechat.body import References, SetBody, Setting, image, set_body
from jianbao.press.wechat.cover import hue_of
from jianbao.press.wechat.styles import styles_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.model import Article, Body, CheckedIssue
    from jianbao.press.wechat.packing import Piece
    from jianbao.press.wechat.pictures import Picture, Pictures

#: A code is shown at three pixels a module of `_MODULE`, but large enough to be pressed.
_SHOWN_PER_PIXEL = 3 / 8
_LEAST_WIDTH = 140
#: From here on a picture must be able to shrink with the column.
_FIXED_WIDTH = 150
#: GB/T 15834-2011 4.15: a title within a title has single marks.
_INNER = str.maketrans("《》", "〈〉")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An item as templates see it.

    ``number`` is that of its address in the list, ``gap`` the blank in pixels before it.
    """

    title: str
    author: str
    summary: str
    source: str
    published: str
    number: int
    qr: Markup
    gap: int
    link_label: str
    body: Markup
    notes: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A section as templates see it."""

    name: str
    styles: dict[str, str]
    articles: tuple[ArticleView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page of the back matter."""

    title: str
    body: Markup
    notes: tuple[Markup, ...]


class PieceViews:
    """Makes the views of one piece: its addresses are numbered through.

    ``gaps`` are the blanks in pixels that keep codes apart, by the slug of the item.
    """

    def __init__(
        self,
        issue: CheckedIssue,
        piece: Piece,
        pictures: Pictures,
        styles: Mapping[str, str],
        gaps: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._issue = issue
        self._piece = piece
        self._pictures = pictures
        self._styles = styles
        self._gaps = gaps
        self._references = References()
        self._codes: list[tuple[str, str]] = []

    @property
    def codes(self) -> tuple[tuple[str, str], ...]:
        """File of each QR code and slug of its item, in reading order."""
        return tuple(self._codes)

    def names(self) -> dict[str, object]:
        """The names that templates may use; docs/wechat.md explains each."""
        issue, piece = self._issue, self._piece
        first = piece.section or 1
        sections = tuple(
            self._section(section.name, number, section.articles)
            for number, section in enumerate(piece.sections, start=first)
        )
        pages = tuple(self._page(page.title, page.body) for page in issue.back_matter)
        return {
            "publication": issue.publication,
            "masthead": issue.masthead,
            "issue": issue,
            "edition_title": edition_title(issue),
            "piece": piece,
            "styles": self._in(piece.section),
            "sections": sections,
            "back_matter": pages if piece.is_last else (),
            "references": self._references.every,
        }

    def _in(self, section: int) -> dict[str, str]:
        return styles_in(self._styles, hue_of(section))

    def _section(self, name: str, number: int, articles: tuple[Article, ...]) -> SectionView:
        styles = self._in(number)
        views = tuple(self._article(article, styles) for article in articles)
        return SectionView(name=name, styles=styles, articles=views)

    def _article(self, article: Article, styles: dict[str, str]) -> ArticleView:
        attribution = article.attribution
        number = 0
        if attribution.url:
            label = f"{attribution.source}《{article.title.translate(_INNER)}》"
            number = self._references.number(attribution.url, label)
        body = self._body(article.body, styles)
        return ArticleView(
            title=article.title,
            author=attribution.author,
            summary=article.summary,
            source=attribution.source,
            published=attribution.published.isoformat() if attribution.published else "",
            number=number,
            qr=self._qr(article),
            gap=self._gaps.get(article.slug, 0),
            link_label=attribution.link_label,
            body=body.html,
            notes=body.notes,
        )

    def _qr(self, article: Article) -> Markup:
        """The code of the original, where there is one to be read."""
        url = article.attribution.url
        if not url:
            return Markup("")
        picture = self._pictures.add_qr(url)
        self._codes.append((picture.file, article.slug))
        alt = f"二维码：{article.attribution.link_label}，{article.title}"
        return image(picture, alt, _qr_style(picture))

    def _page(self, title: str, body: Body) -> PageView:
        written = self._body(body, self._in(0)) if self._piece.is_last else _NOTHING
        return PageView(title=title, body=written.html, notes=written.notes)

    def _body(self, body: Body, styles: dict[str, str]) -> SetBody:
        picture = self._pictures.of_body(body)
        return set_body(body, Setting(styles=styles, references=self._references, picture=picture))


_NOTHING = SetBody(Markup(""), ())


def _qr_style(picture: Picture) -> str:
    width = max(_LEAST_WIDTH, round(picture.width * _SHOWN_PER_PIXEL))
    return f"width:{width}px" + (";max-width:100%" if width > _FIXED_WIDTH else "")
