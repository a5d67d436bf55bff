"""What tests read out of a printed PDF, and the synthetic issue that they print.

Everything is read by other programs than ours: poppler, qpdf, pikepdf, zxing-cpp.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import zxingcpp
from PIL import Image
from workspaces import TODAY, write_files

from jianbao import pipeline
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jianbao.model import CheckedIssue
    from jianbao.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parent.parent

#: Where text stands between running head and folio, in points: x, y, width, height.
TYPE_AREA = ("-x", "0", "-y", "72", "-W", "596", "-H", "703")
#: A line of a title, whose letters are 18 points, is higher than this; one of text is not.
_TITLE_HEIGHT = 22.0
_WORD = re.compile(
    r'<word xMin="(?P<x>[^"]+)" yMin="(?P<y>[^"]+)" xMax="(?P<right>[^"]+)"'
    r' yMax="(?P<bottom>[^"]+)">(?P<text>.*?)</word>'
)


@dataclass(frozen=True, slots=True)
class PrintedIssue:
    """An issue as it was printed, and what build.json says of it."""

    workspace: Workspace
    folder: Path
    issue: CheckedIssue
    built: pipeline.Built
    pdf: Path
    index: dict[str, Any]

    first_page: int  # physical, from 1: where the first article stands


def print_issue(folder: Path, output: Path) -> PrintedIssue:
    """Check and build the issue in ``folder``, which has no errors, into ``output``."""
    workspace, folder = find_issue(str(folder), Path.cwd())
    checked = pipeline.check(workspace, folder, TODAY)
    assert checked.issue is not None, checked.diagnostics
    built = pipeline.build(checked, workspace, folder, pipeline.Press(output=output))
    assert built.folder is not None, built.diagnostics
    index = json.loads((built.folder / "build.json").read_text("utf-8"))
    pdf = built.folder / built.artifacts[0]
    first = _first_page(pdf, checked.issue.articles[0].title)
    return PrintedIssue(workspace, folder, checked.issue, built, pdf, index, first)


def _first_page(pdf: Path, title: str) -> int:
    """Where ``title`` stands, not counting the cover, whose headline it may be."""
    large = titles(pdf)
    return next(n for n, text in enumerate(large, 1) if n > 1 and squeeze(title) in text)


# -- text --


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text without a space, and its box in points from the top left of its page."""

    text: str
    x: float
    y: float
    right: float
    bottom: float


def squeeze(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def run(*command: str | Path) -> str:
    """Standard output of a program that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


def page_texts(pdf: Path, *options: str) -> list[str]:
    """Text of each page as poppler reads it."""
    return run("pdftotext", *options, pdf, "-").split("\f")[:-1]


def body_text(pdf: Path, first: int, *options: str) -> str:
    """Text from the physical page ``first`` on without white space, running heads and folios."""
    return squeeze("".join(page_texts(pdf, *options, "-f", str(first), *TYPE_AREA)))


@cache
def words(pdf: Path) -> list[list[Word]]:
    """Words of each page in poppler's order."""
    pages = run("pdftotext", "-bbox", pdf, "-").split("<page ")[1:]
    return [[_word(found) for found in _WORD.finditer(page)] for page in pages]


def _word(found: re.Match[str]) -> Word:
    x, y, right, bottom = (float(found[name]) for name in ("x", "y", "right", "bottom"))
    return Word(html.unescape(found["text"]), x, y, right, bottom)


def titles(pdf: Path) -> list[str]:
    """The large letters of each page without white space."""
    return [
        squeeze("".join(w.text for w in page if w.bottom - w.y > _TITLE_HEIGHT))
        for page in words(pdf)
    ]


def contents(pdf: Path) -> str:
    """The contents page, row by row from left to right, without white space."""
    page = next(page for page in words(pdf) if page and page[0].text == "本期要目")
    rows = groupby(sorted(page, key=lambda w: (round(w.bottom), w.x)), lambda w: round(w.bottom))
    return squeeze("".join(w.text for _, row in rows for w in row))


# -- structure --


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline; ``page`` is physical, from 1."""

    level: int
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of the structure tree."""

    kind: str
    alt: str | None


@dataclass(frozen=True, slots=True)
class Font:
    """A row of pdffonts."""

    name: str
    embedded: bool
    subset: bool
    unicode: bool


def bookmarks(pdf: Path) -> list[Bookmark]:
    """The outline from top to bottom."""
    with pikepdf.open(pdf) as document, document.open_outline() as outline:
        return list(_bookmarks(document, outline.root, 1))


def _bookmarks(document: pikepdf.Pdf, items: Any, level: int) -> Iterator[Bookmark]:  # noqa: ANN401  (pikepdf's list)
    for item in items:
        yield Bookmark(level, str(item.title), _page(document, item.destination))
        yield from _bookmarks(document, item.children, level + 1)


def _page(document: pikepdf.Pdf, destination: Any) -> int:  # noqa: ANN401  (any PDF object)
    """Physical page of a destination, which may be given by its name."""
    if isinstance(destination, pikepdf.String):
        names = pikepdf.NameTree(document.Root.Names.Dests)
        destination = names[str(destination)]
    return pikepdf.Page(destination[0]).index + 1


def links(pdf: Path, page: int) -> list[str | int]:
    """Where the links of a physical page lead: an address, or a physical page."""
    with pikepdf.open(pdf) as document:
        found = document.pages[page - 1].get("/Annots", [])
        return [_target(document, a) for a in found if a.Subtype == "/Link"]


def _target(document: pikepdf.Pdf, annotation: pikepdf.Object) -> str | int:
    action = annotation.get("/A")
    if action is None:
        return _page(document, annotation.Dest)
    return str(action.URI) if action.S == "/URI" else _page(document, action.D)


def tags(pdf: Path) -> list[Tag]:
    """The structure tree in reading order."""
    with pikepdf.open(pdf) as document:
        return list(_tags(document.Root.StructTreeRoot))


def _tags(element: pikepdf.Object) -> Iterator[Tag]:
    if "/S" in element:
        alt = str(element.Alt) if "/Alt" in element else None
        yield Tag(str(element.S).removeprefix("/"), alt)
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _tags(child)


def fonts(pdf: Path) -> list[Font]:
    """Fonts as pdffonts lists them, without the mark of a subset."""
    rows = [line.split() for line in run("pdffonts", pdf).splitlines()[2:]]
    return [Font(re.sub("^[A-Z]{6}[+]", "", r[0]), *(w == "yes" for w in r[-5:-2])) for r in rows]


def plain(pdf: Path) -> bytes:
    """Everything in the file with its streams unpacked."""
    command = ["qpdf", "--qdf", "--object-streams=disable", pdf, "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


# -- QR codes --


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code that was read from the picture of a physical page."""

    page: int
    payload: bytes


def scan(pdf: Path, dpi: int) -> list[Scanned]:
    """Every code of every page, from top to bottom."""
    with tempfile.TemporaryDirectory() as folder:
        run("pdftoppm", "-r", str(dpi), "-gray", pdf, Path(folder) / "p")
        pictures = sorted(Path(folder).iterdir())
        return [code for n, picture in enumerate(pictures, 1) for code in _codes(picture, n)]


def _codes(picture: Path, page: int) -> list[Scanned]:
    with Image.open(picture) as image:
        found = zxingcpp.read_barcodes(image)
    ordered = sorted(found, key=lambda code: code.position.top_left.y)
    return [Scanned(page, code.bytes) for code in ordered]


# -- the synthetic issue --

LONG_URL = (
    f"https://www.gov.cn/zhengce/{'shuju/' * 20}index.html?code={'0123456789' * 6}&page=2#top"
)

CONFIGURATION = """\
[publication]
name = '样刊"甲"\\'
tagline = "合成的一期，只供测试"
sections = ["要闻", "政策", "动态"]

[masthead]
credits = [["主编", ["某研究院", "另一单位"]]]
statement = "声明文字。"

[[back_matter]]
title = "关于样刊"
file = "back/about.md"
"""

_ITEMS = {
    "01-list.md": f"""\
---
title: 这是一条没有分行也没有空格而且长到一行排不下所以要按意思断开的合成样稿标题
section: 要闻
source: 样刊编辑部
url: "{LONG_URL}"
author: 张三 李四
---

承接上一期的编号：

14. **第十四条，**从14开始。
15. 第十五条。
    1. 内层第一条。
       - 更内一层。
    2. 内层第二条。

## 小标题一

正文里有脚注[^note]，后文继续。

#### 跳过一级的小标题

罕见字𠮷野家的𠮷。

[^note]: 脚注的**文字**。
""",
    "02-table.md": """\
---
title: 表格与图片 {{ 1 + 1 }} <b>&amp;
section: 要闻
source: 样刊编辑部
no_url: 会议材料，没有公开
---

| 指标 | 数值 |
| --- | ---: |
| 覆盖率 | **78%** |
| ~~旧值~~ | `code` |

![柱状图](chart.png "图1 柱状图")

中间段，见[网站](https://www.gov.cn/)。

> 引用的一段。

![示意图](map.svg)

末段。
""",
    "03-end.md": """\
---
title: 以表格结尾
section: 动态
source: 某局
url: https://www.gov.cn/a
link_label: 原文件
---

开头。

| 甲 | 乙 |
| --- | --- |
| 一 | 二 |
""",
}

#: What is printed of each item, in order, as people read it.
SYNTHETIC_TEXTS = {
    "01-list": (
        "张三 李四",
        "承接上一期的编号：",
        "14. 第十四条，从14开始。",
        "15. 第十五条。",
        "1. 内层第一条。",
        "• 更内一层。",
        "2. 内层第二条。",
        "小标题一",
        "正文里有脚注1，后文继续。",
        "跳过一级的小标题",
        "罕见字𠮷野家的𠮷。",
    ),
    "02-table": (
        "指标",
        "数值",
        "覆盖率",
        "78%",
        "旧值",
        "code",
        "图1 柱状图",
        "中间段，见网站。",
        "引用的一段。",
        "末段。",
    ),
    "03-end": ("开头。", "甲", "乙", "一", "二"),
}

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80">'
    '<rect width="200" height="80" fill="#888"/></svg>'
)


def write_synthetic_issue(root: Path) -> Path:
    """Write a workspace with one synthetic issue; return the folder of the issue."""
    issue = root / "issues" / "2025-09"
    files = {
        "jianbao.toml": CONFIGURATION,
        "back/about.md": "## 沿革\n\n创办于某年。\n",
        "issues/2025-09/issue.toml": "number = 9\ntotal = 99\ndate = 2025-02-10\n",
        "issues/2025-09/map.svg": _SVG,
    }
    write_files(root, files | {f"issues/2025-09/{name}": text for name, text in _ITEMS.items()})
    Image.new("RGB", (300, 120), (30, 90, 160)).save(issue / "chart.png")
    return issue
