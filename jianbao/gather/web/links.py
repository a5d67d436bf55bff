"""Visit addresses and decide what their answers mean: `judge` is all of the deciding."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.gather.web.challenge import NOTICE, is_challenge, shown_letters
from jianbao.gather.web.charset import decode_page
from jianbao.gather.web.http import Manners, Web, need_network
from jianbao.gather.web.replies import Failure, Reply, Trouble
from jianbao.gather.web.turns import by_host
from jianbao.records import Answer, LinkState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

#: A page that answered is asked again for the next issue.
_FRESH = timedelta(days=7)
#: How much of a page tells that there is none; longer ones are read no further.
_LOOK = 64 * 1024
#: A page that HEAD says to be longer is no “页面不存在”: those are short.
_STUB = 16 * 1024
_HOME = re.compile(r"/?(?:(?:index|default|home)(?:_[a-z]+)?\.(?:s?html?|jsp|aspx?|php))?")
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)
_NOT_THERE = re.compile(
    r"(?<![0-9])404(?![0-9])|页面不存在|找不到(?:该|此|您)?[^，。]{0,8}(?:页面|网页|文件|内容)"
    r"|(?:页面|网页|文章|内容|稿件|信息)(?:不存在|已被?删除|已下线|已失效|无法查看)"
    r"|已被发布者删除|not found",
    re.IGNORECASE,
)
#: Some servers do not know HEAD and say all kinds of things; what they say to GET counts.
_REFUSED_FROM = 400
_GONE = {404, 410}


def due(
    urls: Iterable[str], known: Mapping[str, LinkState], today: date, *, refresh: bool
) -> tuple[str, ...]:
    """Those of ``urls`` to visit: not those that answered well within the last days."""
    return tuple(
        url
        for url in dict.fromkeys(urls)
        if refresh or url not in known or not _is_fresh(known[url], today)
    )


def _is_fresh(state: LinkState, today: date) -> bool:
    return state.answer is Answer.ALIVE and today - state.asked < _FRESH


def visit(
    urls: Iterable[str],
    today: date,
    progress: Callable[[str], None],
    manners: Manners | None = None,
) -> tuple[LinkState, ...]:
    """The state of each of ``urls``, each visited once; hosts side by side, one after another each.

    Raises:
        MachineProblem: No name could be resolved: this machine has no network.
    """
    return asyncio.run(
        _visit_all(tuple(dict.fromkeys(urls)), today, progress, manners or Manners())
    )


async def _visit_all(
    urls: tuple[str, ...], today: date, progress: Callable[[str], None], manners: Manners
) -> tuple[LinkState, ...]:
    async def one(url: str) -> tuple[Reply | Failure, LinkState]:
        progress(url)
        reply = await look(web, url)
        state = judge(url, reply, today)
        is_plain = state.answer is Answer.ALIVE and url.lower().startswith("http://")
        secure = is_plain and await _is_secure(web, url)
        return reply, replace(state, secure=True) if secure else state

    async with Web(manners) as web:
        found = await by_host(urls, one, manners.hosts)
    need_network(reply for reply, _ in found)
    return tuple(state for _, state in found)


async def look(web: Web, url: str) -> Reply | Failure:
    """HEAD, and GET where that is refused or leaves open whether the page is one."""
    head = await web.ask(url, method="HEAD")
    if isinstance(head, Reply):
        length = head.header("content-length")
        is_long = length.isdigit() and int(length) > _STUB
        is_html = "html" in head.header("content-type")
        if head.status < _REFUSED_FROM and (is_long or not is_html):
            return head
    elif head.trouble is not Trouble.BROKEN:
        return head
    return await web.ask(url, most=_LOOK)


async def _is_secure(web: Web, url: str) -> bool:
    reply = await look(web, f"https{url[len('http') :]}")
    return isinstance(reply, Reply) and _answer(url, reply)[0] is Answer.ALIVE


def judge(url: str, reply: Reply | Failure, today: date) -> LinkState:
    """What ``reply`` says of the page at ``url``."""
    answer, detail = _answer(url, reply)
    moved = isinstance(reply, Reply) and reply.url != url
    return LinkState(
        url=url, asked=today, answer=answer, detail=detail, final=reply.url if moved else ""
    )


def _answer(url: str, reply: Reply | Failure) -> tuple[Answer, str]:
    if isinstance(reply, Failure):
        gone = reply.trouble in {Trouble.NO_NAME, Trouble.PRIVATE}
        return (Answer.GONE if gone else Answer.UNVERIFIED), reply.trouble.value
    said = f"HTTP {reply.status} {reply.reason}".strip()
    if reply.status in _GONE:
        return Answer.GONE, said
    if not 200 <= reply.status < 300 or reply.status == 202:  # noqa: PLR2004  (RFC 9110; 202: a page is yet to come, which challenges say)
        return Answer.UNVERIFIED, said
    text = decode_page(reply.body[:_LOOK], reply.header("content-type"))
    title = _TITLE.search(text)
    words = shown_letters(text)
    if is_challenge(text):
        return Answer.UNVERIFIED, "网页要先运行脚本"
    if (title and _NOT_THERE.search(title[1])) or (
        len(words) < NOTICE and _NOT_THERE.search(words)
    ):
        return Answer.MISSING, "网页上说没有这个页面"
    return (Answer.HOME, "") if _is_home(reply.url, url) else (Answer.ALIVE, "")


def _is_home(final: str, url: str) -> bool:
    """Whether redirects led to a home page from somewhere else."""
    there, here = urlsplit(final), urlsplit(url)
    asked_for_home = _HOME.fullmatch(here.path) and not here.query
    return bool(_HOME.fullmatch(there.path)) and not there.query and not asked_for_home
