"""Visiting addresses, against a server of our own."""

from __future__ import annotations

import json
import socket
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from web_server import Page, serve
from workspaces import ITEM, TODAY, item_text, make_workspace

from jianbao.errors import MachineProblem
from jianbao.gather.web.http import Manners
from jianbao.gather.web.links import due, visit
from jianbao.gather.web.public_addresses import is_public
from jianbao.records import Answer, LinkState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workspaces import Ran

ARTICLE = "<title>关于数据的通知</title><p>" + "数据要素市场化配置改革正在推进。" * 40 + "</p>"
QUICK = Manners(
    connect=0.3,
    read=0.3,
    whole=2,
    gap=0,
    body=100_000,
    is_allowed=lambda address: address == "127.0.0.1",
)


def states(pages: dict[str, Page], *paths: str, manners: Manners = QUICK) -> list[LinkState]:
    """What visiting ``paths`` of a server with ``pages`` comes to."""
    with serve(pages) as site:
        found = visit([site.at(path) for path in paths], TODAY, lambda _url: None, manners)
    return list(found)


def state(page: Page, path: str = "/a/1.html", **others: Page) -> LinkState:
    """What visiting a single ``page`` comes to."""
    (found,) = states({path: page, **{f"/{name}": other for name, other in others.items()}}, path)
    return found


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("page", "answer", "detail"),
    [
        (Page(ARTICLE), Answer.ALIVE, ""),
        (Page(ARTICLE, head=405), Answer.ALIVE, ""),
        (Page(ARTICLE, head=404), Answer.ALIVE, ""),
        (Page(ARTICLE, head=403), Answer.ALIVE, ""),
        (Page(ARTICLE.encode("gb18030"), headers={"Content-Type": "text/html"}), Answer.ALIVE, ""),
        (Page(b"%PDF", headers={"Content-Type": "application/pdf"}), Answer.ALIVE, ""),
        (Page("没有", 404), Answer.GONE, "HTTP 404 Not Found"),
        (Page("没有", 410), Answer.GONE, "HTTP 410 Gone"),
        (Page("<script>go()</script>", 412), Answer.UNVERIFIED, "HTTP 412 Precondition Failed"),
        (Page("", 521), Answer.UNVERIFIED, "HTTP 521"),
        (Page("", 403), Answer.UNVERIFIED, "HTTP 403 Forbidden"),
        (Page("", 429), Answer.UNVERIFIED, "HTTP 429 Too Many Requests"),
        (Page("", 500), Answer.UNVERIFIED, "HTTP 500 Internal Server Error"),
        (Page("<html><script>document.cookie='a'</script>"), Answer.UNVERIFIED, "网页要先运行脚本"),
        (Page("<title>404</title>抱歉"), Answer.MISSING, "网页上说没有这个页面"),
        (Page("<p>抱歉，您访问的页面不存在。</p>"), Answer.MISSING, "网页上说没有这个页面"),
        (
            Page("<p>页面不存在</p>".encode("gb18030"), headers={"Content-Type": "text/html"}),
            Answer.MISSING,
            "网页上说没有这个页面",
        ),
        (Page(ARTICLE + "<p>页面不存在</p>"), Answer.ALIVE, ""),
        (Page(ARTICLE, delay=1), Answer.UNVERIFIED, "超时，没有答复"),
        (Page(drop=True), Answer.UNVERIFIED, "答复中断或不合规范"),
        (Page(ARTICLE, endless=True), Answer.ALIVE, ""),
    ],
)
def test_an_answer_means(page: Page, answer: Answer, detail: str) -> None:
    found = state(page)

    assert (found.answer, found.detail) == (answer, detail)


@pytest.mark.usefixtures("loopback")
def test_redirects_are_followed_and_told() -> None:
    with serve(
        {"/old": Page(status=302, headers={"Location": "/new"}), "/new": Page(ARTICLE)}
    ) as site:
        (found,) = visit([site.at("/old")], TODAY, lambda _url: None, QUICK)

        assert (found.answer, found.final) == (Answer.ALIVE, site.at("/new"))


@pytest.mark.usefixtures("loopback")
def test_a_redirect_to_the_home_page_is_no_page() -> None:
    home = Page(status=301, headers={"Location": "/index.html"})
    found = state(home, **{"index.html": Page(ARTICLE)})

    assert found.answer is Answer.HOME


@pytest.mark.usefixtures("loopback")
def test_redirects_without_end_end() -> None:
    found = state(Page(status=302, headers={"Location": "/a/1.html"}))

    assert (found.answer, found.detail) == (Answer.UNVERIFIED, "转来转去，没有尽头")


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    "inside", ["http://127.0.0.2/", "http://[::1]/", "http://169.254.169.254/"]
)
def test_a_redirect_that_leads_inside_is_not_followed(inside: str) -> None:
    found = state(Page(status=302, headers={"Location": inside}))

    assert (found.answer, found.detail) == (Answer.GONE, "域名指向内网地址")


@pytest.mark.usefixtures("loopback")
def test_a_redirect_to_a_file_is_not_followed() -> None:
    found = state(Page(status=302, headers={"Location": "file:///etc/passwd"}))

    assert found.answer is Answer.UNVERIFIED


def test_this_machine_is_not_visited_unless_told() -> None:
    (found,) = states({"/": Page(ARTICLE)}, "/", manners=Manners(gap=0))

    assert (found.answer, found.detail) == (Answer.GONE, "域名指向内网地址")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True),
        ("2606:4700:4700::1111", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("::127.0.0.1", False),
        ("64:ff9b::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  (asked about, not bound to)
    ],
)
def test_an_address_is_public(address: str, *, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.usefixtures("loopback")
def test_each_address_is_visited_once_and_politely() -> None:
    with serve({"/a": Page(ARTICLE), "/b": Page(ARTICLE)}) as site:
        urls = [site.at("/a"), site.at("/b"), site.at("/a")]
        started = time.monotonic()
        visit(urls, TODAY, lambda _url: None, Manners(gap=0.1, is_allowed=QUICK.is_allowed))
        took = time.monotonic() - started
        asked = [path for method, path in site.visits if method == "GET"]

    assert asked == ["/a", "/b"]
    assert took >= 0.1 * (len(site.visits) - 1)


def test_a_name_that_nobody_knows_is_a_dead_link(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown_names(monkeypatch)
    (found,) = visit(["https://www.nobody.cn/"], TODAY, lambda _url: None, QUICK)

    assert (found.answer, found.detail) == (Answer.GONE, "没有这个网站，域名解析不到")


def test_where_no_name_is_known_the_machine_has_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown_names(monkeypatch)

    with pytest.raises(MachineProblem, match="没有联网"):
        visit(["https://www.nobody.cn/", "https://www.gov.cn/"], TODAY, lambda _url: None, QUICK)


def unknown_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:  # noqa: ANN401  (socket's own)
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_what_answered_lately_is_not_due() -> None:
    def known(answer: Answer, days: int) -> dict[str, LinkState]:
        asked = TODAY - timedelta(days=days)
        return {"u": LinkState(url="u", asked=asked, answer=answer)}

    assert due(["u", "u"], {}, TODAY, refresh=False) == ("u",)
    assert due(["u"], known(Answer.ALIVE, 6), TODAY, refresh=False) == ()
    assert due(["u"], known(Answer.ALIVE, 7), TODAY, refresh=False) == ("u",)
    assert due(["u"], known(Answer.GONE, 1), TODAY, refresh=False) == ("u",)
    assert due(["u"], known(Answer.ALIVE, 1), TODAY, refresh=True) == ("u",)


def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name lead to this machine."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: found)


def test_check_online_visits_remembers_and_tells(
    jianbao: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside(monkeypatch)
    make_workspace(tmp_path)
    told = (
        "issues/2025-04/01-a.md:5:6: warning[link-dead] "
        "https://www.nda.gov.cn/1.html 域名指向内网地址（2025-02-11 访问）\n"
    )

    online = jianbao(tmp_path, "check", "2025-04", "--online", "--format", "concise")
    later = jianbao(tmp_path, "check", "2025-04", "--format", "concise")

    assert (online.code, online.out) == (0, told)
    assert online.err == "2025-04 访问 https://www.nda.gov.cn/1.html…\n"
    assert (later.out, later.err) == (told, "")
    remembered = json.loads((tmp_path / ".jianbao/links.json").read_text("utf-8"))
    assert list(remembered) == ["https://www.nda.gov.cn/1.html"]


def test_check_online_visits_no_address_that_is_wrong(
    jianbao: Callable[..., Ran], tmp_path: Path
) -> None:
    make_workspace(tmp_path, {ITEM: item_text(url="http://10.0.0.1/")})

    assert jianbao(tmp_path, "check", "2025-04", "--online").err == ""
    assert (tmp_path / ".jianbao/links.json").read_text("utf-8") == "{}\n"


def test_refreshing_wants_the_network(jianbao: Callable[..., Ran], tmp_path: Path) -> None:
    ran = jianbao(make_workspace(tmp_path), "check", "2025-04", "--refresh")

    assert (ran.code, ran.err) == (
        2,
        "错误：--refresh 要与 --online 合用\n怎么办：加上 --online\n",
    )
