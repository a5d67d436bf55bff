"""WeChat's API as far as a push needs it: what was done, refused, or is not known."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jianbao.deliver.http_post import Answer, Lost, Unsent, Wire
from jianbao.deliver.wechat.error_codes import BUSY, HASTE, TOKEN
from jianbao.deliver.wechat.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jianbao.deliver.wechat.account import Credentials
    from jianbao.deliver.wechat.tokens import TokenFile

_JSON = "application/json; charset=utf-8"
#: Drafts that draft/batchget gives at a time.
_PAGE = 20


@dataclass(frozen=True, slots=True)
class Done:
    """It was done; ``values`` is the answer. Not shown: it may hold the token."""

    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """WeChat refused it with this errcode and errmsg: nothing was done."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Unreached:
    """WeChat received nothing."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was sent, and may have been done; once it is ``answered``, nothing comes later."""

    why: str
    answered: bool = False


Outcome = Done | Refused | Unreached | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often to try what may be tried again, and how long to wait, in seconds.

    ``settle`` is how long after a draft/add whose answer was lost the draft may still appear;
    longer than a request may take. ``listed`` is how long the draft box may lag behind.
    """

    attempts: int = 4
    first_wait: float = 1.0
    settle: float = 90.0
    listed: float = 10.0
    sleep: Callable[[float], None] = time.sleep

    def wait_after(self, attempt: int) -> None:
        """Wait longer each time, and never as long as another who waits."""
        self.sleep(self.first_wait * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311  (spreads load; no secret)


@dataclass(frozen=True, slots=True)
class _Request:
    """``body`` goes to ``path``; the token is added to the query."""

    path: str
    body: bytes = field(repr=False)
    content_type: str = _JSON
    query: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True  # doing it twice comes to the same


class Client:
    """Calls the API of one account."""

    def __init__(
        self, wire: Wire, credentials: Credentials, tokens: TokenFile, patience: Patience
    ) -> None:
        self._wire = wire
        self._credentials = credentials
        self._tokens = tokens
        self.patience = patience

    def upload_body_image(self, name: str, content: bytes) -> Outcome:
        """media/uploadimg: gives ``url``. It does not fill the material library."""
        return self._call(_upload("/cgi-bin/media/uploadimg", name, content, {}))

    def upload_cover(self, name: str, content: bytes) -> Outcome:
        """material/add_material: gives ``media_id``."""
        return self._call(
            _upload("/cgi-bin/material/add_material", name, content, {"type": "image"})
        )

    def add_draft(self, articles: list[dict[str, object]]) -> Outcome:
        """draft/add: gives ``media_id``. Never sent twice."""
        return self._call(_json("/cgi-bin/draft/add", {"articles": articles}, repeatable=False))

    def update_draft(self, media_id: str, index: int, article: dict[str, object]) -> Outcome:
        """draft/update: replaces the article ``index``, from 0, of a draft."""
        payload = {"media_id": media_id, "index": index, "articles": article}
        return self._call(_json("/cgi-bin/draft/update", payload))

    def get_draft(self, media_id: str) -> Outcome:
        """draft/get: gives ``news_item``, a list of articles."""
        return self._call(_json("/cgi-bin/draft/get", {"media_id": media_id}))

    def delete_draft(self, media_id: str) -> Outcome:
        """draft/delete."""
        return self._call(_json("/cgi-bin/draft/delete", {"media_id": media_id}))

    def list_drafts(self) -> Iterator[Outcome]:
        """draft/batchget, page after page, without contents; ends at one that failed."""
        offset = 0
        while True:
            payload = {"offset": offset, "count": _PAGE, "no_content": 1}
            outcome = self._call(_json("/cgi-bin/draft/batchget", payload))
            yield outcome
            if not isinstance(outcome, Done):
                return
            offset += _PAGE
            if offset >= int(outcome.values.get("total_count", 0)):
                return

    def submit(self, media_id: str) -> Outcome:
        """freepublish/submit: gives ``publish_id``. Never sent twice."""
        payload = {"media_id": media_id}
        return self._call(_json("/cgi-bin/freepublish/submit", payload, repeatable=False))

    def publish_state(self, publish_id: str) -> Outcome:
        """freepublish/get: gives ``publish_status``."""
        return self._call(_json("/cgi-bin/freepublish/get", {"publish_id": publish_id}))

    def _call(self, request: _Request) -> Outcome:
        """Send ``request``, again where that is safe."""
        outcome = self._with_token(request)
        for attempt in range(self.patience.attempts - 1):
            if not _may_repeat(outcome, repeatable=request.repeatable):
                break
            self.patience.wait_after(attempt)
            outcome = self._with_token(request)
        return outcome

    def _with_token(self, request: _Request) -> Outcome:
        """Send ``request``; once more with another token where this one is refused."""
        token = self._token()
        if not isinstance(token, Token):
            return token
        outcome = self._send(request, token)
        if not (isinstance(outcome, Refused) and outcome.code in TOKEN):
            return outcome
        token = self._another_token(token)
        return self._send(request, token) if isinstance(token, Token) else token

    def _token(self) -> Token | Outcome:
        kept = self._tokens.read()
        return self._ask_token(kept) if kept.is_due(self._tokens.now()) else kept

    def _another_token(self, refused: Token) -> Token | Outcome:
        """The one that is valid now; a forced one only where WeChat still names the refused."""
        token = self._ask_token(refused)
        if not isinstance(token, Token) or token.value != refused.value:
            return token
        if not token.may_force(self._tokens.now()):
            return Refused(40001, "the token was refreshed a moment ago")
        return self._ask_token(token, force=True)

    def _ask_token(self, before: Token, *, force: bool = False) -> Token | Outcome:
        now = self._tokens.now()
        forced = now if force else before.forced
        if force:  # written first: an interrupted one counts too
            self._tokens.write(replace(before, forced=forced))
        payload = {
            "grant_type": "client_credential",
            "appid": self._credentials.appid,
            "secret": self._credentials.secret,
            "force_refresh": force,
        }
        outcome = self._send(_json("/cgi-bin/stable_token", payload), None)
        if not isinstance(outcome, Done):
            # Of the token and not of the request that wanted it, which was never sent.
            return Unreached(outcome.why) if isinstance(outcome, Unknown) else outcome
        value, seconds = outcome.values.get("access_token"), outcome.values.get("expires_in")
        if not isinstance(value, str) or not isinstance(seconds, int):
            return Unreached("答复里没有访问凭证")
        token = Token(value=value, expires=now + seconds, forced=forced)
        self._tokens.write(token)
        return token

    def _send(self, request: _Request, token: Token | None) -> Outcome:
        query = dict(request.query) | ({"access_token": token.value} if token else {})
        path = f"{request.path}?{urlencode(query)}" if query else request.path
        answer = self._wire.post(path, request.body, request.content_type)
        return self._without_secrets(_outcome(answer), token)

    def _without_secrets(self, outcome: Outcome, token: Token | None) -> Outcome:
        """WeChat's own words are shown to people, and might repeat what it was sent."""
        if not isinstance(outcome, Refused):
            return outcome
        message = outcome.message
        for secret in (self._credentials.secret, token.value if token else ""):
            for form in filter(None, {secret, quote(secret)}):
                message = message.replace(form, "……")
        return replace(outcome, message=message)


def _may_repeat(outcome: Outcome, *, repeatable: bool) -> bool:
    match outcome:
        case Unreached():
            return True
        case Unknown():
            return repeatable
        case Refused(code):
            return code == HASTE
        case _:
            return False


def _outcome(answer: Answer | Unsent | Lost) -> Outcome:
    """What an answer says; one that nobody can read is as good as lost."""
    match answer:
        case Unsent(why):
            return Unreached(why)
        case Lost(why):
            return Unknown(why)
        case Answer(status=status) if status != HTTPStatus.OK:
            return Unknown(f"微信答复 HTTP {status}", answered=True)
    try:
        values = json.loads(answer.body.decode("utf-8"))
        code = int(values.get("errcode", 0))
    except (ValueError, AttributeError, TypeError, RecursionError):
        return Unknown("答复读不懂", answered=True)
    if code == BUSY:
        return Unknown("微信的系统繁忙", answered=True)
    return Refused(code, str(values.get("errmsg", ""))) if code else Done(values)


def _json(path: str, payload: Mapping[str, object], *, repeatable: bool = True) -> _Request:
    # draft/add shows \uXXXX escapes as they stand, so none are written.
    body = json.dumps(payload, ensure_ascii=False).encode()
    return _Request(path, body, repeatable=repeatable)


def _upload(path: str, name: str, content: bytes, query: Mapping[str, str]) -> _Request:
    """The multipart form with one file that uploads take (RFC 7578)."""
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    boundary = f"jianbao{random.getrandbits(128):032x}"
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="media"; filename="{name}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return _Request(path, body, f"multipart/form-data; boundary={boundary}", query)
