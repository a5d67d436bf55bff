"""What check lets through."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from workspaces import (
    CONFIGURATION,
    ISSUE,
    ITEM,
    NUMBERS,
    PUBLICATION,
    SECOND_ITEM,
    TODAY,
    item_text,
    make_workspace,
)

from jianbao.diagnostics import Code, Diagnostic
from jianbao.pipeline import check
from jianbao.spans import START
from jianbao.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from workspaces import Content

    from jianbao.model import CheckedIssue

SECOND = item_text(title="标题二", section="地方新政", url="https://www.gov.cn/2.html")


def passed(folder: Path, files: dict[str, Content] | None = None) -> CheckedIssue:
    """The issue, which has nothing wrong."""
    workspace = Workspace(make_workspace(folder, files).resolve())
    checked = check(workspace, workspace.issues / "2025-04", TODAY)

    assert checked.diagnostics == ()
    assert checked.issue is not None
    return checked.issue


def test_an_issue_has_its_numbers_and_the_first_title_for_a_headline(tmp_path: Path) -> None:
    issue = passed(tmp_path)

    assert (issue.id, issue.number, issue.total) == ("2025-04", 4, 217)
    assert (date(2025, 2, 10), "标题") == (issue.date, issue.headline)


def test_a_headline_that_is_written_is_taken(tmp_path: Path) -> None:
    assert passed(tmp_path, {ISSUE: f'{NUMBERS}headline = " 要题 "\n'}).headline == "要题"


def test_an_article_has_what_its_item_says(tmp_path: Path) -> None:
    item = item_text(
        published="2025-01-20",
        accessed="2025-02-01",
        author="张三",
        summary="摘要",
        link_label="原文件",
        keywords="[数据, 治理]",
        slug="nda-1",
        title_lines="[标, 题]",
    )
    (article,) = passed(tmp_path, {ITEM: item}).articles

    assert (article.slug, article.summary, article.keywords) == ("nda-1", "摘要", ("数据", "治理"))
    assert (article.title, article.title_lines) == ("标题", ("标", "题"))
    assert article.attribution.published == date(2025, 1, 20)
    assert article.attribution.accessed == date(2025, 2, 1)
    assert (article.attribution.author, article.attribution.link_label) == ("张三", "原文件")


def test_what_an_item_leaves_out_has_a_default(tmp_path: Path) -> None:
    (article,) = passed(tmp_path).articles

    assert (
        article.slug,
        article.summary,
        article.keywords,
        article.title_lines,
    ) == ("01-a", "", (), ())
    assert (
        article.attribution.link_label,
        article.attribution.author,
        article.attribution.published,
    ) == ("全文", "", None)


def test_a_reason_stands_for_an_address(tmp_path: Path) -> None:
    (article,) = passed(tmp_path, {ITEM: item_text(url=None, no_url="内部资料")}).articles

    assert (article.attribution.url, article.attribution.no_url) == (None, "内部资料")


def test_sections_come_in_the_publication_s_order_then_files_by_name(tmp_path: Path) -> None:
    first, second = item_text(section="地方新政"), item_text(title="标题二", url="https://a.cn/2")
    third = item_text(title="标题三", url="https://a.cn/3")
    issue = passed(tmp_path, {ITEM: first, SECOND_ITEM: second, "issues/2025-04/10-c.md": third})

    assert [section.name for section in issue.sections] == ["国策要论", "地方新政"]
    assert [article.title for article in issue.articles] == ["标题二", "标题三", "标题"]


def test_items_that_are_listed_come_in_that_order(tmp_path: Path) -> None:
    issue = passed(
        tmp_path, {ISSUE: f'{NUMBERS}items = ["02-b.md", "01-a.md"]\n', SECOND_ITEM: SECOND}
    )

    assert [article.title for article in issue.articles] == ["标题二", "标题"]
    assert issue.headline == "标题二"


def test_items_of_one_section_one_after_the_other_are_together(tmp_path: Path) -> None:
    items = f'{NUMBERS}items = ["02-b.md", "01-a.md"]\n'
    second = item_text(title="标题二", url="https://www.gov.cn/2.html")

    assert len(passed(tmp_path, {ISSUE: items, SECOND_ITEM: second}).articles) == 2


def test_a_section_without_items_is_not_printed(tmp_path: Path) -> None:
    assert [section.name for section in passed(tmp_path).sections] == ["国策要论"]


def test_a_hidden_file_is_no_item(tmp_path: Path) -> None:
    issue = passed(tmp_path, {"issues/2025-04/.01-a.md": "x", "issues/2025-04/note.txt": "x"})

    assert len(issue.articles) == 1


def test_items_of_a_section_that_are_not_together_are_printed_together(tmp_path: Path) -> None:
    third = item_text(title="标题三", url="https://a.cn/3")
    files: dict[str, Content] = {
        ISSUE: f'{NUMBERS}items = ["01-a.md", "02-b.md", "03-c.md"]\n',
        SECOND_ITEM: SECOND,
        "issues/2025-04/03-c.md": third,
    }
    workspace = Workspace(make_workspace(tmp_path, files).resolve())
    checked = check(workspace, workspace.issues / "2025-04", TODAY)

    assert checked.issue is not None
    assert [article.title for article in checked.issue.articles] == ["标题", "标题三", "标题二"]


def test_nothing_is_checked_where_the_publication_cannot_be_read(tmp_path: Path) -> None:
    workspace = Workspace(make_workspace(tmp_path, {CONFIGURATION: "x", ITEM: "x"}).resolve())
    checked = check(workspace, workspace.issues / "2025-04", TODAY)

    assert checked.issue is None
    assert checked.misconfigured
    assert [found.path for found in checked.diagnostics] == [CONFIGURATION]


def test_a_credit_and_a_tagline_reach_the_press(tmp_path: Path) -> None:
    more = '\n[masthead]\ncredits = [["主编", ["张三"]]]\n'
    text = PUBLICATION.replace("sections", 'tagline = "一句话"\nsections')
    issue = passed(tmp_path, {CONFIGURATION: f"{text}{more}"})

    assert issue.publication.tagline == "一句话"
    assert [(c.label, c.names) for c in issue.masthead.credits] == [("主编", ("张三",))]


def test_every_code_has_a_slug_of_its_own_and_an_explanation() -> None:
    slugs = [code.slug for code in Code]

    assert len(slugs) == len(set(slugs))
    assert all(code.explanation for code in Code)
    assert Diagnostic(Code.PRESS_LOG, "a", START, "b").severity == "warning"
