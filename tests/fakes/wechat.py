"""A WeChat of our own on loopback: the documented limits, errors and losses of its API.

Independent of the product: its limits and its filter are written here again, from the
manual and from what published articles still have (ids, positions and divs never).
Answers are given by handlers, one for each path; faults are planned by request number.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from fakes.wechat_wire import Fault, Refusal, Server, form_file, parsed

if TYPE_CHECKING:
    from collections.abc import Callable

Values = dict[str, Any]

APPID = "wx0123456789abcdef"
SECRET = "5ec2e7" + "0" * 26
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_MEGABYTE = 1_048_576
_HOST = "http://mmbiz.qpic.cn/"


@dataclass
class Draft:
    """A draft as it is stored."""

    media_id: str
    articles: list[Values]
    updated: int
    created: int = 0


@dataclass
class FakeWeChat:
    """The state of the account, the server, and what was asked of it.

    ``faults`` is by number of request, from 0; ``refusals`` by path. ``slow`` is in seconds.
    """

    faults: dict[int, Fault] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    slow: float = 0.5
    whitelisted: bool = True
    may_publish: bool = True
    quota: dict[str, int] = field(default_factory=dict)
    publish_states: list[int] = field(default_factory=lambda: [1, 0])
    drafts: dict[str, Draft] = field(default_factory=dict)
    images: dict[str, bytes] = field(default_factory=dict)
    materials: dict[str, bytes] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    token: str = ""
    tokens_given: int = 0
    forced: int = 0
    other_thumbs: bool = False  # covers are listed under other ids than they were given
    dropped: str = ""  # words that it takes out for reasons of its own
    sticky: bool = False  # stable_token names a token that the API does not take
    _serial: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __enter__(self) -> Self:
        self._server = Server(self)
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # -- what a test arranges, or a person does on the platform --

    def expire_token(self) -> None:
        """The token is no longer taken, and stable_token knows it."""
        self.token = ""

    def edit(self, media_id: str, text: str) -> None:
        """Somebody writes into the first article on the platform."""
        self.drafts[media_id].articles[0]["content"] += f"<p>{text}</p>"

    def next_fault(self, path: str) -> Fault | None:
        """Note a request for ``path``; what goes wrong with it."""
        with self._lock:
            number = len(self.requests)
            self.requests.append(path)
        return self.faults.get(number)

    # -- the API --

    def handle(self, path: str, query: Values, body: bytes, content_type: str) -> Values:
        """Answer one request."""
        with self._lock:
            if path in self.refusals:
                raise self.refusals[path]
            left = self.quota.get(path)
            if left is not None:
                if left <= 0:
                    raise Refusal(45009, "reach max api daily quota limit")
                self.quota[path] = left - 1
            if path not in _TOKENLESS:
                self._check_token(query)
            call = _CALLS.get(path)
            if call is None:
                raise Refusal(404, "no such api")
            if path in _UPLOADS:
                return call(self, form_file(body, content_type), query)
            return call(self, parsed(body), query)

    def _check_token(self, query: Values) -> None:
        given = query.get("access_token", [""])[0]
        if not given:
            raise Refusal(41001, "access_token missing")
        if not self.whitelisted:
            raise Refusal(40164, "invalid ip 203.0.113.7, not in whitelist rid: 1")
        if given != self.token or self.sticky:
            message = f"invalid credential, access_token {given} is invalid or not latest"
            raise Refusal(40001, message)

    def _new(self, kind: str) -> str:
        self._serial += 1
        return f"{kind}-{self._serial:06d}"

    def stable_token(self, values: Values, _query: Values) -> Values:
        """A token; the same one until it ends or a refresh is forced."""
        if values.get("grant_type") != "client_credential":
            raise Refusal(40002, "invalid grant_type")
        if values.get("appid") != APPID:
            raise Refusal(40013, "invalid appid")
        if values.get("secret") != SECRET:
            raise Refusal(40125, f"invalid appsecret {values.get('secret')}")
        if not self.whitelisted:
            raise Refusal(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist")
        if values.get("force_refresh"):
            self.forced += 1
            self.token, self.sticky = "", False
        if not self.token:
            self.token = self._new("TOKEN-" + "t" * 40)
            self.tokens_given += 1
        return {"access_token": self.token, "expires_in": 7200}

    def uploadimg(self, file: tuple[str, bytes], _query: Values) -> Values:
        """An address for a body picture."""
        name, content = file
        if not content:
            raise Refusal(41005, "media data missing")
        if not content.startswith((_PNG, _JPEG)):
            raise Refusal(40005, f"invalid file type {name}")
        if len(content) >= _MEGABYTE:
            raise Refusal(40009, "invalid image size")
        url = f"{_HOST}mmbiz_png/{self._new('image')}/0?wx_fmt=png"
        self.images[url] = content
        return {"url": url}

    def add_material(self, file: tuple[str, bytes], query: Values) -> Values:
        """A permanent picture."""
        _, content = file
        if query.get("type") != ["image"]:
            raise Refusal(40004, "invalid media type")
        if not content:
            raise Refusal(41005, "media data missing")
        if len(content) > 10 * _MEGABYTE:
            raise Refusal(40009, "invalid image size")
        media_id = self._new("material")
        self.materials[media_id] = content
        return {"media_id": media_id, "url": f"{_HOST}{media_id}"}

    def draft_add(self, values: Values, _query: Values) -> Values:
        """A new draft."""
        articles = values.get("articles")
        if not isinstance(articles, list) or not articles:
            raise Refusal(44003, "empty news data")
        if len(articles) > 8:
            raise Refusal(45008, "article size out of limit")
        stored = [self._stored(article, alone=len(articles) == 1) for article in articles]
        media_id = self._new("draft")
        self._serial += 1
        self.drafts[media_id] = Draft(media_id, stored, self._serial, self._serial)
        return {"media_id": media_id, "item": []}

    def draft_update(self, values: Values, _query: Values) -> Values:
        """Replace one article of a draft."""
        draft = self._draft(values)
        index, article = values.get("index", 0), values.get("articles")
        if not isinstance(article, dict) or not 0 <= index < len(draft.articles):
            raise Refusal(40007, "invalid media_id")
        draft.articles[index] = self._stored(article, alone=len(draft.articles) == 1)
        self._serial += 1
        draft.updated = self._serial
        return {"errcode": 0, "errmsg": "ok"}

    def draft_get(self, values: Values, _query: Values) -> Values:
        """A draft as it is stored."""
        draft = self._draft(values)
        return {
            "news_item": draft.articles,
            "create_time": draft.created,
            "update_time": draft.updated,
        }

    def draft_delete(self, values: Values, _query: Values) -> Values:
        """Remove a draft."""
        del self.drafts[self._draft(values).media_id]
        return {"errcode": 0, "errmsg": "ok"}

    def draft_count(self, _values: Values, _query: Values) -> Values:
        """How many drafts there are."""
        return {"total_count": len(self.drafts)}

    def draft_batchget(self, values: Values, _query: Values) -> Values:
        """Drafts, the newest first."""
        offset, count = values.get("offset", 0), values.get("count", 0)
        if not 1 <= count <= 20:
            raise Refusal(40097, "invalid args")
        newest = sorted(self.drafts.values(), key=lambda draft: -draft.updated)
        hidden = {"content"} if values.get("no_content") else set()
        hidden |= {"thumb_media_id"} if self.other_thumbs else set()
        page = [
            {
                "media_id": draft.media_id,
                "content": {
                    "news_item": [
                        {key: value for key, value in article.items() if key not in hidden}
                        for article in draft.articles
                    ]
                },
                "update_time": draft.updated,
            }
            for draft in newest[offset : offset + count]
        ]
        return {"total_count": len(newest), "item_count": len(page), "item": page}

    def publish_submit(self, values: Values, _query: Values) -> Values:
        """Take a draft for publishing."""
        if not self.may_publish:
            raise Refusal(48001, "api unauthorized")
        draft = self._draft(values)
        publish_id = self._new("100")
        self.published[publish_id] = draft.media_id
        return {"errcode": 0, "errmsg": "ok", "publish_id": publish_id}

    def publish_get(self, values: Values, _query: Values) -> Values:
        """How far a publication is."""
        publish_id = str(values.get("publish_id"))
        media_id = self.published[publish_id]
        state = self.publish_states.pop(0) if len(self.publish_states) > 1 else None
        status = self.publish_states[0] if state is None else state
        answer: Values = {"publish_id": publish_id, "publish_status": status}
        if status == 0:
            draft = self.drafts.pop(media_id)
            address = f"https://mp.weixin.qq.com/s/{media_id}"
            items = [
                {"idx": n, "article_url": f"{address}-{n}"}
                for n in range(1, len(draft.articles) + 1)
            ]
            answer |= {"article_id": "a", "article_detail": {"count": len(items), "item": items}}
        return answer

    def _draft(self, values: Values) -> Draft:
        draft = self.drafts.get(str(values.get("media_id")))
        if draft is None:
            raise Refusal(40007, "invalid media_id hint: [x] rid: 1")
        return draft

    def _stored(self, article: Values, *, alone: bool) -> Values:
        """Check an article and keep it the way WeChat does."""
        content = article.get("content", "")
        limits = (("title", 32, 45003), ("author", 16, 45110), ("digest", 128, 45004))
        for key, most, code in limits:
            if len(article.get(key, "")) > most:
                raise Refusal(code, f"{key} size out of limit")
        if len(content) >= 20_000 or len(content.encode()) >= _MEGABYTE:
            raise Refusal(45002, "content size out of limit")
        if len(article.get("content_source_url", "").encode()) > 1024:
            raise Refusal(45166, "invalid content_source_url")
        if not article.get("title") or not content:
            raise Refusal(45166, "invalid content")
        if article.get("thumb_media_id") not in self.materials:
            raise Refusal(40007, "invalid media_id hint: [thumb] rid: 1")
        return article | {
            "content": self.filtered(content),
            "digest": article.get("digest", "") if alone else "",
            "url": "http://mp.weixin.qq.com/s?tempkey=x",
            "thumb_url": _HOST,
        }

    def filtered(self, content: str) -> str:
        """What is left of ``content``: no scripts, ids, positions, divs, foreign images."""
        content = re.sub(r"(?is)<(script|style|iframe)\b.*?</\1\s*>", "", content)
        content = re.sub(r"(?i)<(/?)div\b", r"<\1section", content)
        content = content.replace(self.dropped, "") if self.dropped else content
        return re.sub(r"<[a-zA-Z][^>]*>", self._filtered_tag, content)

    def _filtered_tag(self, found: re.Match[str]) -> str:
        tag = re.sub(r"""(?i)\s(id|on\w+)\s*=\s*("[^"]*"|'[^']*')""", "", found[0])
        tag = re.sub(r"""(?i)(?<=["';])\s*position\s*:[^;"']*;?""", "", tag)
        if re.match(r"(?i)<a\b", tag) and "//mp.weixin.qq.com/" not in tag:
            tag = re.sub(r"""(?i)\shref\s*=\s*("[^"]*"|'[^']*')""", "", tag)
        if not re.match(r"(?i)<img\b", tag):
            return tag
        source = re.search(r"""\ssrc=["']([^"']*)["']""", tag)
        if source is None or source[1] not in self.images:
            return ""
        return tag.replace(" src=", " data-src=")


_CALLS: dict[str, Callable[[FakeWeChat, Any, Values], Values]] = {
    "/cgi-bin/stable_token": FakeWeChat.stable_token,
    "/cgi-bin/media/uploadimg": FakeWeChat.uploadimg,
    "/cgi-bin/material/add_material": FakeWeChat.add_material,
    "/cgi-bin/draft/add": FakeWeChat.draft_add,
    "/cgi-bin/draft/update": FakeWeChat.draft_update,
    "/cgi-bin/draft/get": FakeWeChat.draft_get,
    "/cgi-bin/draft/delete": FakeWeChat.draft_delete,
    "/cgi-bin/draft/count": FakeWeChat.draft_count,
    "/cgi-bin/draft/batchget": FakeWeChat.draft_batchget,
    "/cgi-bin/freepublish/submit": FakeWeChat.publish_submit,
    "/cgi-bin/freepublish/get": FakeWeChat.publish_get,
}
_UPLOADS = frozenset({"/cgi-bin/media/uploadimg", "/cgi-bin/material/add_material"})
_TOKENLESS = frozenset({"/cgi-bin/stable_token"})
