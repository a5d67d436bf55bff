"""How an issue is parted into articles of WeChat, and what each of them says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jianbao.press.titles import break_title
from jianbao.press.views import HUES, edition_title
from jianbao.press.wechat.pictures import Picture, item_picture, qr_picture
from jianbao.press.wechat.styles import element, picture, words
from jianbao.press.wechat.text import TextWriter
from jianbao.wechat.limits import AUTHOR, DIGEST, TITLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from jianbao.model import Article, BackMatter, Body, CheckedIssue, SectionOfIssue

#: Characters between two QR codes, so that a screen of a phone never shows both: with
#: two on it WeChat reads either.
_APART = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An article of WeChat: its words, and what draft.json says of it."""

    name: str
    title: str
    html: str
    digest: str
    url: str
    cover: str  # the words on its cover
    colour: str


@dataclass(slots=True)
class Packer:
    """Writes the articles of an issue and collects their pictures."""

    issue: CheckedIssue
    pictures: dict[str, Picture] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)  # drawings, which WeChat does not take
    _links: list[tuple[str, str]] = field(default_factory=list)
    _since_code: int = _APART

    def pack(self, packing: str) -> tuple[Post, ...]:
        """The articles of ``packing``, in their order."""
        if packing == "single":
            return (self._whole(),)
        if packing == "sections":
            return (self._lead(), *(self._section(s) for s in self.issue.sections))
        numbered = enumerate(self.issue.articles, start=1)
        return tuple(self._alone(number, article) for number, article in numbered)

    def _whole(self) -> Post:
        inside = [self._masthead(), self._contents()]
        for section in self.issue.sections:
            inside += [self._banner(section), *(self._item(a) for a in section.articles)]
        inside += [self._back_matter(), self._references(), self._colophon()]
        return self._issue_post("01-issue", "".join(inside))

    def _lead(self) -> Post:
        inside = (self._masthead(), self._contents(), self._back_matter())
        return self._issue_post("01-lead", "".join((*inside, self._references(), self._colophon())))

    def _issue_post(self, name: str, inside: str) -> Post:
        issue = self.issue
        return Post(
            name=name,
            title=f"{edition_title(issue)}｜{issue.headline}",
            html=element("section", inside, "article"),
            digest="；".join(article.title for article in issue.articles)[:DIGEST],
            url="",
            cover=issue.publication.name,
            colour=HUES[1],
        )

    def _section(self, section: SectionOfIssue) -> Post:
        index = self.issue.sections.index(section)
        self._start()
        inside = [self._banner(section), *(self._item(a) for a in section.articles)]
        titles = "；".join(article.title for article in section.articles)
        return Post(
            name=f"{index + 2:02}-section-{index + 1}",
            title=f"{section.name}｜{titles}",
            html=element("section", "".join((*inside, self._references())), "article"),
            digest=titles[:DIGEST],
            url=section.articles[0].attribution.url or "",
            cover=section.name,
            colour=HUES[index % len(HUES)],
        )

    def _alone(self, number: int, article: Article) -> Post:
        self._start()
        names = [section.name for section in self.issue.sections]
        hue = HUES[names.index(article.section) % len(HUES)]
        inside = f"{self._item(article)}{self._references()}"
        return Post(
            name=f"{number:02}-{article.slug}"[:60],
            title=article.title,
            html=element("section", inside, "article"),
            digest=(article.summary or _lead_sentence(article.body))[:DIGEST],
            url=article.attribution.url or "",
            cover=article.section,
            colour=hue,
        )

    def _start(self) -> None:
        self._links = []
        self._since_code = _APART

    def _masthead(self) -> str:
        issue = self.issue
        day = f"{issue.date.year}年{issue.date.month}月{issue.date.day}日"
        lines = (issue.publication.tagline, f"第{issue.number}期　总第{issue.total}期　{day}")
        shown = "".join(element("p", words(line), "line") for line in lines if line)
        name = element("p", words(issue.publication.name), "nameplate")
        return element("section", f"{name}{shown}", "masthead")

    def _contents(self) -> str:
        out = [element("h2", "本期要目", "heading")]
        for section in self.issue.sections:
            out.append(element("p", f"<strong>{words(section.name)}</strong>", "line"))
            out += [element("p", words(a.title), "entry") for a in section.articles]
        return "".join(out)

    def _banner(self, section: SectionOfIssue) -> str:
        hue = HUES[self.issue.sections.index(section) % len(HUES)]
        return element("section", words(section.name), "banner", more=f"background-color:{hue}")

    def _item(self, article: Article) -> str:
        attribution = article.attribution
        writer = TextWriter(article.body, self._shower(article.body), len(self._links) + 1)
        text = writer.write(article.body.tokens)
        self._links += [("", url) for url in writer.links]
        day = f"　{attribution.published.isoformat()}" if attribution.published else ""
        source = f"（来源：{words(attribution.source)}{day}）"
        parts = [
            element("h2", words(article.title), "title"),
            element("p", words(attribution.author), "center") if attribution.author else "",
            element("p", f"摘要　{words(article.summary)}", "small") if article.summary else "",
            text,
            element("p", source, "source"),
        ]
        self._since_code += sum(len(p.text) for p in article.body.passages) + len(article.title)
        return "".join(parts) + self._original(article)

    def _original(self, article: Article) -> str:
        """The QR code, and the number of the address in the list of all."""
        url = article.attribution.url
        if not url:
            return ""
        self._links.append((article.title, url))
        number = len(self._links)
        label = words(article.attribution.link_label)
        if self._since_code < _APART:
            return element("p", f"{label}见文末链接[{number}]", "small", more="text-align:center")
        self._since_code = 0
        index = self.issue.articles.index(article) + 1
        code = self._keep(qr_picture(url, f"images/qr-{index:02}.png"))
        shown = picture(code.file, f"二维码：{article.title}", code.size, "qr")
        advice = f"长按二维码阅读{label}，或见文末链接[{number}]"
        return element("p", f"{shown}<br>{advice}", "small", more="text-align:center")

    def _references(self) -> str:
        if not self._links:
            return ""
        out = [element("h3", "原文链接", "heading")]
        for number, (title, url) in enumerate(self._links, start=1):
            name = f"{words(title)}：" if title else ""
            out.append(element("p", f"[{number}] {name}{words(url)}", "address"))
        return "".join(out)

    def _back_matter(self) -> str:
        return "".join(self._back_page(page) for page in self.issue.back_matter)

    def _back_page(self, page: BackMatter) -> str:
        writer = TextWriter(page.body, self._shower(page.body), len(self._links) + 1)
        text = writer.write(page.body.tokens)
        self._links += [("", url) for url in writer.links]
        return element("h2", words(page.title), "title") + text

    def _colophon(self) -> str:
        masthead = self.issue.masthead
        lines = [f"{c.label}：{'　'.join(c.names)}" for c in masthead.credits]
        lines += [text for text in (masthead.subscribe, masthead.statement) if text]
        return "".join(element("p", words(line), "small") for line in lines)

    def _shower(self, body: Body) -> Callable[[str], Picture | None]:
        files = {image.source: image.file for image in body.images}

        def show(source: str) -> Picture | None:
            file = files.get(source)
            stem = f"images/picture-{len(self.pictures) + 1:02}"
            found = item_picture(file, stem) if file else None
            if found is None:
                self.left_out.append(source)
            return self._keep(found) if found else None

        return show

    def _keep(self, one: Picture) -> Picture:
        for known in self.pictures.values():
            if known.content == one.content:
                return known
        self.pictures[one.file] = one
        return one


def short_title(title: str) -> str:
    """``title`` within WeChat's limit, cut where it has sense."""
    if len(title) <= TITLE:
        return title
    line = break_title(title, TITLE - 1.0)[0]
    return f"{line[: TITLE - 1]}…"


def short_author(issue: CheckedIssue) -> str:
    """Who is named as the author of every article."""
    return issue.publication.name[:AUTHOR]


def _lead_sentence(body: Body) -> str:
    text = next((p.text for p in body.passages if p.text.strip()), "")
    end = text.find("。", 40)
    return text[: end + 1] if 0 < end < DIGEST else text
