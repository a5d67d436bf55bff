"""``jianbao fetch``, against the made-up sites of `fakes.site`."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fakes.site import CONFIGURATION_TEXT, OFFICES, all_pages, news_of, registry_files
from sqlalchemy import select
from web_server import Page, serve
from workspaces import Ran, make_workspace

from jianbao.locks import only_one
from jianbao.store.engine import open_store
from jianbao.store.gathering import candidates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("loopback")

HECHU = OFFICES[:1]
LIST = HECHU[0].list_path


def desk(folder: Path, address: str, files: dict[str, str] | None = None) -> Path:
    """A workspace whose sources are at ``address``: those of all offices, or ``files``."""
    sources = registry_files(address) if files is None else files
    return make_workspace(folder, {"jianbao.toml": CONFIGURATION_TEXT, **sources})


def kept(folder: Path) -> list[tuple[str, str, str]]:
    """Title, day and address of what is in the store, without the host."""
    engine = open_store(f"sqlite:///{folder}/.jianbao/store.db")
    columns = candidates.c.title, candidates.c.published, candidates.c.url
    with engine.connect() as connection:
        rows = connection.execute(select(*columns)).all()
    engine.dispose()
    return sorted((row.title, row.published[:10], "/" + row.url.split("/", 3)[3]) for row in rows)


def test_a_list_of_each_kind_is_read(jianbao: Callable[..., Ran], tmp_path: Path) -> None:
    with serve(all_pages()) as site:
        folder = desk(tmp_path, site.address)
        ran = jianbao(folder, "fetch")

    assert (ran.code, ran.out.splitlines()[0]) == (0, "问过 8 个列表，新候选稿 9 条：")
    assert "[8/8] 合成研究院：新 1 条\n" in ran.err
    assert kept(folder) == sorted((n.title, n.published.isoformat(), n.path) for n in news_of())


def test_what_was_asked_lately_is_not_asked_again(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    with serve(all_pages(HECHU)) as site:
        folder = desk(tmp_path, site.address, registry_files(site.address, HECHU))
        jianbao(folder, "fetch")
        visits = len(site.visits)
        later = jianbao(folder, "fetch")
        wanted = jianbao(folder, "fetch", "hechu", "--quiet")

        assert later.out.startswith("1 个列表都还没到时候，最早的在 ")
        assert (later.code, wanted.out) == (0, "问过 1 个列表，新候选稿 0 条。\n")
        assert site.visits[visits:] == [("GET", LIST)]


def test_a_list_that_did_not_change_is_not_sent_again(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    page = HECHU[0].pages[LIST]
    pages = {LIST: replace(page, etag='"1"')}
    with serve(pages) as site:
        folder = desk(tmp_path, site.address, registry_files(site.address, HECHU))
        jianbao(folder, "fetch")
        again = jianbao(folder, "fetch", "--all")
        source = folder / "sources/hechu.toml"
        source.write_text(
            source.read_text("utf-8").replace("[listing]", 'exclude = ["公布"]\n[listing]'), "utf-8"
        )
        changed = jianbao(folder, "fetch", "--all")

    assert again.err == "[1/1] 合成发展改革委：没有变\n"
    assert changed.err == "[1/1] 合成发展改革委：没有新的\n"


@pytest.mark.parametrize(
    ("page", "code", "told"),
    [
        (Page("", 404), 4, "没有取到 1 个：\n  {}：HTTP 404 Not Found，列表的网址可能改了（{}）\n"),
        (
            Page("", 429, {"Retry-After": "9"}),
            4,
            "没有取到 1 个：\n  {}：HTTP 429 Too Many Requests（{}）\n",
        ),
        (
            Page("<script>go()</script>", 412),
            0,
            (
                "要用浏览器才能看 1 个：\n  {}：HTTP 412 Precondition Failed（{}）\n"
                "  在浏览器里打开，把要用的那一页另存，再运行 jianbao import 文件 --issue 期\n"
            ),
        ),
        (
            Page("<script>document.cookie='a=1';location.reload()</script>"),
            0,
            (
                "要用浏览器才能看 1 个：\n  {}：网页要先运行脚本（{}）\n"
                "  在浏览器里打开，把要用的那一页另存，再运行 jianbao import 文件 --issue 期\n"
            ),
        ),
        (
            Page("<p>网站升级，请稍候</p>"),
            0,
            (
                "请看一看 1 个：\n  {}：网站答复正常，列表里却一条也没有读到："
                "item = ul.u-list > li 一条也没有取到（{}）\n"
            ),
        ),
    ],
)
def test_what_a_person_has_to_look_at_is_said(
    page: Page, code: int, told: str, jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    with serve({LIST: page}) as site:
        folder = desk(tmp_path, site.address, registry_files(site.address, HECHU))
        ran = jianbao(folder, "fetch", "--quiet")

        expected = told.format(HECHU[0].name, site.at(LIST))
        assert ran == Ran(code, f"问过 1 个列表，新候选稿 0 条。\n{expected}", "")


def test_one_list_that_fails_does_not_fail_the_round(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    with serve(all_pages(OFFICES[:1])) as site:
        ran = jianbao(desk(tmp_path, site.address), "fetch", "--quiet")

    assert (ran.code, ran.out.splitlines()[2]) == (0, "没有取到 7 个：")


def test_robots_are_obeyed_unless_there_is_a_reason(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    pages = {**all_pages(HECHU), "/robots.txt": Page("User-agent: *\nDisallow: /hechu/")}
    with serve(pages) as site:
        folder = desk(tmp_path, site.address, registry_files(site.address, HECHU))
        obeyed = jianbao(folder, "fetch")
        source = folder / "sources/hechu.toml"
        reason = 'robots = "ignore"\nrobots_reason = "已征得同意"\n'
        source.write_text(source.read_text("utf-8") + reason, "utf-8")
        allowed = jianbao(folder, "fetch", "--all")

    assert (obeyed.code, obeyed.err) == (
        0,
        "[1/1] 合成发展改革委：网站的 robots.txt 不许程序读这一页\n",
    )
    assert (allowed.code, allowed.err) == (0, "[1/1] 合成发展改革委：新 2 条\n")


def test_one_that_fetches_keeps_another_out(jianbao: Callable[..., Ran], tmp_path: Path) -> None:
    folder = desk(tmp_path, "http://127.0.0.1:9", {})
    with only_one(folder / ".jianbao/fetch.lock", "采集"):
        ran = jianbao(folder, "fetch")

    assert ran == Ran(2, "", "错误：另一个采集正在进行\n怎么办：等它结束再运行\n")


def test_a_machine_without_network_holds_it_against_no_source(
    jianbao: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    files = {
        **registry_files("http://www.a.cn", OFFICES[:1]),
        **registry_files("http://www.b.cn", OFFICES[1:2]),
    }
    folder = desk(tmp_path, "", files)
    ran = jianbao(folder, "fetch")
    again = jianbao(folder, "fetch")

    told = "错误：所有域名都解析不到，这台机器像是没有联网\n怎么办：联网后再运行\n"
    assert (ran, again) == (Ran(3, "", told), Ran(3, "", told))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nobody"], "错误：没有 nobody 这个来源\n怎么办：用 jianbao sources 看有哪些\n"),
        (
            ["byhand"],
            (
                "错误：手工来源由人工查阅，不能采集\n"
                "怎么办：在浏览器里另存网页，再用 jianbao import 文件 --issue 期\n"
            ),
        ),
        (["--every", "30"], "“30”不是一分钟以上的时间；写成 30m 或 2h"),
    ],
)
def test_wrong_usage_is_explained(
    arguments: list[str], told: str, jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    manual = 'name = "手工来源"\nlevel = "national"\nsection = "国策要论"\nkind = "manual"\n'
    ran = jianbao(desk(tmp_path, "", {"sources/byhand.toml": manual}), "fetch", *arguments)

    assert ran.code == 2
    assert told in ran.err
