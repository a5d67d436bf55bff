"""Announce an issue in a group, once."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jianbao.addresses import is_loopback
from jianbao.deliver.http_post import Answer, Unsent, Wire
from jianbao.deliver.robots.channels import CHANNELS
from jianbao.deliver.robots.record import Announced, AnnouncedFile
from jianbao.errors import DeliveryProblem, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jianbao.deliver.robots.card import Card
    from jianbao.deliver.robots.channels import Channel, Request
    from jianbao.delivery import Robot

#: Bytes of a file that can hold a webhook and a secret.
_LONGEST = 4096
_JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where a robot listens, and its secret for signatures; never shown."""

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


def read_webhook(robot: Robot, root: Path) -> Webhook:
    """The webhook of ``robot``: the first line of its file; a secret may be the second.

    Raises:
        UsageProblem: There is no such file, or it holds something else.
    """
    hint = "在文件里写一行 Webhook 地址；机器人用加签（签名校验）的，第二行写密钥"
    if not robot.webhook_file:
        raise UsageProblem(f"机器人“{robot.name}”没有写 webhook_file", hint)
    try:
        text = (root / robot.webhook_file).expanduser().read_bytes()[:_LONGEST].decode()
    except (OSError, ValueError) as error:
        raise UsageProblem(f"读不到文件 {robot.webhook_file}", hint) from error
    lines = text.split()
    channel = CHANNELS[robot.kind]
    if len(lines) not in {1, 2} or not _is_safe(lines[0]):
        message = f"{robot.webhook_file} 里不是{channel.name}机器人的 Webhook 地址"
        raise UsageProblem(message, f"地址以 https://{channel.host}/ 开头")
    return Webhook(url=lines[0], secret=lines[1] if len(lines) > 1 else "")


def _is_safe(url: str) -> bool:
    """Whether the key in ``url`` is hidden on its way."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


def announce(
    robot: Robot,
    webhook: Webhook,
    card: Card,
    record: AnnouncedFile,
    clock: Callable[[], float] = time.time,
) -> int:
    """Post ``card`` through ``robot``.

    Returns:
        How many titles did not fit.

    Raises:
        DeliveryProblem: It was refused, or nobody knows whether it arrived.
    """
    channel = CHANNELS[robot.kind]
    request, left_out = channel.request(card, webhook.secret, int(clock()))
    record.note(robot.name, Announced.UNKNOWN)
    answer = _post(webhook, request)
    if isinstance(answer, Unsent):
        record.note(robot.name, None)
        raise DeliveryProblem(f"{robot.name}：{answer.why}，没有发出", "检查网络，再运行一次")
    _judge(robot, channel, answer if isinstance(answer, Answer) else None, record)
    record.note(robot.name, Announced.SENT)
    return left_out


def _post(webhook: Webhook, request: Request) -> object:
    parts = urlsplit(webhook.url)
    path = f"{parts.path or '/'}?{parts.query}{request.query}"
    wire = Wire(api=f"{parts.scheme}://{parts.netloc}")
    return wire.post(path.rstrip("?"), request.body, _JSON)


def _judge(robot: Robot, channel: Channel, answer: Answer | None, record: AnnouncedFile) -> None:
    """Return where the message was taken.

    Raises:
        DeliveryProblem: It was not, or nobody knows.
    """
    code = _code(channel, answer)
    if code is None:
        message = f"{robot.name}：没有得到{channel.name}的答复，不知道发出了没有"
        hint = f"到群里看看；确实没有，用 --again 再发：{robot.name}"
        raise DeliveryProblem(message, hint)
    if code != 0:
        record.note(robot.name, None)
        sentence, hint = channel.refusals.get(code, ("不接受这条消息", "按错误码查它的开发文档"))
        raise DeliveryProblem(f"{robot.name}：{channel.name}{sentence}（{code}）", hint)


def _code(channel: Channel, answer: Answer | None) -> int | None:
    """The error number, 0 for success; None where the answer is none of the channel's."""
    if answer is None:
        return None
    try:
        return channel.code(json.loads(answer.body))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def to_send(
    robots: tuple[Robot, ...], names: tuple[str, ...], record: AnnouncedFile, *, again: bool
) -> tuple[tuple[Robot, ...], tuple[str, ...]]:
    """Which robots are to speak, and a line on each that is not.

    Raises:
        UsageProblem: There is no robot, or none of a name.
    """
    if not robots:
        hint = "在 jianbao.toml 里写 [[delivery.robot]]，见 docs/robots.md"
        raise UsageProblem("jianbao.toml 没有写群机器人", hint)
    known = [robot.name for robot in robots]
    for name in names:
        if name not in known:
            raise UsageProblem(f"没有机器人“{name}”", f"jianbao.toml 里有：{'、'.join(known)}")
    chosen = [robot for robot in robots if not names or robot.name in names]
    states = {} if again else record.read()
    said = {
        Announced.SENT: "已经通知过，不再发；要再发用 --again",
        Announced.UNKNOWN: "上次不知道发出了没有，请到群里看看；确实没有，用 --again 再发",
    }
    skipped = [f"{one.name}：{said[states[one.name]]}" for one in chosen if one.name in states]
    return tuple(one for one in chosen if one.name not in states), tuple(skipped)
