"""What the articles for WeChat cost in characters, beside what other tools make of them.

``make cost``: each item of an issue as one Markdown text, title and source included, is set
by ours, by ``@wenyan-md/core`` and as doocs/md does it, with juice. Theirs are installed with
npm into a folder that is thrown away. WeChat's API counts every character, tags included.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from jianbao import pipeline
from jianbao.load.markdown import parse_body
from jianbao.press.views import HUES
from jianbao.press.wechat.body import References, Setting, set_body
from jianbao.press.wechat.pictures import Picture
from jianbao.press.wechat.styles import read_styles, styles_in
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from jianbao.model import Article, CheckedIssue
    from jianbao.workspace import Workspace

ISSUE = Path(__file__).resolve().parent.parent / "issues" / "2025-04"
SCRIPT = Path(__file__).with_suffix(".mjs")
PACKAGES = ("@wenyan-md/core@3.0.10", "juice@11.1.1", "jsdom@27.4.0", "marked@18.2.1")
_OURS, _PLAIN = "jianbao", "只有文字"
_TAGS = re.compile(r"<[^>]*>")


def main() -> int:
    """Print the table; 1 where one of theirs needs no more characters for a text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("issue", nargs="?", default=str(ISSUE), help="an issue's folder")
    workspace, folder = find_issue(parser.parse_args().issue, Path.cwd())
    checked = pipeline.check(workspace, folder, date.today())  # noqa: DTZ011  (the editor's own day)
    if checked.issue is None:
        print(f"{folder.name} 有错误：先运行 jianbao check", file=sys.stderr)
        return 1
    if shutil.which("npm") is None:
        print("没有 npm，不与别的工具比较（apt-get install npm）", file=sys.stderr)
    return _compare(checked.issue, workspace, folder)


def _compare(issue: CheckedIssue, workspace: Workspace, folder: Path) -> int:
    each = [_markdown(article) for article in issue.articles]
    texts = [*each, "\n".join(each)]
    ours = [_set(text, workspace, folder) for text in texts]
    counts = {
        _PLAIN: [len(unescape(_TAGS.sub("", html))) for html in ours],
        _OURS: [len(html) for html in ours],
    }
    counts |= _theirs(texts) if shutil.which("npm") else {}
    print("| 工具 | 每条一篇：平均 | 最长 | 全期一篇 | 是文字的几倍 |")
    print("| --- | --: | --: | --: | --: |")
    for name, (*articles, whole) in counts.items():
        mean, times = sum(articles) / len(articles), whole / counts[_PLAIN][-1]
        print(f"| {name} | {mean:,.0f} | {max(articles):,} | {whole:,} | {times:.2f} |")
    others = [numbers for name, numbers in counts.items() if name not in {_OURS, _PLAIN}]
    pairs = [pair for numbers in others for pair in zip(counts[_OURS], numbers, strict=True)]
    return int(any(our >= their for our, their in pairs))


def _markdown(article: Article) -> str:
    """An item as the editor of another tool would type it."""
    attribution = article.attribution
    url = f"\n\n原文链接：{attribution.url}" if attribution.url else ""
    title, source = article.title, attribution.source
    return f"## {title}\n\n{article.body.source.strip()}\n\n（来源：{source}）{url}\n"


def _set(text: str, workspace: Workspace, folder: Path) -> str:
    """``text`` as ours, its notes and originals below."""
    styles = styles_in(read_styles(workspace, folder), HUES[0])
    references = References()
    setting = Setting(styles=styles, references=references, picture=_picture)
    body = set_body(parse_body(text, "a.md", 1, folder), setting)
    small = f'<p style="{styles["small"]}">'
    below = [f"〔{n}〕{note}" for n, note in enumerate(body.notes, 1)]
    below += [f"[{n}] {label}：{url}" for n, label, url in references.every]
    inside = "".join((str(body.html), *(f"{small}{line}</p>" for line in below)))
    return f'<section style="{styles["article"]}">{inside}</section>'


def _picture(source: str) -> Picture:
    return Picture(file=unquote(source), content=b"", use="body", width=640, height=480)


def _theirs(texts: list[str]) -> dict[str, list[int]]:
    """Characters of each text by the name of the tool."""
    with tempfile.TemporaryDirectory() as scratch:
        install = ("npm", "install", "--no-audit", "--no-fund", "--silent", *PACKAGES)
        subprocess.run(install, cwd=scratch, check=True)
        script = shutil.copy(SCRIPT, scratch)
        done = subprocess.run(
            ("node", script),
            cwd=scratch,
            input=json.dumps(texts),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    counts: dict[str, list[int]] = json.loads(done.stdout)
    return counts


if __name__ == "__main__":
    sys.exit(main())
