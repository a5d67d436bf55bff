"""The PDF edition: a checked issue to paged HTML, and that to a PDF."""

from __future__ import annotations

import math
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from markupsafe import Markup, escape

from jianbao.diagnostics import START, Code, Diagnostic, Span, has_errors
from jianbao.errors import MachineProblem
from jianbao.machine import mend, missing_libraries
from jianbao.model import Artifact, Edition, FontFile, Profile
from jianbao.press.body import Setting, set_body
from jianbao.press.engine import SCHEME, Asset, Draw, Pages, Printed, Progress, print_pdf
from jianbao.press.environment import (
    TemplateProblem,
    find_file,
    make_environment,
    render,
    template_folders,
)
from jianbao.press.finishing import link_words
from jianbao.press.fonts import (
    FACES,
    FULL_FAMILIES,
    WorkingSet,
    find_working_set,
    has_glyph,
    make_working_set,
)
from jianbao.press.printing import Printing
from jianbao.press.qr import draw_qr, qr_modules
from jianbao.press.titles import break_title
from jianbao.qr_measures import QR_SIZE, QUIET_ZONE, qr_size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jianbao.model import Article, BackMatter, Body, CheckedIssue
    from jianbao.workspace import Workspace

Assets = dict[str, Asset]
Engine = Callable[[Pages, Draw, WorkingSet, Progress], Printed]

TEMPLATE = "issue.html.j2"
STYLE = "print.css"
#: After it, where an edition goes to the press.
PRESS_STYLE = "press.css"

#: The line of the page's grid in millimetres: 26 points.
LINE = 26 * 25.4 / 72
#: Section hues of equal lightness; see colours.css.
HUES = ("#a02a26", "#1e5ba1", "#296a3b", "#79520a", "#714290", "#006a61")
#: Width of a title in em of its own size: a line of 41 characters set half as large again.
TITLE_WIDTH = 27.0
#: Width of the lead headline on the cover, likewise.
HEADLINE_WIDTH = 14.0

_ON_SCREEN = Printing()
_FILE = re.compile(rf"{SCHEME}file/([^\"')\s]+)")
_NO_GLYPH = re.compile(r"^\.notdef glyph .*\(U\+([0-9A-F]+)\)")
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
    summary: str
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


def make_pdf_edition(  # noqa: PLR0913  (what, of where, by whom, and how)
    issue: CheckedIssue,
    folder: Path,
    workspace: Workspace,
    progress: Progress = lambda _text: None,
    engine: Engine = print_pdf,
    *,
    printing: Printing = _ON_SCREEN,
) -> tuple[Edition | None, tuple[Diagnostic, ...]]:
    """Set ``issue``, which lies in ``folder``, as a PDF.

    Args:
        issue: What check let through.
        folder: Where its templates and images lie.
        workspace: Where the publication's templates lie.
        progress: Told of each step in Chinese.
        engine: `print_pdf`, here or in a process of its own.
        printing: Which edition it is, and how it is printed.

    Returns:
        The edition, or None where a template or a glyph forbids it; and what came up.

    Raises:
        MachineProblem: A library or font is missing.
    """
    fonts = find_working_set() or make_working_set(progress)
    assets: Assets = {}
    names = _names(issue, assets) | {"bleed": printing.bleed, "slug": printing.slug}
    environment = make_environment(workspace, folder)
    environment.filters["css"] = css_string
    try:
        html = render(environment, TEMPLATE, workspace, **names)
        styles = (STYLE, PRESS_STYLE) if printing.bleed else (STYLE,)
        css = "\n".join(render(environment, style, workspace, **names) for style in styles)
    except TemplateProblem as problem:
        return None, (problem.diagnostic,)
    _add_files(html + css, template_folders(workspace, folder), assets)
    _need_libraries()
    urls = _urls(issue)
    sides = {key: _qr_side(url) for key, url in urls.items()}
    pages = Pages(html, css, assets, sides, printing, link_words(issue), "a1")
    printed = _printed(partial(engine, pages, partial(_draw_codes, urls), fonts, progress))
    lost = _lost_anchors(printed, issue)
    if lost:
        return None, lost
    diagnostics = (*_glyphs(issue), *_log(printed, issue), *_fallbacks(printed))
    if has_errors(diagnostics):
        return None, diagnostics
    return _edition(issue, printed, fonts, printing), diagnostics


def _need_libraries() -> None:
    missing = missing_libraries()
    if missing:
        names = "、".join(requirement.name for requirement in missing)
        raise MachineProblem(f"缺少系统库 {names}", f"运行 {mend(missing)}")


def _printed(engine: Callable[[], Printed]) -> Printed:
    try:
        return engine()
    except OSError as error:
        # cffi's dlopen, on a system whose libraries are not known by name.
        message = f"排版需要的系统库打不开：{error}"
        raise MachineProblem(message, "运行 jianbao doctor 查看要安装什么") from error


def _names(issue: CheckedIssue, assets: Assets) -> dict[str, object]:
    """The names that templates may use; docs/templates.md explains each."""
    sections = []
    count = 0
    profile = issue.press.profile
    for number, section in enumerate(issue.sections, start=1):
        views = []
        for article in section.articles:
            count += 1
            views.append(_article(article, f"a{count}", assets, profile))
        sections.append(SectionView(name=section.name, number=number, articles=tuple(views)))
    return {
        "publication": issue.publication,
        "masthead": issue.masthead,
        "issue": issue,
        "edition_title": edition_title(issue),
        "author": _author(issue),
        "headline": break_title(issue.headline, HEADLINE_WIDTH),
        "hues": HUES,
        "profile": profile,
        "sections": tuple(sections),
        "back_matter": tuple(
            _back_matter(page, f"b{number}", assets)
            for number, page in enumerate(issue.back_matter, start=1)
        ),
    }


def _article(article: Article, anchor: str, assets: Assets, profile: Profile) -> ArticleView:
    attribution = article.attribution
    setting = Setting(
        base=3,
        image=_image_address(article.body, assets),
        tail=f"（来源：{attribution.source}）",
        keep_ends=profile is Profile.HOUSE,
    )
    return ArticleView(
        anchor=anchor,
        title=article.title,
        lines=article.title_lines or break_title(article.title, TITLE_WIDTH),
        body=set_body(article.body, setting),
        summary=article.summary,
        author=attribution.author,
        url=attribution.url,
        url_html=breakable(attribution.url or ""),
        link_label=attribution.link_label,
        qr=_qr(attribution.url, anchor) if attribution.url else None,
    )


def _qr(url: str, anchor: str) -> QRView:
    size = qr_size(qr_modules(url), QR_SIZE)
    lines = max(2, math.ceil((size - 2 * LINE / 5) / LINE))
    shift = round((lines * LINE - size) / 2, 2)
    return QRView(src=f"{SCHEME}qr/{anchor}", size=size, lines=lines, shift=shift)


def _urls(issue: CheckedIssue) -> dict[str, str]:
    """What each QR code says, by the key of its drawing."""
    numbered = enumerate(issue.articles, start=1)
    return {f"qr/a{n}": a.attribution.url for n, a in numbered if a.attribution.url}


def _qr_side(url: str) -> int:
    return qr_modules(url) + 2 * QUIET_ZONE


def _draw_codes(urls: dict[str, str]) -> dict[str, bytes]:
    return {key: draw_qr(url).operators() for key, url in urls.items()}


def _back_matter(page: BackMatter, anchor: str, assets: Assets) -> BackMatterView:
    body = set_body(page.body, Setting(2, _image_address(page.body, assets)))
    return BackMatterView(anchor=anchor, title=page.title, body=body)


def _image_address(body: Body, assets: Assets) -> Callable[[str], str]:
    """Bring the body's images among the assets; check saw that they are there."""
    files = {image.source: image.file for image in body.images}

    def address(source: str) -> str:
        file = files[unquote(source)]
        assert file is not None  # noqa: S101  (narrowing: check refuses images without a file)
        name = f"image/{len(assets)}"
        assets[name] = _read_asset(file)
        return f"{SCHEME}{name}"

    return address


def _add_files(pages: str, folders: tuple[Path, ...], assets: Assets) -> None:
    """Bring the files that templates show, ``jianbao:file/NAME``, among the assets."""
    for name in dict.fromkeys(_FILE.findall(pages)):
        file = find_file(unquote(name), folders)
        if file is not None:
            assets[f"file/{unquote(name)}"] = _read_asset(file)


def _read_asset(file: Path) -> Asset:
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return Asset(file.read_bytes(), media_type)


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


def css_string(text: str) -> str:
    """``text`` for use inside a quoted CSS string."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def edition_title(issue: CheckedIssue) -> str:
    """大数据发展动态 2025年第4期（总第217期）."""
    name = issue.publication.name
    return f"{name} {issue.date.year}年第{issue.number}期（总第{issue.total}期）"


def _author(issue: CheckedIssue) -> str:
    chief = [c for c in issue.masthead.credits if c.label in {"主编", "编辑", "主办", "主办单位"}]
    return "、".join(chief[0].names) if chief else issue.publication.name


def _lost_anchors(printed: Printed, issue: CheckedIssue) -> tuple[Diagnostic, ...]:
    """An article whose page cannot be told, since its template left out the anchor."""
    anchors = [f"a{number}" for number in range(1, len(issue.articles) + 1)]
    if all(anchor in printed.anchors for anchor in anchors):
        return ()
    message = "模板没有写文章的锚点，查不到文章在哪一页"
    hint = '标题要有 id="{{ article.anchor }}"'
    return (Diagnostic(Code.TEMPLATE_ERROR, "templates/article.html.j2", START, message, hint),)


def _glyphs(issue: CheckedIssue) -> Iterator[Diagnostic]:
    """Characters that the working set lacks, once each, where they first stand."""
    for char in sorted({c for a in issue.articles for c in a.body.source if not has_glyph(c)}):
        message = f"“{char}”（U+{ord(char):04X}）不在字体工作集里，改用完整字库"
        path, span = _find(char, issue)
        yield Diagnostic(Code.GLYPH_FALLBACK, path, span, message)


def _log(printed: Printed, issue: CheckedIssue) -> Iterator[Diagnostic]:
    """Every line of WeasyPrint's log; a glyph that no font has forbids printing."""
    for line in dict.fromkeys(printed.log):
        glyph = _NO_GLYPH.search(line)
        if glyph:
            char = chr(int(glyph.group(1), 16))
            path, span = _find(char, issue)
            message = f"没有字体能显示“{char}”（U+{ord(char):04X}）"
            yield Diagnostic(Code.GLYPH_MISSING, path, span, message, "换一个字，或删去它")
        else:
            yield Diagnostic(Code.PRESS_LOG, f"templates/{TEMPLATE}", START, f"排版引擎：{line}")


def _find(char: str, issue: CheckedIssue) -> tuple[str, Span]:
    """Where ``char`` first stands in an item; the template where it stands in none."""
    for article in issue.articles:
        for number, line in enumerate(article.body.source.split("\n"), article.body.first_line):
            if char in line:
                return article.body.path, Span.on_line(number, line.index(char) + 1, 1)
        if char in f"{article.title}{article.attribution.source}{article.attribution.author}":
            return article.body.path, START
    return f"templates/{TEMPLATE}", START


def _fallbacks(printed: Printed) -> Iterator[Diagnostic]:
    families = (*FULL_FAMILIES, *(face.family for face in FACES))
    known = tuple(family.replace(" ", "-") for family in families)
    for name in printed.fonts:
        if not name.startswith(known):
            message = f"用到了主题以外的字体 {name}"
            yield Diagnostic(Code.FONT_FALLBACK, f"templates/{STYLE}", START, message)


def _edition(
    issue: CheckedIssue, printed: Printed, fonts: WorkingSet, printing: Printing
) -> Edition:
    anchors = printed.anchors
    first = anchors["a1"]
    pages = {
        article.slug: anchors[f"a{number}"] - first + 1
        for number, article in enumerate(issue.articles, start=1)
    }
    name = f"{_file_name(issue)}{printing.suffix}.pdf"
    artifact = Artifact(
        edition=printing.edition,
        path=name,
        media_type="application/pdf",
        content=printed.pdf,
        pages=printed.pages,
    )
    files = tuple(FontFile(file=font.file, sha256=font.sha256) for font in fonts.fonts)
    return Edition(artifacts=(artifact,), first_pages=pages, fonts=files)


def _file_name(issue: CheckedIssue) -> str:
    """大数据发展动态-2025年第4期-总第217期, without what file systems refuse."""
    name = re.sub(r'[\\/:*?"<>|]', "", issue.publication.name)
    return f"{name}-{issue.date.year}年第{issue.number}期-总第{issue.total}期"
