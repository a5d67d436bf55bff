"""Keeping the pages of originals, and holding items against them."""

from __future__ import annotations

import gzip
import io
import socket
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator
from web_server import Page, serve
from workspaces import ITEM, SECOND_ITEM, contents, diagnose, item_text, make_workspace

from jianbao.gather.http import Manners
from jianbao.gather.snapshot import Kept, NotKept, Original, keep_online, write_evidence
from jianbao.gather.visits import Visits
from jianbao.records import Witness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

    Jianbao = Callable[..., Ran]

#: Synthetic, like every page of the tests.
PAGE = (
    '<meta name="ArticleTitle" content="数据指引"><meta name="PubDate" content="2025-02-07 09:30">'
    '<meta name="ContentSource" content="国家数据局"><div class="TRS_Editor"><p>'
    "国家数据局印发《数据指引》，到2028年建成100个标杆，涉及数据流通、数据交易和数据安全等方面的工作，"
    "各地要结合实际，抓好落实。</p></div>"
)
WITNESS = Witness("编辑甲", datetime(2025, 2, 10, 9, tzinfo=timezone(timedelta(hours=8))))
QUICK = Visits(
    bounds=Manners(
        connect=0.3, read=0.3, whole=1, gap=0, body=50_000, is_allowed=lambda a: a == "127.0.0.1"
    )
)


def keep(page: Page, path: str = "/a/1.html") -> tuple[Kept | NotKept, str]:
    """What keeping ``page`` comes to, and its address."""
    with serve({path: page}) as site:
        (kept,) = keep_online((Original(site.at(path)),), WITNESS, lambda _url: None, QUICK)
        return kept, site.at(path)


@pytest.mark.usefixtures("loopback")
def test_a_page_is_kept_with_what_it_says() -> None:
    kept, url = keep(Page(PAGE))

    assert isinstance(kept, Kept)
    said = kept.snapshot
    assert (said.url, said.final, said.how) == (url, url, "online")
    assert (said.kept, said.by) == ("2025-02-10T09:00:00+08:00", "编辑甲")
    assert (said.title, said.published, said.source) == ("数据指引", "2025-02-07", "国家数据局")
    assert said.text.startswith("国家数据局印发《数据指引》")


@pytest.mark.usefixtures("loopback")
def test_the_archive_has_the_request_and_the_page_as_it_came() -> None:
    kept, url = keep(Page(PAGE.encode("gb18030"), headers={"Content-Type": "text/html"}))

    assert isinstance(kept, Kept)
    records = [
        (record.rec_type, record.rec_headers["WARC-Target-URI"], record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(kept.archive))
    ]
    assert records == [("response", url, PAGE.encode("gb18030")), ("request", url, b"")]


@pytest.mark.usefixtures("loopback")
def test_a_page_that_comes_packed_is_kept_unpacked() -> None:
    kept, _ = keep(Page(gzip.compress(PAGE.encode()), headers={"Content-Encoding": "gzip"}))

    assert isinstance(kept, Kept)
    (response, _request) = [
        r.content_stream().read() for r in ArchiveIterator(io.BytesIO(kept.archive))
    ]
    assert response == PAGE.encode()


@pytest.mark.usefixtures("loopback")
def test_a_packed_page_that_unpacks_without_end_is_not_kept() -> None:
    bomb = gzip.compress(b"a" * 50_000_000)
    kept, url = keep(Page(bomb, headers={"Content-Encoding": "gzip"}))

    assert kept == NotKept(url, "文件太大，超过 0 MB")


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("page", "why"),
    [
        (Page("没有", 404), "网页不存在（HTTP 404 Not Found）"),
        (Page("<script>go()</script>", 412), "网站不答复程序（HTTP 412 Precondition Failed）"),
        (Page("<script>go()</script>"), "网站不答复程序（网页要先运行脚本）"),
        (Page("<title>404</title>"), "不是原文（网页上说没有这个页面）"),
        (Page(PAGE, endless=True), "文件太大，超过 0 MB"),
    ],
)
def test_what_is_not_the_page_is_not_kept(page: Page, why: str) -> None:
    kept, url = keep(page)

    assert isinstance(kept, NotKept)
    assert (kept.url, kept.why) == (url, why)


@pytest.mark.usefixtures("loopback")
def test_an_item_is_held_against_what_was_kept(tmp_path: Path) -> None:
    kept, url = keep(Page(PAGE))
    write_evidence(kept, tmp_path / "evidence/2025-04", "01-a")

    found = diagnose(
        tmp_path, {ITEM: item_text("到2028年建成120个标杆。\n", url=url, title="《数据指引》印发")}
    )

    assert [d.code.slug for d in found] == ["url-private", "number-unsupported"]


def saved(folder: Path) -> Path:
    """The minimal workspace with a second item, and a page that somebody saved."""
    make_workspace(
        folder, {SECOND_ITEM: item_text(title="乙", url="https://www.nda.gov.cn/2.html")}
    )
    (folder / "page.html").write_text(PAGE, "utf-8")
    return folder


def test_a_saved_page_is_kept_for_one_item(jianbao: Jianbao, tmp_path: Path) -> None:
    saved(tmp_path)

    ran = jianbao(
        tmp_path, "snapshot", "2025-04", "01-a.md", "--page", "page.html", "--by", "编辑甲"
    )

    shown = "01-a：已存，数据指引，2025-02-07，国家数据局，正文 65 字\n"
    assert (ran.code, ran.out, ran.err) == (0, shown, "")
    names = {name for name in contents(tmp_path) if name.startswith("evidence")}
    assert names == {f"evidence/2025-04/01-a.{ending}" for ending in ("warc.gz", "txt", "toml")}
    record = (tmp_path / "evidence/2025-04/01-a.toml").read_text("utf-8")
    assert 'by = "编辑甲"\nhow = "saved"\n' in record
    assert jianbao(tmp_path, "check", "2025-04").code == 0


def test_a_file_that_was_changed_later_is_an_error(jianbao: Jianbao, tmp_path: Path) -> None:
    saved(tmp_path)
    jianbao(tmp_path, "snapshot", "2025-04", "01-a", "--page", "page.html")
    text = tmp_path / "evidence/2025-04/01-a.txt"
    text.write_text(text.read_text("utf-8").replace("100", "120"), "utf-8")

    ran = jianbao(tmp_path, "check", "2025-04", "--format", "concise")

    assert ran.code == 1
    assert "evidence/2025-04/01-a.toml:8:15: error[evidence-changed]" in ran.out


def test_line_ends_of_another_system_change_nothing(jianbao: Jianbao, tmp_path: Path) -> None:
    saved(tmp_path)
    (tmp_path / "page.html").write_text(f"{PAGE}<p>又一段。</p>", "utf-8")
    jianbao(tmp_path, "snapshot", "2025-04", "01-a", "--page", "page.html")
    text = tmp_path / "evidence/2025-04/01-a.txt"
    text.write_bytes(text.read_bytes().replace(b"\n", b"\r\n"))

    assert jianbao(tmp_path, "check", "2025-04").code == 0


def test_a_saved_page_wants_its_item_named(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(saved(tmp_path), "snapshot", "2025-04", "--page", "page.html")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "错误：--page 要写明是哪一条稿件\n"
        "怎么办：例如 jianbao snapshot 2025-04 01-a --page 网页.html\n"
    )


def test_an_item_that_there_is_not_cannot_be_kept(jianbao: Jianbao, tmp_path: Path) -> None:
    ran = jianbao(saved(tmp_path), "snapshot", "2025-04", "03-c")

    assert ran.code == 2
    assert ran.err == (
        "错误：没有 03-c 这条稿件，或者它没有可以访问的网址\n怎么办：可以存证的：01-a、02-b\n"
    )


def test_pages_that_cannot_be_fetched_are_told(
    jianbao: Jianbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: found)
    saved(tmp_path)
    jianbao(tmp_path, "snapshot", "2025-04", "02-b", "--page", "page.html")

    ran = jianbao(tmp_path, "snapshot", "2025-04")

    assert (ran.code, ran.err) == (1, "2025-04 存证 https://www.nda.gov.cn/1.html…\n")
    assert ran.out == (
        "01-a：没有存，域名指向内网地址；在浏览器里另存网页，再运行 "
        "jianbao snapshot 2025-04 01-a --page 文件\n"
    )


def test_what_was_kept_is_not_kept_again(jianbao: Jianbao, tmp_path: Path) -> None:
    saved(tmp_path)
    for item in ("01-a", "02-b"):
        jianbao(tmp_path, "snapshot", "2025-04", item, "--page", "page.html")

    ran = jianbao(tmp_path, "snapshot", "2025-04")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "没有要存证的稿件：都存过了（要重新存的加 --refresh），或者没有网址\n"
