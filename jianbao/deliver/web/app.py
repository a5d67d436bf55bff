"""The web application. Looking at a page changes nothing: scanners of mail follow every link."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from jianbao.deliver.readers.acts import Actor
from jianbao.deliver.readers.tokens import Purpose, read_token
from jianbao.deliver.web.forms import TooLong, read_form

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    import jinja2
    from starlette.requests import Request

    from jianbao.deliver.readers.choices import Choices
    from jianbao.deliver.readers.subscribers import Subscriber
    from jianbao.deliver.web.limits import Limiter

#: No script, nothing from elsewhere, and no other site learns the token from a Referer.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
#: Who acts, in the record of acts.
_READER = "读者本人"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the pages need: ``publication`` is its name, ``now`` the moment with its zone."""

    publication: str
    choices: Choices
    templates: jinja2.Environment
    limiter: Limiter
    now: Callable[[], datetime]


def reader_pages(desk: Desk) -> Starlette:
    """The application: ``/r/TOKEN`` a reader's page, ``/c/TOKEN`` to confirm."""
    return Starlette(
        routes=[
            _route(desk, "/r/{token}", _page, "GET"),
            _route(desk, "/r/{token}", _act, "POST"),
            _route(desk, "/r/{token}/data", _data, "GET"),
            _route(desk, "/c/{token}", _ask, "GET"),
            _route(desk, "/c/{token}", _confirm, "POST"),
        ]
    )


def _route(
    desk: Desk,
    path: str,
    answer: Callable[[Desk, Request, int], Awaitable[Response]],
    method: str,
) -> Route:
    purpose = Purpose.CONFIRM if path.startswith("/c/") else Purpose.READER

    async def guarded(request: Request) -> Response:
        client = request.client.host if request.client else ""
        if not desk.limiter.allows(client):
            return _said(desk, "访问太频繁，请过一分钟再试", 429, {"Retry-After": "60"})
        reader = read_token(desk.choices.keys, purpose, request.path_params["token"])
        if reader is None:
            return _said(desk, "链接不完整或已失效，请从邮件里重新打开", 404)
        try:
            return await answer(desk, request, reader)
        except TooLong:
            return _said(desk, "提交的内容太长", 413)

    return Route(path, guarded, methods=[method])


async def _page(desk: Desk, request: Request, reader: int) -> Response:
    return await _show(desk, request, reader)


async def _ask(desk: Desk, request: Request, reader: int) -> Response:
    return await _show(desk, request, reader, "confirm.html.j2")


async def _show(
    desk: Desk,
    request: Request,
    reader: int,
    template: str = "page.html.j2",
    done: str = "",
) -> Response:
    person = await run_in_threadpool(desk.choices.find, reader)
    if person is None:
        return _said(desk, "这里已经没有您的资料", 410)
    text = desk.templates.get_template(f"reader/{template}").render(
        publication=desk.publication,
        reader=person,
        done=done,
        path=request.url.path,
    )
    return HTMLResponse(text, headers=_HEADERS)


async def _act(desk: Desk, request: Request, reader: int) -> Response:
    """Leave, come back, or be forgotten. ``List-Unsubscribe=One-Click`` is RFC 8058's."""
    form = await read_form(request)
    actor = Actor(_READER, desk.now())
    name = form.get("list", "")
    if form.get("List-Unsubscribe") == "One-Click":
        await run_in_threadpool(desk.choices.leave_all, reader, actor)
        return Response(status_code=200, headers=_HEADERS)
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "leave": (partial(desk.choices.leave, reader, name, actor), f"已退订“{name}”"),
        "leave-all": (partial(desk.choices.leave_all, reader, actor), "已全部退订，不再给您写信"),
        "join": (partial(desk.choices.join, reader, name, actor), f"已恢复订阅“{name}”"),
        "erase": (partial(desk.choices.erase, reader, actor), "您的资料已经删除"),
    }
    if form.get("do") == "erase" and form.get("sure") != "yes":
        return await _show(desk, request, reader, "erase.html.j2")
    if form.get("do") not in acts:
        return _said(desk, "没有看懂要做什么，请从邮件里重新打开", 400)
    act, done = acts[form["do"]]
    await run_in_threadpool(act)
    if form["do"] == "erase":
        return _said(desk, done, 200)
    return await _show(desk, request, reader, done=done)


async def _confirm(desk: Desk, request: Request, reader: int) -> Response:
    del request
    await run_in_threadpool(desk.choices.confirm, reader, Actor(_READER, desk.now()))
    return _said(desk, "订阅已确认，谢谢", 200)


async def _data(desk: Desk, request: Request, reader: int) -> Response:
    """All that is kept of the reader, to take along (个人信息保护法, article 45)."""
    del request
    person = await run_in_threadpool(desk.choices.find, reader)
    if person is None:
        return _said(desk, "这里已经没有您的资料", 410)
    text = json.dumps(_as_json(person), ensure_ascii=False, indent=2) + "\n"
    headers = _HEADERS | {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(text, media_type="application/json; charset=utf-8", headers=headers)


def _as_json(person: Subscriber) -> dict[str, object]:
    return {
        "邮箱": person.address,
        "姓名": person.name,
        "加入": person.added.isoformat(timespec="seconds"),
        "列表": dict(person.lists),
        "标签": list(person.tags),
        "其他": dict(person.attributes),
        "同意": [dict(zip(("时间", "方式", "凭据"), one, strict=True)) for one in person.consents],
        "停发": person.suppressed or "",
    }


def _said(desk: Desk, text: str, status: int, headers: dict[str, str] | None = None) -> Response:
    page = desk.templates.get_template("reader/said.html.j2")
    content = page.render(publication=desk.publication, said=text)
    return HTMLResponse(content, status_code=status, headers=_HEADERS | (headers or {}))
