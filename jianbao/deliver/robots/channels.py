"""What each channel takes, asks of a signature and answers. Pure.

企业微信: 群机器人配置说明 (developer.work.weixin.qq.com, path 91770). 钉钉: 自定义机器人接入
(open.dingtalk.com, custom-robot-access). 飞书: 自定义机器人使用指南 (open.feishu.cn, custom-bot).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jianbao.deliver.robots.card import shortenings
from jianbao.delivery import RobotKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jianbao.deliver.robots.card import Card

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is posted: ``query`` goes behind the webhook's own, beginning with ``&``."""

    body: bytes
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One messenger.

    ``limit`` is in bytes of UTF-8: of the Markdown for 企业微信, of the whole body for the
    others. ``form`` puts a card into its message, ``sign`` adds the signature of a secret at a
    moment in seconds since 1970, ``code`` finds the error number in an answer (0 is success).
    """

    name: str
    host: str
    limit: int
    form: Callable[[Card], Values]
    measure: Callable[[Values], int]
    sign: Callable[[Values, str, int], tuple[Values, str]]
    code: Callable[[Values], int]
    refusals: Mapping[int, tuple[str, str]]

    def request(self, card: Card, secret: str, now: int) -> tuple[Request, int]:
        """The message for ``card`` cut to fit, and how many titles were left out."""
        fitting = (one for one in shortenings(card) if self.measure(self.form(one)) <= self.limit)
        shown = next(fitting, None) or card.without_titles()
        message, query = self.form(shown), ""
        if secret:
            message, query = self.sign(message, secret, now)
        return Request(body=_encoded(message), query=query), shown.left_out


def _encoded(message: Values) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


def _size(message: Values) -> int:
    # The signature of 飞书 lies in the body as well.
    return len(_encoded(message)) + 128


def _plain(text: str) -> str:
    """``text`` without what the channels' Markdown would take for markup.

    None of the three documents a way to escape; the full-width form looks the same in Chinese.
    """
    return text.translate(str.maketrans("[]<>*_`#", "［］＜＞＊＿｀＃"))


def _lines(card: Card) -> list[str]:
    """Contents as Markdown: a line each."""
    lines, number = [card.date], 0
    for section, titles in card.sections:
        lines.append(f"**{_plain(section)}**")
        for title in titles:
            number += 1
            lines.append(f"{number}. {_plain(title)}")
    if card.left_out:
        lines.append(f"……另有 {card.left_out} 条")
    return lines


def _wecom(card: Card) -> Values:
    lines = [f"### {_plain(card.title)}", *_lines(card)]
    if card.link:
        lines.append(f"[阅读全文]({card.link})")
    return {"msgtype": "markdown", "markdown": {"content": "\n".join(lines)}}


def _wecom_size(message: Values) -> int:
    return len(message["markdown"]["content"].encode())


def _dingtalk(card: Card) -> Values:
    # 钉钉 joins lines that have no empty line between them.
    text = "\n\n".join([f"### {_plain(card.title)}", *_lines(card)])
    if not card.link:
        return {"msgtype": "markdown", "markdown": {"title": card.title, "text": text}}
    button = {"singleTitle": "阅读全文", "singleURL": card.link}
    return {"msgtype": "actionCard", "actionCard": {"title": card.title, "text": text, **button}}


def _feishu(card: Card) -> Values:
    text = {"tag": "lark_md", "content": "\n".join(_lines(card))}
    elements: list[Values] = [{"tag": "div", "text": text}]
    if card.link:
        label = {"tag": "plain_text", "content": "阅读全文"}
        button = {"tag": "button", "text": label, "type": "primary", "url": card.link}
        elements.append({"tag": "action", "actions": [button]})
    head = {"title": {"tag": "plain_text", "content": card.title}, "template": "blue"}
    return {"msg_type": "interactive", "card": {"header": head, "elements": elements}}


def _digest(key: str, message: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), message.encode(), hashlib.sha256)).decode()


def _unsigned(message: Values, _secret: str, _now: int) -> tuple[Values, str]:
    """企业微信 has no signature: its webhook is all there is."""
    return message, ""


def _dingtalk_sign(message: Values, secret: str, now: int) -> tuple[Values, str]:
    when = now * 1000  # milliseconds, within an hour of the server's
    sign = _digest(secret, f"{when}\n{secret}")
    return message, f"&timestamp={when}&sign={quote(sign, safe='')}"


def _feishu_sign(message: Values, secret: str, now: int) -> tuple[Values, str]:
    # Here the text is the key and what is signed is empty.
    return {"timestamp": str(now), "sign": _digest(f"{now}\n{secret}", ""), **message}, ""


def _errcode(answer: Values) -> int:
    return int(answer["errcode"])


def _feishu_code(answer: Values) -> int:
    return int(answer.get("code", answer.get("StatusCode")))  # type: ignore[arg-type]  # None raises


_WAIT = "过十分钟再运行一次"
_WEBHOOK = "到群机器人的设置里重新复制 Webhook 地址，写进 webhook_file"

CHANNELS = {
    RobotKind.WECOM: Channel(
        name="企业微信",
        host="qyapi.weixin.qq.com",
        limit=4096,
        form=_wecom,
        measure=_wecom_size,
        sign=_unsigned,
        code=_errcode,
        refusals={
            45009: ("发得太频繁，每个机器人每分钟最多 20 条", _WAIT),
            45033: ("同时发得太多", _WAIT),
            93000: ("Webhook 地址无效，或者机器人已被移出群", _WEBHOOK),
            40058: ("消息的格式不被接受", "更新 jianbao 再试"),
        },
    ),
    RobotKind.DINGTALK: Channel(
        name="钉钉",
        host="oapi.dingtalk.com",
        limit=20_000,
        form=_dingtalk,
        measure=_size,
        sign=_dingtalk_sign,
        code=_errcode,
        refusals={
            130101: ("发得太频繁，每个机器人每分钟最多 20 条，超过了停十分钟", _WAIT),
            300001: ("Webhook 地址里的 access_token 无效", _WEBHOOK),
            310000: (
                "没有通过机器人的安全设置（关键词、加签或 IP 地址）",
                "关键词设为刊物的名称；用加签的，把密钥写在 webhook_file 的第二行；并核对本机时间",
            ),
        },
    ),
    RobotKind.FEISHU: Channel(
        name="飞书",
        host="open.feishu.cn",
        limit=20_000,
        form=_feishu,
        measure=_size,
        sign=_feishu_sign,
        code=_feishu_code,
        refusals={
            9499: ("消息的格式或大小不被接受", "更新 jianbao 再试"),
            11232: ("系统繁忙，限制了发送；整点和半点最忙", _WAIT),
            19001: ("Webhook 地址无效，或者机器人已被移出群", _WEBHOOK),
            19021: (
                "签名不对，或本机时间差了一小时以上",
                "核对本机时间，以及 webhook_file 第二行的签名密钥",
            ),
            19022: ("本机的 IP 地址不在机器人的白名单里", "到机器人的安全设置里加入本机的 IP 地址"),
            19024: ("消息里没有机器人要求的关键词", "到机器人的安全设置里把关键词设为刊物的名称"),
        },
    ),
}
