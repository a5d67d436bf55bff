"""A synthetic issue of everything that strains a page; its text says nothing true."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

SECTIONS = ("要闻", "政策", "动态", "附录")

_CONFIGURATION = f"""\
[publication]
name = "压力测试样刊"
tagline = "合成的一期，只供测试"
sections = [{", ".join(f'"{name}"' for name in SECTIONS)}]
"""

_SENTENCES = (
    "这一段是合成的文字，只用来检查版面，不陈述任何事实。",
    "样刊编辑部于2025年1月发布《样稿管理办法（试行）》（以下简称《办法》），自发布之日起施行。",
    "“甲”“乙”“丙”三类样稿，分别占41.5%、38.25%和20.25%；其余不计。",
    "各方应当明确责任、细化流程，把检查落到每一行、每一页，做到有据可查。",
    "样稿用AI模型生成，用PDF阅读器核对，再由人工逐页过目。",
)

#: Sizes in print are limited by the type area, whatever the picture's own.
_PICTURES = {"tall.png": (400, 3000), "wide.png": (4000, 300), "small.png": (60, 40)}

_LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
_LONG_URL = f"https://www.gov.cn/{'a' * 120}/{'shuju-kongjian/' * 8}?x={'0123456789' * 4}"


def filler(characters: int, start: int = 0) -> str:
    """Exactly ``characters`` of running text."""
    turned = _SENTENCES[start % 5 :] + _SENTENCES[: start % 5]
    text = "".join(islice(cycle(turned), 2 + characters // 20))
    return f"{text[: characters - 1].rstrip('“《（')}。"


def write_stress_issue(root: Path) -> Path:
    """Write a workspace with the issue; return the folder of the issue."""
    issue = root / "issues" / "2025-09"
    issue.mkdir(parents=True)
    (root / "jianbao.toml").write_text(_CONFIGURATION, "utf-8")
    (issue / "issue.toml").write_text("number = 9\ntotal = 99\ndate = 2025-02-10\n", "utf-8")
    for name, size in _PICTURES.items():
        Image.new("RGB", size, (30, 90, 160)).save(issue / name)
    items = _items()
    for number, (title, source, body) in enumerate(items, start=1):
        section = SECTIONS[(number - 1) * len(SECTIONS) // len(items)]
        front = f"title: {title}\nsection: {section}\nsource: 样刊编辑部\n{source}"
        (issue / f"{number:02}.md").write_text(f"---\n{front}\n---\n\n{body}\n", "utf-8")
    return issue


def _items() -> list[tuple[str, str, str]]:
    """Title, the line of the URL, and Markdown of each item."""
    shown = [
        ("嵌套六层的列表", _nested()),
        ("一份没有公开原文的材料", filler(300)),
        ("三百个字符的网址", filler(200)),
        ("四十行的表格", _table()),
        ("高图、宽图与小图", _pictures()),
        ("脚注落在页末", _footnotes()),
        ("罕见字", f"𠮷野家、㐂字、镕字和龘字都要印出来。{filler(120)}"),
        ("以西文为主的一段", _latin()),
        ("以数字为主的一段", _digits()),
        (f"{'合成样稿的长标题' * 7}共六十字", filler(400)),
        ("八百字的一段", filler(800)),
        ("小标题落在页末", _headings()),
        *[(f"各种长度的样稿之{n}", _lengths(n)) for n in range(1, 17)],
    ]
    urls = {"三百个字符的网址": f"url: {_LONG_URL}", "一份没有公开原文的材料": "no_url: 内部材料"}
    return [
        (title, urls.get(title, f"url: https://www.gov.cn/{number}.html"), body)
        for number, (title, body) in enumerate(shown, start=1)
    ]


def _nested() -> str:
    lines = []
    for level in range(6):
        mark = "1. " if level % 2 == 0 else "- "
        lines.append(f"{'   ' * level}{mark}第{level + 1}层：{filler(60 + level, level)}")
    return "\n".join(lines) + f"\n\n{filler(80)}"


def _table() -> str:
    rows = [f"| 指标{n} | {filler(10 + n, n)} | {n * 1234567} |" for n in range(1, 41)]
    wide = f"| 长词 | {_LONG_WORD} | {'9' * 60} |"
    return "\n".join(
        (filler(90), "", "| 名称 | 说明 | 数值 |", "| --- | --- | ---: |", *rows, wide)
    )


def _pictures() -> str:
    return (
        f'{filler(500)}\n\n![高图](tall.png "图1 高图")\n\n{filler(200)}\n\n'
        f'![宽图](wide.png "图2 宽图")\n\n![小图](small.png)\n\n'
        f"文中的![图](tall.png)不单独成段。{filler(60)}"
    )


def _footnotes() -> str:
    """A call every few lines, so that some are on the last line of a page."""
    texts = [f"{filler(70, n)}[^{n}]{filler(35, n + 1)}[^{n}a]" for n in range(1, 25)]
    notes = [f"[^{n}{a}]: {filler(50 + n, n)}" for n in range(1, 25) for a in ("", "a")]
    return "\n\n".join((*texts, *notes))


def _latin() -> str:
    sentence = "The quick brown fox jumps over the lazy dog; Don’t Panic (2025) is its motto. "
    code = f"`{'code' * 60}`\n\n    {'pre' * 70}"
    return f"{sentence * 12}中文夹在English中间。\n\n{_LONG_WORD}\n\n{code}"


def _digits() -> str:
    return f"{'2025年共12345678.90万元，增长3.14159%；' * 14}\n\n圆周率{'1415926535' * 24}。"


def _headings() -> str:
    return "\n\n".join(f"## 第{n}个小标题\n\n{filler(40 + 17 * n, n)}" for n in range(1, 19))


def _lengths(number: int) -> str:
    return "\n\n".join(filler(90 + 37 * number + 61 * n, n) for n in range(3 + number % 3))
