"""The edition for WeChat: what is in it, that WeChat keeps it, and that the PDF says the same."""

from __future__ import annotations

import hashlib
import io
import json
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zxingcpp
from PIL import Image
from workspaces import CONFIGURATION, ITEM, PUBLICATION, contents, item_text, make_workspace

from jianbao.deliver.wechat.package import read_package

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

ROOT = Path(__file__).parent.parent
OURS = ROOT / "issues" / "2025-04"
every_packing = pytest.mark.parametrize("packing", ["single", "sections", "articles"])


def build(jianbao: Jianbao, folder: Path, *arguments: str) -> Path:
    """Build the minimal workspace in ``folder``; where the edition lies."""
    ran = jianbao(folder, "build", "2025-04", "--edition", "wechat", *arguments)
    assert (ran.code, ran.err) == (0, ran.err)
    return folder / "output/2025-04/wechat"


def ours(jianbao: Jianbao, out: Path, packing: str) -> Path:
    ran = jianbao(
        ROOT, "build", "2025-04", "--edition", "wechat", "--packing", packing, "--out", str(out)
    )
    assert ran.code == 0, ran.err
    return out / "2025-04/wechat"


def draft_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "draft.json").read_text("utf-8"))
    return content


def articles_of(folder: Path) -> list[dict[str, Any]]:
    return [one for draft in draft_of(folder)["drafts"] for one in draft["articles"]]


def text_of(html: str) -> str:
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]+>", "", html)))


@every_packing
def test_wechat_would_keep_all_of_our_own_issue(
    packing: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    out = str(tmp_path)
    options = ("--edition", "wechat", "--packing", packing, "--out", out, "--quiet", "--strict")

    ran = jianbao(ROOT, "build", "2025-04", *options)

    assert (ran.code, ran.err) == (0, "")


@every_packing
def test_every_item_is_there_once_in_order(packing: str, jianbao: Jianbao, tmp_path: Path) -> None:
    folder = ours(jianbao, tmp_path, packing)
    index = json.loads((folder.parent / "build.json").read_text("utf-8"))
    files = [folder / one["file"] for one in articles_of(folder)]
    html = "".join(file.read_text("utf-8") for file in files)

    titles = re.findall(r"<h2[^>]*text-align:center[^>]*>(.*?)</h2>", html)
    items = [item["title"] for item in index["items"]]
    assert [unescape(title) for title in titles if unescape(title) in items] == items
    for item in index["items"]:
        assert f"（来源：{item['source']}" in html
        if item["url"]:
            assert html.count(item["url"].replace("&", "&amp;")) >= 1


@every_packing
def test_every_qr_code_reads_as_an_address_of_the_issue(
    packing: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    folder = ours(jianbao, tmp_path, packing)
    index = json.loads((folder.parent / "build.json").read_text("utf-8"))

    read = [
        zxingcpp.read_barcodes(Image.open(file).convert("L"))[0].text
        for file in sorted(folder.glob("images/qr-*.png"))
    ]

    urls = [item["url"] for item in index["items"] if item["url"]]
    assert [url for url in urls if url in read] == read
    assert len(read) >= len(urls) - 2


@every_packing
def test_the_push_takes_what_was_built(packing: str, jianbao: Jianbao, tmp_path: Path) -> None:
    folder = ours(jianbao, tmp_path, packing)

    package = read_package(folder, OURS)

    assert package.packing == packing
    assert all(len(draft) <= 8 for draft in package.drafts)
    assert {image.file for image in package.used_images} == {
        image["file"] for image in draft_of(folder)["images"]
    }


def test_the_text_is_that_of_the_items(jianbao: Jianbao, tmp_path: Path) -> None:
    table = "| 寅 | 卯 |\n| -- | -- |\n| 辰 | 巳 |\n\n"
    body = f"甲**乙**丙\n丁\n\n1. 子\n2. 丑\n\n{table}> 午[^1]\n\n[^1]: 未\n"
    make_workspace(tmp_path, {ITEM: item_text(body)})

    folder = build(jianbao, tmp_path, "--packing", "articles")

    (article,) = articles_of(folder)
    text = text_of((folder / article["file"]).read_text("utf-8"))
    assert text == (
        "标题甲乙丙丁1.子2.丑寅卯辰巳午注1注1未（来源：国家数据局）长按二维码阅读全文，或见文末链接[1]"
        "原文链接[1]标题：https://www.nda.gov.cn/1.html"
    )


def test_a_link_elsewhere_is_a_number_in_the_list(jianbao: Jianbao, tmp_path: Path) -> None:
    body = "见[通知](https://www.gov.cn/a)和[本号](https://mp.weixin.qq.com/s/b)。\n"
    make_workspace(tmp_path, {ITEM: item_text(body)})

    folder = build(jianbao, tmp_path, "--packing", "articles")

    (article,) = articles_of(folder)
    html = (folder / article["file"]).read_text("utf-8")
    assert '通知<sup>[1]</sup>和<a href="https://mp.weixin.qq.com/s/b">本号</a>。' in html
    assert "[1] https://www.gov.cn/a</p>" in html
    assert "[2] 标题：https://www.nda.gov.cn/1.html</p>" in html


@pytest.mark.parametrize("packing", ["single", "sections"])
def test_a_link_of_the_back_matter_is_in_the_list(
    packing: str, jianbao: Jianbao, tmp_path: Path
) -> None:
    page = '[[back_matter]]\ntitle = "简介"\nfile = "about.md"\n'
    files = {
        CONFIGURATION: f"{PUBLICATION}{page}",
        "about.md": "见[主页](https://www.gov.cn/b)。\n",
    }
    make_workspace(tmp_path, files)

    folder = build(jianbao, tmp_path, "--packing", packing)

    html = (folder / articles_of(folder)[0]["file"]).read_text("utf-8")
    (number,) = re.findall(r"主页<sup>\[([0-9]+)\]</sup>", html)
    assert f"[{number}] https://www.gov.cn/b</p>" in html


def test_braces_of_an_author_are_no_template(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path, {ITEM: item_text("写 {{名称}} 与 {% 语句 %}。\n", title="《{{甲}}》")})

    folder = build(jianbao, tmp_path, "--packing", "articles")

    (article,) = articles_of(folder)
    assert "写{{名称}}与{%语句%}。" in text_of((folder / article["file"]).read_text("utf-8"))


def test_draft_json_says_what_draft_add_asks_for(jianbao: Jianbao, tmp_path: Path) -> None:
    title = "国家数据局等十七部门关于印发《“数据要素×”三年行动计划（2024—2026年）》的通知全文公布"
    make_workspace(
        tmp_path,
        {
            ITEM: item_text("甲乙丙。\n", title=title, summary="一句摘要"),
            CONFIGURATION: f'{PUBLICATION}[wechat]\npacking = "articles"\ncomments = true\n',
        },
    )

    folder = build(jianbao, tmp_path)

    (article,) = articles_of(folder)
    html = (folder / article["file"]).read_text("utf-8")
    assert article["full_title"] == title
    assert len(article["title"]) <= 32
    assert title.startswith(article["title"].removesuffix("…"))
    assert (article["author"], article["digest"]) == ("简报", "一句摘要")
    assert article["content_source_url"] == "https://www.nda.gov.cn/1.html"
    assert (article["need_open_comment"], article["only_fans_can_comment"]) == (1, 0)
    assert (article["characters"], article["bytes"]) == (len(html), len(html.encode()))
    for image in draft_of(folder)["images"]:
        content = (folder / image["file"]).read_bytes()
        assert image["sha256"] == hashlib.sha256(content).hexdigest()
        Image.open(io.BytesIO(content)).verify()


def test_the_budget_is_told(jianbao: Jianbao, tmp_path: Path) -> None:
    make_workspace(tmp_path)

    ran = jianbao(tmp_path, "build", "2025-04", "--edition", "wechat", "--packing", "articles")

    assert "微信文章 1 篇（articles），接口每篇不到 20000 字符：\n  01-01-a  " in ran.out


def test_what_is_too_long_for_the_api_says_what_would_fit(jianbao: Jianbao, tmp_path: Path) -> None:
    long = "".join(f"第{n}段说明有关数据工作的安排。\n\n" for n in range(900))
    make_workspace(tmp_path, {ITEM: item_text(long)})

    single = jianbao(tmp_path, "build", "2025-04", "--edition", "wechat", "--packing", "single")
    checked = jianbao(tmp_path, "check", "2025-04", "--edition", "wechat", "--format", "concise")

    assert single.code == 0
    assert "字符，可以粘贴；要推送，用 --packing sections 或 articles\n" in single.out
    assert checked.code == 1
    assert "error[wechat-characters] 连标签共 " in checked.out


def test_a_drawing_is_told_to_be_left_out(jianbao: Jianbao, tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    make_workspace(tmp_path, {ITEM: item_text("![示意](a.svg)\n"), "issues/2025-04/a.svg": svg})

    ran = jianbao(tmp_path, "build", "2025-04", "--edition", "wechat")

    assert "图片 a.svg 是 SVG，微信不收，文章里只有文字说明\n" in ran.out


def test_the_page_to_copy_from_needs_nothing_beside_it(jianbao: Jianbao, tmp_path: Path) -> None:
    folder = ours(jianbao, tmp_path, "sections")
    page = (folder / "copy.html").read_text("utf-8")

    assert page.count('onclick="copyArticle(this)"') == len(articles_of(folder))
    assert not re.search(r'src="(?!data:image/)', page)
    assert not re.search(r'(?:href|src)="https?://', page)


def test_it_is_the_same_bytes_each_time(jianbao: Jianbao, tmp_path: Path) -> None:
    first, second = (ours(jianbao, tmp_path / name, "sections") for name in ("a", "b"))

    assert contents(first) == contents(second)
