"""合成样例: websites with a list of each kind that authorities publish, and the pages it names.

Everything is made up after the way those systems write, as facts about them tell; no line is
of a real site. All of them are served by one `web_server.serve` under one address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from web_server import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MARK = "<!-- 合成样例，不是真实网页 -->"
_XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class News:
    """What a made-up body made known; ``path`` is where, on its site."""

    title: str
    published: date
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A made-up body: what its registry file says, and how it writes its list and its pages."""

    stem: str
    name: str
    level: str
    section: str
    list_path: str
    kind: str
    news: tuple[News, ...]
    write: Callable[[Office], Mapping[str, Page]]
    encoding: str = "utf-8"

    def registry(self, address: str) -> str:
        """Its file of sources/, where its site is at ``address``."""
        host = urlsplit(address).hostname
        return (
            f'name = "{self.name}"\nlevel = "{self.level}"\nhosts = ["{host}"]\n'
            f'section = "{self.section}"\nlists = ["{address}{self.list_path}"]\n'
            f"{self.kind}\n[manners]\ngap = 0\n"
        )

    @property
    def pages(self) -> dict[str, Page]:
        """Its list and its articles, by path."""
        return {**self.write(self), **{one.path: _article(self, one) for one in self.news}}


def _html(text: str, encoding: str = "utf-8") -> Page:
    return Page(text.encode(encoding), headers={"Content-Type": "text/html"})


def _article(office: Office, news: News) -> Page:
    """With the tags that 《政府网站发展指引》 asks for, and the container of TRS."""
    paragraphs = (
        f"为深入推进数据要素市场化配置，{office.name}近日作出部署，明确了一批重点工作。",
        (
            "部署提出，要完善数据基础制度，推动公共数据资源开发利用，培育数据产业，"
            "支持各地结合实际先行先试，总结推广好的做法。"
        ),
        f"有关负责人介绍，“{news.title}”将分步实施，定期评估成效，重要情况及时向社会公布。",
    )
    body = "".join(f"<p>　　{text}</p>" for text in paragraphs)
    return _html(
        f'{_MARK}<html><head><meta charset="{office.encoding}">'
        f'<meta name="SiteName" content="{office.name}">'
        f'<meta name="ArticleTitle" content="{news.title}">'
        f'<meta name="PubDate" content="{news.published} 09:30">'
        f'<meta name="ContentSource" content="{office.name}"><title>{news.title}</title></head>'
        f'<body><div class="nav">首页 要闻</div><h1>{news.title}</h1>'
        f'<div class="TRS_Editor">{body}</div>'
        "<div>【打印】【关闭】扫一扫在手机打开当前页</div></body></html>",
        office.encoding,
    )


def _static(office: Office) -> dict[str, Page]:
    lines = "".join(
        f'<li><a href="{one.path}">{one.title}</a><span>{one.published:%Y-%m-%d}</span></li>'
        for one in office.news
    )
    head = f'<head><meta charset="{office.encoding}"><title>要闻</title></head>'
    text = f'{_MARK}<html>{head}<body><ul class="list">{lines}</ul></body></html>'
    return {office.list_path: _html(text, office.encoding)}


def _trs(office: Office) -> dict[str, Page]:
    """TRS: links relative to the list's folder, the day in the address and in 年月日."""
    folder = office.list_path.rpartition("/")[0]
    lines = "".join(
        f'<li><a href=".{one.path.removeprefix(folder)}" title="{one.title}">{one.title[:12]}…</a>'
        f"<span>{one.published:%Y/%m/%d}</span></li>"
        for one in office.news
    )
    return {office.list_path: _html(f'{_MARK}<html><ul class="u-list">{lines}</ul></html>')}


def _jcms(office: Office) -> dict[str, Page]:
    records = "".join(
        f'<record><![CDATA[<li><a href="{one.path}">{one.title}</a>'
        f"<b>{one.published:%Y-%m-%d}</b></li>]]></record>"
        for one in office.news
    )
    script = f'<script type="text/xml"><datastore>{records}</datastore></script>'
    return {office.list_path: _html(f'{_MARK}<html><div id="226">{script}</div></html>')}


def _api(office: Office) -> dict[str, Page]:
    rows = [
        {"name": one.title, "href": one.path, "day": one.published.isoformat()}
        for one in office.news
    ]
    text = json.dumps({"合成样例": True, "data": {"rows": rows}}, ensure_ascii=False)
    return {office.list_path: Page(text, headers={"Content-Type": "application/json"})}


def _buildstatic(office: Office) -> dict[str, Page]:
    """MIIT's: the page names an address, whose answer has the list."""
    lines = "".join(
        f'<li><a href="{one.path}">{one.title}</a><span>{one.published:%Y-%m-%d}</span></li>'
        for one in office.news
    )
    answer = json.dumps({"data": {"html": f"<ul>{lines}</ul>"}}, ensure_ascii=False)
    page = (
        f"{_MARK}<html><script parseType=buildstatic url=/miit/unit "
        "querydata=\"{'webId':'8','size':'20'}\"></script></html>"
    )
    headers = {"Content-Type": "application/json"}
    return {
        office.list_path: _html(page),
        "/miit/unit?webId=8&size=20": Page(answer, headers=headers),
    }


def _rss(office: Office) -> dict[str, Page]:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{one.path}</link>"
        f"<pubDate>{one.published:%a, %d %b %Y} 09:30:00 +0800</pubDate></item>"
        for one in office.news
    )
    text = f'<rss version="2.0"><channel><title>{office.name}</title>{items}</channel></rss>'
    return {office.list_path: Page(f"{_MARK}{text}", headers={"Content-Type": _XML})}


def _atom(office: Office) -> dict[str, Page]:
    entries = "".join(
        f'<entry><title>{escape(one.title)}</title><link href="{one.path}"/>'
        f"<updated>{one.published}T09:30:00+08:00</updated></entry>"
        for one in office.news
    )
    text = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>合成</title>{entries}</feed>'
    return {office.list_path: Page(f"{_MARK}{text}", headers={"Content-Type": _XML})}


OFFICES = (
    Office(
        stem="hechu",
        name="合成发展改革委",
        level="national",
        section="国策要论",
        list_path="/hechu/xw/index.html",
        kind='kind = "listing"\n[listing]\nitem = "ul.u-list > li"',
        write=_trs,
        news=(
            News(
                "关于促进数据产业高质量发展的指导意见印发",
                date(2025, 2, 6),
                "/hechu/xw/202502/t20250206_1390001.html",
            ),
            News(
                "完善数据流通安全治理方案公布",
                date(2025, 2, 7),
                "/hechu/xw/202502/t20250207_1390002.html",
            ),
        ),
    ),
    Office(
        stem="heju",
        name="合成数据局",
        level="national",
        section="国策要论",
        list_path="/heju/list/index_pc_1.html",
        kind='kind = "listing"\n[listing]\nitem = "ul.list > li"',
        write=_static,
        news=(
            News(
                "公共数据资源登记平台上线试运行",
                date(2025, 2, 5),
                "/heju/ywpd/0205/20250205093000123_pc.html",
            ),
        ),
    ),
    Office(
        stem="heren",
        name="合成省人大",
        level="provincial",
        section="地方新政",
        list_path="/heren/col/col5591/index.html",
        kind='kind = "listing"\n[listing]\nformat = "jcms"',
        write=_jcms,
        news=(
            News(
                "数据条例草案提请一审",
                date(2025, 2, 6),
                "/heren/art/2025/2/6/art_5591_172001.html",
            ),
        ),
    ),
    Office(
        stem="heping",
        name="合成开放平台",
        level="industry",
        section="产业前沿",
        list_path="/heping/api/articles?page=1",
        kind='kind = "listing"\n[listing]\nformat = "json"\nitem = "data.rows"\n'
        'title = "name"\nlink = "href"\ndate = "day"',
        write=_api,
        news=(News("隐私计算互联互通标准发布", date(2025, 2, 8), "/heping/articles/7001"),),
    ),
    Office(
        stem="hegong",
        name="合成工信厅",
        level="provincial",
        section="地方新政",
        list_path="/miit/xwfb/index.html",
        kind='kind = "listing"\n[listing]\nformat = "buildstatic"\nitem = "ul > li"',
        write=_buildstatic,
        news=(
            News(
                "算力基础设施建设三年行动启动",
                date(2025, 2, 7),
                "/miit/xwfb/art/2025/art_b1c2.html",
            ),
        ),
    ),
    Office(
        stem="heyuan",
        name="合成研究院",
        level="industry",
        section="产业前沿",
        list_path="/heyuan/rss.xml",
        kind='kind = "feed"',
        write=_rss,
        news=(News("数据要素流通观察报告发布", date(2025, 2, 6), "/heyuan/2025/report-1.html"),),
    ),
    Office(
        stem="hehui",
        name="合成协会",
        level="industry",
        section="产业前沿",
        list_path="/hehui/atom.xml",
        kind='kind = "feed"',
        write=_atom,
        news=(News("可信数据空间试点名单公示", date(2025, 2, 7), "/hehui/news/88.html"),),
    ),
    Office(
        stem="heshi",
        name="合成市大数据局",
        level="municipal",
        section="数谷动态",
        list_path="/heshi/zwgk/index.htm",
        kind='kind = "listing"\n[listing]\nitem = "ul.list > li"',
        write=_static,
        encoding="gb2312",
        news=(
            News(
                "首批城市可信数据空间项目签约",
                date(2025, 2, 8),
                "/heshi/zwgk/202502/t20250208_86001.htm",
            ),
        ),
    ),
)

#: The configuration of a workspace that may fetch from this machine.
CONFIGURATION_TEXT = (
    '[publication]\nname = "合成简报"\n'
    'sections = ["国策要论", "地方新政", "产业前沿", "数谷动态"]\n\n'
    '[gather]\nprivate_hosts = ["127.0.0.1"]\n'
)


def all_pages(offices: tuple[Office, ...] = OFFICES) -> dict[str, Page]:
    """What the sites of ``offices`` serve, by path."""
    return {path: page for office in offices for path, page in office.pages.items()}


def registry_files(address: str, offices: tuple[Office, ...] = OFFICES) -> dict[str, str]:
    """The files of sources/ for ``offices``, whose sites are at ``address``."""
    return {f"sources/{office.stem}.toml": office.registry(address) for office in offices}


def news_of(offices: tuple[Office, ...] = OFFICES) -> tuple[News, ...]:
    """Everything that there is to find."""
    return tuple(one for office in offices for one in office.news)
