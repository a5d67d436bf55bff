"""The WeChat edition: what articles an issue becomes, and that WeChat would take them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zxingcpp
from PIL import Image
from stress import write_stress_issue
from workspaces import (
    CONFIGURATION,
    ITEM,
    PUBLICATION,
    ROOT,
    SECOND_ITEM,
    TODAY,
    item_text,
    make_workspace,
)
from workspaces import contents as files_below

from jianbao import pipeline
from jianbao.deliver.wechat.package import read_package
from jianbao.settings import Packing
from jianbao.wechat.limits import ARTICLES, CONTENT_CHARACTERS
from jianbao.workspace import find_issue

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces import Ran

    from jianbao.diagnostics import Diagnostic

OWN = ROOT / "issues" / "2025-04"


@dataclass(frozen=True, slots=True)
class _Built:
    folder: Path
    draft: dict[str, Any]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def articles(self) -> list[dict[str, Any]]:
        return [article for draft in self.draft["drafts"] for article in draft["articles"]]

    @property
    def html(self) -> str:
        return "".join((self.folder / a["file"]).read_text("utf-8") for a in self.articles)


def _build(issue: Path, output: Path, packing: Packing) -> _Built:
    workspace, folder = find_issue(str(issue), Path.cwd())
    checked = pipeline.check(workspace, folder, TODAY)
    press = pipeline.Press(output=output, editions=("wechat",), packing=packing)
    built = pipeline.build(checked, workspace, folder, press)
    assert built.folder is not None, built.diagnostics
    made = built.folder / "wechat"
    return _Built(made, json.loads((made / "draft.json").read_text("utf-8")), built.diagnostics)


@pytest.fixture(scope="module", params=tuple(Packing))
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> _Built:
    return _build(OWN, tmp_path_factory.mktemp("wechat"), request.param)


def _about_wechat(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [d.code.slug for d in diagnostics if d.code.slug.startswith(("wechat-", "draft-"))]


def test_the_repository_s_own_issue_is_clean(own: _Built) -> None:
    assert _about_wechat(own.diagnostics) == []


def test_every_item_stands_in_it_once_and_in_order(own: _Built) -> None:
    index = json.loads((own.folder.parent / "build.json").read_text("utf-8"))
    titles = [re.escape(item["title"]) for item in index["items"]]
    found = re.findall(rf"<h3[^>]*>({'|'.join(titles)})</h3>", own.html)
    assert found == [item["title"] for item in index["items"]]


def test_every_address_is_printed_and_its_code_says_it(own: _Built) -> None:
    index = json.loads((own.folder.parent / "build.json").read_text("utf-8"))
    urls = [item["url"].replace("&", "&amp;") for item in index["items"] if item["url"]]
    assert [url for url in urls if f"：{url}</p>" not in own.html] == []
    names = re.findall(r'src="(images/qr[^"]*)"', own.html)
    codes = [zxingcpp.read_barcodes(Image.open(own.folder / name))[0].text for name in names]
    assert codes == [item["url"] for item in index["items"] if item["url"]]


def test_the_push_takes_it(own: _Built) -> None:
    package = read_package(own.folder, own.folder / "no-issue")
    assert len(package.drafts) == len(own.draft["drafts"])
    assert all(len(draft) <= ARTICLES for draft in package.drafts)


def test_twice_built_it_is_the_same(own: _Built, tmp_path: Path) -> None:
    again = _build(OWN, tmp_path, Packing(own.draft["packing"]))
    assert files_below(again.folder) == files_below(own.folder)


@pytest.mark.parametrize("packing", Packing)
def test_the_stress_issue_is_clean(packing: Packing, tmp_path: Path) -> None:
    built = _build(write_stress_issue(tmp_path), tmp_path / "output", packing)
    assert _about_wechat(built.diagnostics) == []


def test_an_item_that_is_too_long_says_by_how_much_and_what_to_do(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    make_workspace(tmp_path, {ITEM: item_text(f"{'一段长的文字。' * 2900}\n")})
    ran = jianbao(tmp_path, "check", "2025-04", "--edition", "wechat", "--format", "concise")
    (told,) = [line for line in ran.out.splitlines() if "wechat-characters" in line]
    assert ran.code == 1
    assert told.startswith("output/2025-04/wechat/02-section-1.html:1:20000: ")
    assert "接口只收 20,000 个以内，多 " in told
    built = jianbao(tmp_path, "build", "2025-04", "--edition", "wechat", "-q")
    assert built.code == 1
    assert "缩短稿件，或分成两条；用 --packing single 可以粘贴到编辑器里" in built.err
    assert not (tmp_path / "output").exists()


def test_a_section_that_is_too_long_becomes_several_articles(tmp_path: Path) -> None:
    body = f"{'一段长的文字。' * 1400}\n"
    url = "https://www.nda.gov.cn/2.html"
    files = {ITEM: item_text(body), SECOND_ITEM: item_text(body, title="另一个", url=url)}
    make_workspace(tmp_path, files)
    built = _build(tmp_path / "issues/2025-04", tmp_path / "output", Packing.SECTIONS)
    told = [(one["file"], one["title"], one["content_source_url"]) for one in built.articles]
    assert told[1:] == [
        ("02-section-1-1.html", "国策要论（1/2）｜标题", "https://www.nda.gov.cn/1.html"),
        ("03-section-1-2.html", "国策要论（2/2）｜另一个", url),
    ]


def test_the_budget_says_which_packing_would_fit(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    body = f"{'一段长的文字。' * 1400}\n"
    url = "https://www.nda.gov.cn/2.html"
    files = {ITEM: item_text(body), SECOND_ITEM: item_text(body, title="另一个", url=url)}
    make_workspace(tmp_path, files)
    ran = jianbao(tmp_path, "build", "2025-04", "--edition", "wechat", "--packing", "single")
    assert ran.code == 0
    html = (tmp_path / "output/2025-04/wechat/01-issue.html").read_text("utf-8")
    share = f"{len(html) / CONTENT_CHARACTERS:.0%}"
    size = f"{len(html):,} 个字符（接口上限的 {share}），{len(html.encode()):,} 字节"
    over = f"超出 {len(html) - 19_999:,} 个，只能粘贴"
    fitting = "要推送，改用 --packing sections，每一篇都放得下"
    assert f"01-issue.html：{size}，{over}；{fitting}" in ran.out.splitlines()


def test_the_settings_reach_the_draft(jianbao: Callable[..., Ran], tmp_path: Path) -> None:
    wechat = '[wechat]\npacking = "articles"\nauthor = "编辑部"\ncomments = "followers"\n'
    make_workspace(tmp_path, {CONFIGURATION: f"{PUBLICATION}{wechat}"})
    assert jianbao(tmp_path, "build", "2025-04", "--edition", "wechat", "-q").code == 0
    draft = json.loads((tmp_path / "output/2025-04/wechat/draft.json").read_text("utf-8"))
    entry = draft["drafts"][0]["articles"][0]
    assert draft["packing"] == "articles"
    told = {key: entry[key] for key in ("file", "title", "author", "digest", "content_source_url")}
    assert told == {
        "file": "01-01-a.html",
        "title": "标题",
        "author": "编辑部",
        "digest": "正文。",
        "content_source_url": "https://www.nda.gov.cn/1.html",
    }
    assert (entry["need_open_comment"], entry["only_fans_can_comment"]) == (1, 1)


def test_what_is_of_several_items_leads_to_the_issue(tmp_path: Path) -> None:
    wechat = '[wechat]\nissue_url = "https://www.example.cn/{id}/"\n'
    make_workspace(tmp_path, {CONFIGURATION: f"{PUBLICATION}{wechat}"})
    built = _build(tmp_path / "issues/2025-04", tmp_path / "output", Packing.SECTIONS)
    assert [one["content_source_url"] for one in built.articles] == [
        "https://www.example.cn/2025-04/",
        "https://www.nda.gov.cn/1.html",
    ]


def test_codes_of_short_items_keep_apart_by_a_blank(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    second = item_text("正文。\n", title="另一个", url="https://www.nda.gov.cn/2.html")
    make_workspace(tmp_path, {SECOND_ITEM: second})
    ran = jianbao(tmp_path, "build", "2025-04", "--edition", "wechat", "--strict")
    html = (tmp_path / "output/2025-04/wechat/02-section-1.html").read_text("utf-8")
    assert (ran.code, len(re.findall("images/qr", html))) == (0, 2)
    (gap,) = re.findall(r";padding-top:([0-9]+)px\">另一个</h3>", html)
    told = f"另一个：与上一条的二维码会同在一屏，前面空出 {gap} 像素；每条一篇就不必空"
    assert told in ran.out.splitlines()


def test_a_link_elsewhere_is_a_number_in_the_list(tmp_path: Path) -> None:
    page = '[[back_matter]]\ntitle = "简介"\nfile = "about.md"\n'
    body = "见[通知](https://www.gov.cn/a)和[本号](https://mp.weixin.qq.com/s/b)。\n"
    files = {
        CONFIGURATION: f"{PUBLICATION}{page}",
        "about.md": "见[主页](https://www.gov.cn/b)。\n",
        ITEM: item_text(body),
    }
    make_workspace(tmp_path, files)
    built = _build(tmp_path / "issues/2025-04", tmp_path / "output", Packing.SINGLE)
    assert '通知[2]和<a href="https://mp.weixin.qq.com/s/b">本号</a>。' in built.html
    assert "见主页[3]。" in built.html
    assert re.findall(r">(\[[0-9]\] .*?)</p>", built.html) == [
        "[1] 国家数据局《标题》：https://www.nda.gov.cn/1.html",
        "[2] 通知：https://www.gov.cn/a",
        "[3] 主页：https://www.gov.cn/b",
    ]


def test_braces_of_an_author_are_no_template(tmp_path: Path) -> None:
    text = item_text("写 {{名称}} 与 {% 语句 %}。\n", title="《{{甲}}》")
    make_workspace(tmp_path, {ITEM: text})
    built = _build(tmp_path / "issues/2025-04", tmp_path / "output", Packing.ARTICLES)
    assert "写 {{名称}} 与 {% 语句 %}。" in unescape(built.html)
    assert "《{{甲}}》" in unescape(built.html)


def test_the_style_table_of_a_workspace_goes_over_the_theme_s(tmp_path: Path) -> None:
    own = "/* 标题大一些 */\ntitle { font-size: 1.4em; color: var(--hue) }\n"
    make_workspace(tmp_path, {"templates/wechat/styles.css": own})
    built = _build(tmp_path / "issues/2025-04", tmp_path / "output", Packing.ARTICLES)
    title = '<h3 style="margin:1.5em 0 .8em;font-size:1.4em;line-height:1.5;color:#a02a26">'
    assert f"{title}标题</h3>" in built.html


@pytest.mark.parametrize(
    ("styles", "told"),
    [
        (b"p { margin: 0 }\nparagraph { margin: 0 }\n", "2:1: {}样式表里没有 paragraph 这一项"),
        (b"p { margin: 0 }\n@media print {}\n", "2:1: {}这里不是一项样式"),
        (b"p {\n  margin;\n}\n", "2:1: {}这里不是一条样式"),
        ("p { }  /* 空 */".encode("gb18030"), "1:1: {}样式表不是 UTF-8 编码"),
    ],
    ids=["unknown", "at-rule", "no-value", "encoding"],
)
def test_a_style_table_that_cannot_be_read_is_told_by_its_line(
    styles: bytes, told: str, jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    make_workspace(tmp_path, {"templates/wechat/styles.css": styles})
    ran = jianbao(tmp_path, "check", "2025-04", "--edition", "wechat", "--format", "concise")
    assert ran.code == 1
    line = told.format("error[template-error] ")
    assert f"templates/wechat/styles.css:{line}" in ran.out.splitlines()


def test_draft_json_says_what_draft_add_asks_for(tmp_path: Path) -> None:
    title = "国家数据局等十七部门关于印发《“数据要素×”三年行动计划（2024—2026年）》的通知全文公布"
    make_workspace(tmp_path, {ITEM: item_text("甲乙丙。\n", title=title, summary="一句摘要")})
    built = _build(tmp_path / "issues/2025-04", tmp_path / "output", Packing.ARTICLES)
    (entry,) = built.articles
    assert entry["full_title"] == title
    assert entry["title"] == "国家数据局等十七部门关于印发《“数据要素×”三年行动计划》…"
    assert (entry["digest"], entry["need_open_comment"]) == ("一句摘要", 0)
    assert (entry["characters"], entry["bytes"]) == (len(built.html), len(built.html.encode()))
    for image in built.draft["images"]:
        content = (built.folder / image["file"]).read_bytes()
        assert (image["sha256"], image["bytes"]) == (sha256(content).hexdigest(), len(content))


def test_a_picture_too_large_to_upload_is_made_smaller(tmp_path: Path) -> None:
    noise = Image.effect_noise((1600, 1200), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, "PNG")
    files = {ITEM: item_text("![噪声](noise.png)\n"), "issues/2025-04/noise.png": out.getvalue()}
    make_workspace(tmp_path, files)
    built = _build(tmp_path / "issues/2025-04", tmp_path / "output", Packing.ARTICLES)
    image = next(one for one in built.draft["images"] if one["file"].startswith("images/picture"))
    assert image["file"] == "images/picture-01.jpg"
    assert image["bytes"] < 1_048_576
    assert _about_wechat(built.diagnostics) == []


def test_a_drawing_that_wechat_does_not_take_is_an_error_where_it_is_written(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    files = {ITEM: item_text("![图](a.svg)\n"), "issues/2025-04/a.svg": drawing}
    make_workspace(tmp_path, files)
    ran = jianbao(tmp_path, "check", "2025-04", "--edition", "wechat", "--format", "concise")
    assert ran.code == 1
    assert f"{ITEM}:8:" in ran.out
    assert "公众号不收 SVG 图片：a.svg" in ran.out
