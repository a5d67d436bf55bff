"""Markdown to tokens and to HTML: fixtures in markdown-it-py's form, and real issues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file
from workspaces import ITEM

from jianbao.load.front_matter import split
from jianbao.load.markdown import parse_body, parser
from jianbao.press.body import Setting, set_body

HERE = Path(__file__).parent
OURS = HERE.parent / "issues" / "2025-04"
EXTRACTED = HERE.parent.parent / "shared" / "issue-217" / "issues" / "2025-04"
TAIL = "（来源：国家数据局）"

#: What Chinese sets beside a bold span: marks, brackets, quotes, dashes, signs of units.
MARKS = "，。、；：？！…—～·《》〈〉「」『』【】〔〕〖〗（）“”‘’％￥＋＝＃＠／｜－※→①Ⅰ℃§″"


def fixtures(folder: str) -> pytest.MarkDecorator:
    """Title, input and expected HTML of every fixture of ``cases/markdown/FOLDER``."""
    found = [
        pytest.param(source, expected, id=f"{file.stem}: {title}")
        for file in sorted((HERE / "cases" / "markdown" / folder).glob("*.md"))
        for _, title, source, expected in read_fixture_file(file)
    ]
    return pytest.mark.parametrize(("source", "expected"), found)


def to_html(source: str) -> str:
    """The tokens of ``source`` by markdown-it's own renderer, which shows them as they are."""
    md = parser()
    return str(md.render(source))


def to_page(source: str) -> str:
    """``source`` as the body of an article is set, with its source behind it."""
    body = parse_body(source, ITEM, 1, HERE)
    return str(set_body(body, Setting(base=2, image=str, characters=41, tail=TAIL)))


def without_spacing(html: str) -> str:
    """``html`` without the marks of fine spacing, which have tests of their own."""
    html = html.replace("&#x2060;", "")
    return re.sub(r'<span class="(?:apostrophe|gap|hold)">([^<]*)</span>', r"\1", html)


@fixtures("tokens")
def test_markdown_is_read_as_an_editor_means_it(source: str, expected: str) -> None:
    assert expected == to_html(source)


@fixtures("body")
def test_a_body_is_set_as_the_page_needs_it(source: str, expected: str) -> None:
    assert expected == without_spacing(to_page(source))


@pytest.mark.parametrize("mark", MARKS)
def test_emphasis_opens_and_closes_beside_every_chinese_mark(mark: str) -> None:
    cases = {
        f"甲**乙{mark}**丙": f"甲<strong>乙{mark}</strong>丙",
        f"甲**{mark}乙**丙": f"甲<strong>{mark}乙</strong>丙",
        f"甲{mark}**乙**{mark}丙": f"甲{mark}<strong>乙</strong>{mark}丙",
        f"**甲{mark}****{mark}乙**": f"<strong>甲{mark}</strong><strong>{mark}乙</strong>",
        f"甲*乙{mark}*丙": f"甲<em>乙{mark}</em>丙",
        f"甲~~乙{mark}~~丙": f"甲<s>乙{mark}</s>丙",
    }

    assert {f"<p>{html}</p>\n" for html in cases.values()} == {to_html(text) for text in cases}


def test_an_image_in_a_list_keeps_the_number_of_its_item() -> None:
    assert "1." in to_page("1. ![示意图](a.png)\n2. 二\n")


def test_a_footnote_of_two_paragraphs_does_not_run_them_together() -> None:
    html = without_spacing(to_page("甲[^1]。\n\n[^1]: 注一\n\n    注二\n"))

    assert "注一注二" not in html


def test_between_han_and_latin_a_line_break_is_one_gap_not_two() -> None:
    assert '<span class="gap">' not in to_page("采用\nGPT\n模型")


def bodies(folder: Path) -> list[str]:
    """Body of every item in ``folder``."""
    found = [split(file.read_text("utf-8"), file.name)[0] for file in sorted(folder.glob("*.md"))]
    return [front.body for front in found if front is not None]


def test_no_star_of_our_own_issue_is_left_on_the_page() -> None:
    texts = bodies(OURS)

    assert len(texts) == 14
    assert [html for html in map(to_page, texts) if "**" in html] == []


@pytest.mark.skipif(not EXTRACTED.is_dir(), reason="needs ../shared/issue-217")
def test_every_bold_span_of_the_extracted_issue_is_bold() -> None:
    pages = [to_page(text) for text in bodies(EXTRACTED)]

    assert sum(html.count("<strong>") for html in pages) == 40
    assert [html for html in pages if "**" in html] == []
