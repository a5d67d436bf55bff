"""The printed PDF of three issues: text, page numbers, QR codes, tags, fonts.

The issues are a synthetic one written here, the repository's own, and issue 217 as it was
extracted, where that lies beside the repository.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pdfs
import pikepdf
import pytest
from pdfs import REPOSITORY, SYNTHETIC_TEXTS, PrintedIssue, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jianbao.model import Article

_EXTRACTED = REPOSITORY.parent / "shared" / "issue-217" / "issues" / "2025-04"
#: Printed pages on which the articles of the original issue 217 start.
_START_PAGES = [1, 3, 5, 6, 7, 9, 10, 11, 12, 14, 16, 17, 19, 20]
_SPACES_OF_WIDTH_ZERO = "\u200b\u200c\u200d\ufeff"


@pytest.fixture(scope="module")
def print_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], PrintedIssue]:
    """Print an issue on the first call for its folder."""
    known: dict[Path, PrintedIssue] = {}

    def print_folder(folder: Path) -> PrintedIssue:
        if folder not in known:
            known[folder] = pdfs.print_issue(folder, tmp_path_factory.mktemp("output"))
        return known[folder]

    return print_folder


@pytest.fixture(scope="module")
def synthetic(
    tmp_path_factory: pytest.TempPathFactory, print_once: Callable[[Path], PrintedIssue]
) -> PrintedIssue:
    """An issue made up to hold every construct that an item may have."""
    return print_once(pdfs.write_synthetic_issue(tmp_path_factory.mktemp("synthetic")))


@pytest.fixture(scope="module")
def own(print_once: Callable[[Path], PrintedIssue]) -> PrintedIssue:
    """Issue 4 of 2025 as it lies in the repository."""
    return print_once(REPOSITORY / "issues" / "2025-04")


@pytest.fixture(scope="module")
def extracted(print_once: Callable[[Path], PrintedIssue]) -> PrintedIssue:
    """Issue 4 of 2025 as it was extracted from the original."""
    if not _EXTRACTED.is_dir():
        pytest.skip("issue 217 does not lie beside the repository")
    return print_once(_EXTRACTED)


@pytest.fixture(scope="module", params=["synthetic", "own", "extracted"])
def printed(request: pytest.FixtureRequest) -> PrintedIssue:
    """Each of the three in turn."""
    issue: PrintedIssue = request.getfixturevalue(request.param)
    return issue


def article_texts(article: Article) -> tuple[str, ...]:
    """The paragraphs, headings and cells of an article as they should be printed."""
    if article.slug in SYNTHETIC_TEXTS:
        return SYNTHETIC_TEXTS[article.slug]
    lines = [line for line in article.body.source.split("\n") if not re.fullmatch("[-| :]*", line)]
    plain = [re.sub(r"\*\*|^#+ ", "", line) for line in lines]
    return tuple(text for line in plain for text in re.split(" *[|] *", line) if text)


# -- page numbers --


def test_articles_start_on_the_pages_of_the_original(extracted: PrintedIssue) -> None:
    assert [item["page"] for item in extracted.index["items"]] == _START_PAGES


def test_each_title_stands_on_the_page_that_build_json_names(printed: PrintedIssue) -> None:
    large = pdfs.titles(printed.pdf)

    for item in printed.index["items"]:
        found = [page for page, text in enumerate(large, 1) if squeeze(item["title"]) in text]
        # The lead headline on the cover may be an article's title.
        assert [page for page in found if page > 1] == [printed.first_page + item["page"] - 1]


def test_the_contents_name_these_pages(printed: PrintedIssue) -> None:
    contents = pdfs.contents(printed.pdf)

    for item in printed.index["items"]:
        entry = f"{re.escape(squeeze(item['title']))}[.]+{item['page']:02}(?![0-9])"
        assert len(re.findall(entry, contents)) == 1


def test_contents_list_the_articles_under_their_sections(printed: PrintedIssue) -> None:
    expected = ["本期要目"]
    for section in printed.issue.sections:
        expected += [section.name, *(article.title for article in section.articles)]

    assert re.sub("[.]{2,}[0-9]+", "", pdfs.contents(printed.pdf)) == squeeze("".join(expected))


def test_rows_of_the_contents_lead_to_the_articles(printed: PrintedIssue) -> None:
    page = next(n for n, text in enumerate(pdfs.titles(printed.pdf), 1) if text == "本期要目")
    expected = [printed.first_page + item["page"] - 1 for item in printed.index["items"]]

    assert list(dict.fromkeys(pdfs.links(printed.pdf, page))) == list(dict.fromkeys(expected))


def test_bookmarks_are_the_sections_and_in_them_the_articles(printed: PrintedIssue) -> None:
    pages = {item["title"]: item["page"] for item in printed.index["items"]}
    expected = []
    for section in printed.issue.sections:
        first = printed.first_page + pages[section.articles[0].title] - 1
        expected.append((1, section.name, first))
        expected += [
            (2, article.title, printed.first_page + pages[article.title] - 1)
            for article in section.articles
        ]
    names = {title for _, title, _ in expected}
    found = [(b.level, b.title, b.page) for b in pdfs.bookmarks(printed.pdf) if b.title in names]

    assert found == expected


def test_contents_and_back_matter_have_bookmarks(own: PrintedIssue) -> None:
    top = [b.title for b in pdfs.bookmarks(own.pdf) if b.level == 1]

    sections = [section.name for section in own.issue.sections]
    assert top == ["本期要目", *sections, "主编简介", "联合主编简介"]


def test_the_first_article_is_on_a_right_hand_page(printed: PrintedIssue) -> None:
    assert printed.first_page % 2 == 1
    assert printed.index["items"][0]["page"] == 1


def test_folios_count_from_the_first_article_at_the_outer_edge(printed: PrintedIssue) -> None:
    pages = pdfs.words(printed.pdf)
    last = printed.first_page + printed.index["items"][-1]["page"] - 1
    for page in range(printed.first_page, last + 1):
        folio = next(w for w in pages[page - 1] if w.y > 780)
        assert folio.text == f"{page - printed.first_page + 1:02}"
        assert (folio.x > 298) == (page % 2 == 1)


def test_pages_before_the_first_article_have_no_folio(printed: PrintedIssue) -> None:
    before = pdfs.words(printed.pdf)[1 : printed.first_page - 1]

    assert not [word.text for page in before for word in page if word.y > 780]


def test_running_heads_name_the_section(own: PrintedIssue) -> None:
    pages = {item["page"]: item["section"] for item in own.index["items"]}
    section = ""
    for number, page in enumerate(pdfs.words(own.pdf)[own.first_page - 1 :], 1):
        section = pages.get(number, section)
        head = squeeze("".join(w.text for w in page if w.y < 72))
        if number <= max(pages):
            assert section in head


# -- text --


def test_every_paragraph_is_printed_verbatim_and_in_order(printed: PrintedIssue) -> None:
    text, at = pdfs.body_text(printed.pdf, printed.first_page), 0

    for article in printed.issue.articles:
        source = f"（来源：{article.attribution.source}）"
        for wanted in (article.title, *article_texts(article), source):
            found = text.find(squeeze(wanted), at)
            assert found >= 0, f"{article.slug}: {wanted[:40]}"
            at = found + len(squeeze(wanted))


def test_no_mark_of_markdown_and_no_invisible_character_is_printed(printed: PrintedIssue) -> None:
    text = "".join(pdfs.page_texts(printed.pdf))

    assert "**" not in text
    assert not set(text) & set(_SPACES_OF_WIDTH_ZERO)


def test_numbers_of_lists_continue_from_where_the_author_started(
    synthetic: PrintedIssue, own: PrintedIssue
) -> None:
    made_up = pdfs.page_texts(synthetic.pdf)[synthetic.first_page - 1].splitlines()
    glossary = pdfs.body_text(own.pdf, own.first_page)

    assert [line.split()[0] for line in made_up if re.match("[0-9]+[.]", line)] == [
        "14.",
        "15.",
        "1.",
        "2.",
    ]
    for number, term in ((1, "数据产权"), (14, "数据标注产业"), (20, "算力池化")):
        assert f"{number}.{term}，" in glossary


def test_a_footnote_stands_on_the_page_that_calls_it(synthetic: PrintedIssue) -> None:
    pages = [squeeze(text) for text in pdfs.page_texts(synthetic.pdf)]

    calls = [n for n, text in enumerate(pages) if "正文里有脚注1" in text]
    assert [n for n, text in enumerate(pages) if "1脚注的文字。" in text] == calls


def test_the_publications_name_may_hold_quotes_and_backslashes(synthetic: PrintedIssue) -> None:
    head = squeeze(pdfs.page_texts(synthetic.pdf)[synthetic.first_page])

    assert '样刊"甲"\\总第99期' in head


# -- QR codes and addresses --


@pytest.mark.parametrize("dpi", [150, 200])
def test_every_code_says_the_address_byte_for_byte(printed: PrintedIssue, dpi: int) -> None:
    urls = [article.attribution.url for article in printed.issue.articles]

    found = pdfs.scan(printed.pdf, dpi)

    assert [code.payload for code in found] == [url.encode() for url in urls if url]


def test_issue_217_has_thirteen_codes_for_fourteen_articles(extracted: PrintedIssue) -> None:
    urls = [article.attribution.url for article in extracted.issue.articles]

    assert len(urls) == 14
    assert [n for n, url in enumerate(urls, 1) if url is None] == [13]


def test_addresses_are_printed_whole(printed: PrintedIssue) -> None:
    # -raw, since poppler otherwise drops a hyphen at the end of a line.
    text = pdfs.body_text(printed.pdf, printed.first_page, "-raw")

    for article in printed.issue.articles:
        if article.attribution.url:
            assert f"原文链接：{article.attribution.url}" in text


def test_an_address_can_be_copied_with_its_hyphens(own: PrintedIssue) -> None:
    text = pdfs.body_text(own.pdf, own.first_page)

    assert "code=ff808081-94267e73-0194-9223cda8-1d78" in text


def test_addresses_can_be_clicked(printed: PrintedIssue) -> None:
    last = len(pdfs.titles(printed.pdf))
    found = [link for n in range(1, last + 1) for link in pdfs.links(printed.pdf, n)]

    for article in printed.issue.articles:
        assert article.attribution.url is None or article.attribution.url in found


def test_only_an_article_with_an_address_speaks_of_scanning(printed: PrintedIssue) -> None:
    text = pdfs.body_text(printed.pdf, printed.first_page)
    starts = [text.index(squeeze(a.title)) for a in printed.issue.articles] + [len(text)]

    for article, (start, end) in zip(printed.issue.articles, pairwise(starts), strict=True):
        has_url = article.attribution.url is not None
        label = f"扫描二维码可阅读或下载{article.attribution.link_label}原文链接："
        assert (label in text[start:end]) == has_url
        assert ("扫描" in text[start:end]) == has_url


# -- tags and metadata --


def test_pictures_and_codes_have_a_text_instead(printed: PrintedIssue) -> None:
    alts = [tag.alt for tag in pdfs.tags(printed.pdf) if tag.kind == "Figure"]
    titles = [article.title for article in printed.issue.articles if article.attribution.url]

    assert [alt for alt in alts if alt not in {"柱状图", "示意图"}] == titles
    if "03-end" in {article.slug for article in printed.issue.articles}:
        assert alts[1:-1] == ["柱状图", "示意图"]


def test_headings_go_down_step_by_step_from_h1(printed: PrintedIssue) -> None:
    levels = [int(t.kind[1]) for t in pdfs.tags(printed.pdf) if re.fullmatch("H[1-6]", t.kind)]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1
    assert levels.count(3) >= len(printed.issue.articles)


def test_lists_and_tables_are_tagged_as_such(synthetic: PrintedIssue) -> None:
    kinds = {tag.kind for tag in pdfs.tags(synthetic.pdf)}

    assert kinds >= {"L", "LI", "Table", "TR", "TH", "TD", "Link", "Figure", "P"}


def test_the_catalogue_says_what_pdf_ua_asks_for(printed: PrintedIssue) -> None:
    with pikepdf.open(printed.pdf) as document, document.open_metadata() as metadata:
        root = document.Root
        assert str(root.Lang) == "zh-CN"
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert metadata["pdfuaid:part"] == "1"


def test_title_author_and_date_are_in_the_metadata(own: PrintedIssue) -> None:
    with pikepdf.open(own.pdf) as document, document.open_metadata() as metadata:
        information = document.docinfo
        assert str(information.Title) == "大数据发展动态 2025年第4期（总第217期）"
        assert str(information.Author) == "贵阳智能大数据战略研究院"
        assert str(information.CreationDate).startswith("D:20250210")
        assert metadata["dc:title"] == str(information.Title)
        assert metadata["dc:creator"] == [str(information.Author)]


# -- the file --


def test_qpdf_finds_nothing_wrong(printed: PrintedIssue) -> None:
    assert "No syntax or stream encoding errors found" in pdfs.run("qpdf", "--check", printed.pdf)


def test_every_font_is_embedded_as_a_subset_with_its_characters(printed: PrintedIssue) -> None:
    fonts = pdfs.fonts(printed.pdf)

    assert all(font.embedded and font.subset and font.unicode for font in fonts)
    assert "Jianbao-Song-Bold" in {font.name for font in fonts}
    assert {font.name for font in fonts if not font.name.startswith("Jianbao-")} == (
        {"Noto-Serif-CJK-SC"} if "𠮷" in str(printed.issue) else set()
    )


def test_a_rare_character_and_a_long_address_are_told_once(synthetic: PrintedIssue) -> None:
    found = [(d.code.slug, d.path, d.span.column) for d in synthetic.built.diagnostics]

    assert found == [
        ("url-long", "issues/2025-09/01-list.md", 6),
        ("glyph-fallback", "issues/2025-09/01-list.md", 4),
    ]


def test_the_repositorys_issue_prints_without_a_word(own: PrintedIssue) -> None:
    assert own.built.diagnostics == ()


def test_build_json_has_the_keys_of_the_contract(printed: PrintedIssue) -> None:
    index = printed.index
    artifact = index["artifacts"][0]
    data = printed.pdf.read_bytes()

    assert list(index) == [
        "issue",
        "number",
        "total",
        "date",
        "artifacts",
        "items",
        "fonts",
        "diagnostics",
    ]
    assert list(artifact) == ["edition", "path", "media_type", "sha256", "pages"]
    assert {tuple(item) for item in index["items"]} == {
        ("slug", "title", "section", "source", "url", "page")
    }
    assert {tuple(font) for font in index["fonts"]} == {("file", "sha256")}
    assert list(index["diagnostics"]) == ["error", "warning", "note"]
    assert artifact["sha256"] == hashlib.sha256(data).hexdigest()
    assert artifact["pages"] == len(pdfs.titles(printed.pdf))


def test_another_process_in_another_folder_makes_the_same_bytes(
    synthetic: PrintedIssue, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "另 一处"
    shutil.copytree(synthetic.workspace.root, elsewhere)
    surroundings = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "jianbao", "build", "2025-09", "--quiet"]

    subprocess.run(command, cwd=elsewhere, env=surroundings, check=True, capture_output=True)

    assert synthetic.built.folder is not None
    for file in sorted(synthetic.built.folder.iterdir()):
        other = elsewhere / "output" / "2025-09" / file.name
        assert other.read_bytes() == file.read_bytes()
