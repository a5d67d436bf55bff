"""Group robots of 企业微信, 钉钉 and 飞书 on loopback, after their documents.

They check the webhook's key, the signature and its age, the size and the rate, and answer with
the documented numbers. ``said`` is what the group got to see.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Values = dict[str, Any]

KEY = "693a91f6-7xxx"
SECRET = "SECsynthetic"  # noqa: S105  (the fake's own)


class FakeRobots:
    """Three robots. ``signed`` switches their signatures on, ``keyword`` a word to be there."""

    def __init__(self) -> None:
        self.said: list[Values] = []
        self.signed = False
        self.keyword = ""
        self.drop = ""  # "before" or "after": the connection breaks before or after it is said
        self.clock: Callable[[], float] = time.time
        self._times: list[float] = []

    def wecom(self, query: Values, body: bytes) -> Values:
        """群机器人配置说明: 20 a minute, Markdown of 4096 bytes."""
        if query.get("key") != [KEY]:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        if self._too_often(20):
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        message = json.loads(body)
        if len(message["markdown"]["content"].encode()) > 4096:
            return {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}
        return self._take(message, {"errcode": 0, "errmsg": "ok"})

    def dingtalk(self, query: Values, body: bytes) -> Values:
        """自定义机器人接入: HMAC-SHA256 with the secret as key, milliseconds, in the query."""
        if query.get("access_token") != [KEY]:
            return {"errcode": 300001, "errmsg": "token is not exist"}
        if self.signed and not self._is_signed_for_dingtalk(query):
            return {"errcode": 310000, "errmsg": "sign not match"}
        if self.keyword and self.keyword not in body.decode():
            return {"errcode": 310000, "errmsg": "keywords not in content"}
        if self._too_often(20):
            return {"errcode": 130101, "errmsg": "send too fast"}
        return self._take(json.loads(body), {"errcode": 0, "errmsg": "ok"})

    def feishu(self, path: str, body: bytes) -> Values:
        """自定义机器人使用指南: the text to sign is the key, in seconds, in the body; 20 KB."""
        message = json.loads(body)
        if path != f"/open-apis/bot/v2/hook/{KEY}":
            return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
        if len(body) > 20 * 1024:
            return {"code": 9499, "msg": "Bad Request"}
        if self.signed and not self._is_signed_for_feishu(message):
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
        if self.keyword and self.keyword not in body.decode():
            return {"code": 19024, "msg": "Key Words Not Found"}
        if self._too_often(100):
            return {"code": 11232, "msg": "frequency limited"}
        return self._take(message, {"code": 0, "msg": "success", "StatusCode": 0})

    def _take(self, message: Values, answer: Values) -> Values:
        self.said.append(message)
        return answer

    def _too_often(self, most: int) -> bool:
        now = self.clock()
        self._times = [one for one in self._times if one > now - 60] + [now]
        return len(self._times) > most

    def _is_signed_for_dingtalk(self, query: Values) -> bool:
        when = query.get("timestamp", ["0"])[0]
        wanted = hmac.new(SECRET.encode(), f"{when}\n{SECRET}".encode(), hashlib.sha256).digest()
        fresh = abs(int(when) - self.clock() * 1000) <= 3_600_000
        return fresh and query.get("sign") == [base64.b64encode(wanted).decode()]

    def _is_signed_for_feishu(self, message: Values) -> bool:
        when = message.get("timestamp", "0")
        wanted = hmac.new(f"{when}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
        fresh = abs(int(when) - self.clock()) <= 3600
        return fresh and message.get("sign") == base64.b64encode(wanted).decode()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fake, parts = self.server.fake, urlsplit(self.path)
        if fake.drop == "before":
            return
        query = parse_qs(parts.query)
        match parts.path:
            case "/cgi-bin/webhook/send":
                answer = fake.wecom(query, body)
            case "/robot/send":
                answer = fake.dingtalk(query, body)
            case _:
                answer = fake.feishu(parts.path, body)
        if fake.drop == "after":
            return
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeRobots


@contextmanager
def serving(fake: FakeRobots) -> Iterator[str]:
    """The address at which ``fake`` listens."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.fake = fake
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join(10)
