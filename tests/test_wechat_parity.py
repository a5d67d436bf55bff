"""The PDF and the WeChat edition say the same."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pdfs
import pytest
from workspaces import TODAY

from jianbao import pipeline
from jianbao.model import PassageKind
from jianbao.settings import Packing

if TYPE_CHECKING:
    from pathlib import Path

    from pdfs import PrintedIssue


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> PrintedIssue:
    root = tmp_path_factory.mktemp("parity")
    return pdfs.print_issue(pdfs.REPOSITORY / "issues" / "2025-04", root)


@pytest.fixture(params=tuple(Packing))
def articles(request: pytest.FixtureRequest, printed: PrintedIssue, tmp_path: Path) -> str:
    """The HTML of all articles in reading order."""
    checked = pipeline.check(printed.workspace, printed.folder, TODAY)
    press = pipeline.Press(output=tmp_path, editions=("wechat",), packing=request.param)
    built = pipeline.build(checked, printed.workspace, printed.folder, press)
    assert built.folder is not None, built.diagnostics
    folder = built.folder / "wechat"
    drafts = json.loads((folder / "draft.json").read_text("utf-8"))["drafts"]
    files = (article["file"] for draft in drafts for article in draft["articles"])
    return "".join((folder / file).read_text("utf-8") for file in files)


def _in_order(parts: list[str], text: str) -> list[str]:
    """Those of ``parts`` that do not follow the others in ``text``."""
    at, missing = 0, []
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            missing.append(part)
        else:
            at = found + len(part)
    return missing


def _text(articles: str) -> str:
    return pdfs.squeeze(html.unescape(re.sub(r"<sup>.*?</sup>|<[^>]*>", "", articles)))


def test_titles_sources_and_text_stand_in_both_in_the_same_order(
    printed: PrintedIssue, articles: str
) -> None:
    parts, of_pdf = [], []
    for article in printed.issue.articles:
        passages = [p for p in article.body.passages if p.kind is not PassageKind.CELL]
        body = [pdfs.squeeze(p.text).split("\ufffc")[0] for p in passages]
        title, source = pdfs.squeeze(article.title), article.attribution.source
        parts += [title, *body, f"来源：{source}"]
        of_pdf += [title, *body, f"（来源：{source}）"]
    assert _in_order(parts, _text(articles)) == []
    assert _in_order(of_pdf, pdfs.body_text(printed.pdf, printed.first_page)) == []


def test_both_give_the_same_addresses(printed: PrintedIssue, articles: str) -> None:
    pages = range(printed.first_page, (printed.built.pages or 0) + 1)
    linked = [one for page in pages for one in pdfs.links(printed.pdf, page)]
    of_pdf = dict.fromkeys(one for one in linked if isinstance(one, str) and one[:4] == "http")
    of_wechat = re.findall(r"：(https?://[^<]*)</p>", articles)
    assert [html.unescape(one) for one in of_wechat] == list(of_pdf)
