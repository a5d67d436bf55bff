"""``jianbao sources``: what is registered, what a list gives, and new files for the registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from web_server import Page, serve
from workspaces import CONFIGURATION, PUBLICATION, make_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

#: Synthetic: a list as TRS sends it, saved by a browser, between a menu and other lists.
PAGE = """\
<!-- saved from url=(0038)https://www.jia.gov.cn/xwdt/index.html -->
<html><body>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/a/">公开</a></li>
<li><a href="/b/">新闻</a></li><li><a href="/c/">互动</a></li></ul>
<ul class="u-list">
<li class="li_1">
<a href="./202501/t20250120_1.html">关于印发数据要素文件的通知</a><i>2025-01-20</i></li>
<li class="li_2">
<a href="./202501/t20250119_1.html">关于推进公共数据的意见</a><i>2025-01-19</i></li>
<li class="li_3">
<a href="./202501/t20250118_1.html">甲局召开数据工作座谈会</a><i>2025-01-18</i></li>
<li class="li_4">
<a href="./202501/t20250117_1.html">甲局公开征求意见的公告</a><i>2025-01-17</i></li>
</ul>
</body></html>
"""
JIA = """\
name = "甲局"
level = "national"
hosts = ["www.jia.gov.cn"]
section = "国策要论"
kind = "listing"
lists = ["https://www.jia.gov.cn/xwdt/index.html"]

[listing]
item = "ul.u-list > li"
"""
#: One that may fetch from this machine.
REACHABLE = f'{PUBLICATION}[gather]\nprivate_hosts = ["127.0.0.1"]\n'
FEED = """\
<!-- saved from url=(0030)https://b.example.cn/feed.xml -->
<rss version="2.0"><channel><title>乙网</title>
<item><title>数据</title><link>/1.html</link></item></channel></rss>
"""


def test_without_sources_it_says_what_to_type(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    ran = jianbao(make_workspace(tmp_path), "sources")

    assert ran.out == "还没有登记来源；用 jianbao sources add 网址 加一个\n"


def test_those_that_are_registered_are_listed(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    make_workspace(tmp_path, {"sources/jia.toml": JIA})

    ran = jianbao(tmp_path, "sources")

    assert ran.out == (
        "文件  名称  层级    采集方式  域名\njia   甲局  国家级  列表页    www.jia.gov.cn\n"
    )


def test_a_file_with_a_misspelt_key_is_reported(
    tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    make_workspace(tmp_path, {"sources/jia.toml": JIA.replace("lists", "list")})

    ran = jianbao(tmp_path, "sources", "list")

    assert ran.code == 1
    assert "没有 list 这个键" in ran.err
    assert "lists" in ran.err


def test_a_saved_page_becomes_a_source(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    make_workspace(tmp_path, {"list.html": PAGE})

    ran = jianbao(tmp_path, "sources", "add", "list.html", "--name", "甲局", "--yes")

    assert (ran.code, ran.err) == (0, "")
    assert (tmp_path / "sources/jia.toml").read_text("utf-8") == JIA
    assert "取到：item 4，title 4，link 4，date 4\n" in ran.out
    assert "  1  2025-01-20  关于印发数据要素文件的通知\n" in ran.out


def test_a_source_that_is_there_is_left_alone(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    make_workspace(tmp_path, {"list.html": PAGE, "sources/jia.toml": "# 我的\n" + JIA})

    ran = jianbao(tmp_path, "sources", "add", "list.html", "--yes")

    assert ran.code == 2
    assert ran.err == (
        "错误：sources/jia.toml 已经有了\n怎么办：改那个文件，或用 --as 换一个文件名\n"
    )
    assert (tmp_path / "sources/jia.toml").read_text("utf-8") == "# 我的\n" + JIA


def test_the_feed_that_a_page_names_comes_first(
    tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    make_workspace(tmp_path, {"list.html": PAGE.replace("<body>", link)})

    ran = jianbao(tmp_path, "sources", "add", "list.html", "--yes")

    text = (tmp_path / "sources/jia.toml").read_text("utf-8")
    assert 'kind = "feed"\nlists = ["https://www.jia.gov.cn/rss.xml"]\n' in text
    assert "网页标明了订阅源 https://www.jia.gov.cn/rss.xml\n" in ran.out


def test_a_saved_feed_is_one(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    make_workspace(tmp_path, {"feed.xml": FEED})

    jianbao(tmp_path, "sources", "add", "feed.xml", "--yes")

    text = (tmp_path / "sources/example-b.toml").read_text("utf-8")
    assert 'kind = "feed"\nlists = ["https://b.example.cn/feed.xml"]\n' in text


@pytest.mark.parametrize(
    ("page", "arguments", "said"),
    [
        ("<p>没有列表</p>", ("--url", "https://a.cn/"), "没有找到订阅源，也没有看出列表"),
        (PAGE.partition("\n")[2], (), "不知道 list.html 是从哪个网址存下来的"),
        (PAGE, ("--section", "要闻"), "没有“要闻”这个栏目"),
    ],
)
def test_what_cannot_be_a_source_is_said(
    page: str,
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    jianbao: Callable[..., Ran],
) -> None:
    make_workspace(tmp_path, {"list.html": page})

    ran = jianbao(tmp_path, "sources", "add", "list.html", "--yes", *arguments)

    assert ran.code == 2
    assert ran.err.startswith(f"错误：{said}")
    assert not (tmp_path / "sources").exists()


def test_a_page_is_tried_on_a_source(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    redesigned = PAGE.replace("2025-01-19", "").replace("t20250119_1", "2").replace("公告", "")
    make_workspace(tmp_path, {"list.html": redesigned, "sources/jia.toml": JIA})

    ran = jianbao(tmp_path, "sources", "test", "jia", "--page", "list.html")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[:5] == [
        "取到：item 4，title 4，link 4，date 3",
        "  1  2025-01-20  关于印发数据要素文件的通知",
        "     https://www.jia.gov.cn/xwdt/202501/t20250120_1.html",
        "  2  没有日期  关于推进公共数据的意见",
        "     https://www.jia.gov.cn/xwdt/202501/2.html",
    ]


def test_a_list_that_gives_nothing_is_a_failure(
    tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    make_workspace(tmp_path, {"list.html": "<p>改版了</p>", "sources/jia.toml": JIA})

    ran = jianbao(tmp_path, "sources", "test", "甲局", "--page", "list.html")

    assert ran.code == 1
    assert "问题：item = ul.u-list > li 一条也没有取到\n" in ran.out


def test_a_source_that_there_is_not(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    ran = jianbao(make_workspace(tmp_path), "sources", "test", "yi")

    assert (ran.code, ran.err) == (
        2,
        "错误：没有 yi 这个来源\n怎么办：用 jianbao sources 看有哪些\n",
    )


def test_opml_goes_both_ways(tmp_path: Path, jianbao: Callable[..., Ran]) -> None:
    api = JIA.replace("甲局", "丙局").replace("jia", "bing").partition("[listing]")[0]
    api += '[listing]\nformat = "json"\nitem = "data"\ntitle = "t"\nlink = "/a/{id}"\n'
    feed = JIA.partition("\n[listing]")[0].replace("甲局", "乙网").replace("listing", "feed")
    feed = feed.replace("jia", "yi").replace("国策要论", "地方新政")
    two = feed.replace("index.html", "1.xml").replace('1.xml"', '1.xml", "https://www.yi.gov.cn/2"')
    files = {"sources/jia.toml": JIA, "sources/bing.toml": api, "sources/yi.toml": two}
    exported = jianbao(make_workspace(tmp_path / "a", files), "sources", "export", "--opml").out
    other = make_workspace(tmp_path / "b", {"feeds.opml": exported})

    ran = jianbao(other, "sources", "import", "feeds.opml", "--yes")
    again = jianbao(other, "sources", "import", "feeds.opml", "--yes")

    assert (ran.code, ran.err) == (0, "")
    assert {file: (other / file).read_text("utf-8") for file in files} == files
    assert again.out == "0 个新来源，3 个已经登记\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<opml><body>", "第 1 行不合 XML 的规范"),
        ("<rss/>", "最外面不是 <opml>"),
        ("", "第 1 行不合 XML 的规范"),
        (" " * (5 * 1024 * 1024 + 1), "超过 5 MB"),
        ("<opml>" + "<outline/>" * 10_001 + "</opml>", "多于 10000 条"),
        ('<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml/>', "声明了实体"),
        ("<opml>" + "<outline>" * 100_000, "第 1 行不合 XML 的规范"),
    ],
    ids=["cut", "rss", "empty", "huge", "many", "entities", "deep"],
)
def test_what_is_no_opml_is_refused(
    text: str, said: str, tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    make_workspace(tmp_path, {"feeds.opml": text})

    ran = jianbao(tmp_path, "sources", "import", "feeds.opml", "--yes")

    assert (ran.code, ran.err) == (
        2,
        f"错误：feeds.opml 不是 OPML：{said}\n怎么办：从阅读器里重新导出\n",
    )


def test_of_opml_only_addresses_of_the_web_are_taken(
    tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    outlines = (
        '<outline text="甲网" xmlUrl="https://a.example.cn/rss"/>'
        '<outline text="脚本" xmlUrl="javascript:alert(1)"/>'
        '<outline text="文件" xmlUrl="file:///etc/passwd"/>'
        '<outline text="../../x" xmlUrl="https://../../etc/x"/>'
    )
    make_workspace(tmp_path, {"feeds.opml": f"<opml><body>{outlines}</body></opml>"})

    ran = jianbao(tmp_path, "sources", "import", "feeds.opml", "--yes")

    assert ran.code == 0
    assert [file.name for file in (tmp_path / "sources").iterdir()] == ["example-a.toml"]


@pytest.mark.usefixtures("loopback")
def test_the_list_says_how_each_source_did_the_last_time(
    tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    manual = JIA.partition("lists")[0].replace("甲局", "乙局").replace("listing", "manual")
    with serve({"/jia": Page("<script>go()</script>", 412)}) as site:
        jia = JIA.replace("https://www.jia.gov.cn/xwdt/index.html", site.at("/jia"))
        files = {"sources/jia.toml": jia, "sources/yi.toml": manual}
        make_workspace(tmp_path, {CONFIGURATION: REACHABLE, **files})
        before = jianbao(tmp_path, "sources").out
        has_store = (tmp_path / ".jianbao").exists()
        jianbao(tmp_path, "fetch")
        after = jianbao(tmp_path, "sources").out

    assert (before.splitlines()[0], has_store) == ("文件  名称  层级    采集方式  域名", False)
    assert re.sub("[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}", "MM-DD hh:mm", after) == (
        "文件  名称  层级    采集方式  上次采集     下次         域名\n"
        "jia   甲局  国家级  列表页    MM-DD hh:mm  MM-DD hh:mm  www.jia.gov.cn\n"
        f"    要用浏览器才能看（HTTP 412 Precondition Failed）（{site.at('/jia')}）\n"
        "yi    乙局  国家级  人工查阅                            www.jia.gov.cn\n"
    )


def test_a_store_that_cannot_be_read_keeps_nobody_from_the_registry(
    tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    make_workspace(tmp_path, {"sources/jia.toml": JIA, ".jianbao/store.db": "不是数据库" * 99})

    ran = jianbao(tmp_path, "sources")

    assert (ran.code, ran.out.splitlines()[1][:4]) == (0, "jia ")
    assert ran.err.startswith("不知道各个来源上次怎样：")


@pytest.mark.usefixtures("loopback")
def test_the_feed_that_a_page_names_is_asked_before_it_is_written(
    tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    pages = {
        "/a/": Page(PAGE.replace("<body>", link.format("/a.xml"))),
        "/a.xml": Page(FEED, headers={"Content-Type": "application/xml"}),
        "/b/": Page(PAGE.replace("<body>", link.format("/gone.xml"))),
    }
    with serve(pages) as site:
        make_workspace(tmp_path, {CONFIGURATION: REACHABLE})
        there = jianbao(tmp_path, "sources", "add", site.at("/a/"), "--as", "a", "--yes")
        gone = jianbao(tmp_path, "sources", "add", site.at("/b/"), "--as", "b", "--yes")

    assert there.out.startswith(
        f"网页标明了订阅源 {site.at('/a.xml')}\n取到：item 1，title 1，link 1"
    )
    assert 'kind = "feed"\n' in (tmp_path / "sources/a.toml").read_text("utf-8")
    assert gone.out.startswith(
        f"网页标明了订阅源 {site.at('/gone.xml')}\n"
        f"  没有取到：{site.at('/gone.xml')}：HTTP 404 Not Found\n取到：item 4，title 4"
    )
    assert 'kind = "listing"\n' in (tmp_path / "sources/b.toml").read_text("utf-8")


@pytest.mark.usefixtures("loopback")
def test_adding_and_trying_a_source_obey_robots(
    tmp_path: Path, jianbao: Callable[..., Ran]
) -> None:
    with serve({"/robots.txt": Page("User-agent: *\nDisallow: /"), "/x": Page(PAGE)}) as site:
        jia = JIA.replace("https://www.jia.gov.cn/xwdt/index.html", site.at("/x"))
        make_workspace(tmp_path, {CONFIGURATION: REACHABLE, "sources/jia.toml": jia})
        added = jianbao(tmp_path, "sources", "add", site.at("/x"), "--yes")
        tried = jianbao(tmp_path, "sources", "test", "jia")
        reason = '[manners]\nrobots = "ignore"\nrobots_reason = "已征得同意"\n'
        (tmp_path / "sources/jia.toml").write_text(jia + reason, "utf-8")
        allowed = jianbao(tmp_path, "sources", "test", "jia")

    refused = f"错误：{site.at('/x')}：网站的 robots.txt 不许程序读这一页\n怎么办：在浏览器里打开，"
    assert (added.code, tried.code, allowed.code) == (2, 2, 0)
    assert added.err == (
        f"{refused}另存网页，再运行 jianbao sources add 文件 --url {site.at('/x')}\n"
    )
    assert tried.err == f"{refused}另存网页，再运行 jianbao sources test jia --page 文件\n"
