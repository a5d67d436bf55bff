"""What stops a push, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jianbao.deliver.wechat.client import Done, Outcome, Refused, Unknown, Unreached
from jianbao.deliver.wechat.error_codes import meaning
from jianbao.errors import DeliveryProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESUMES = "再运行一次，会接着做，不会重复"


def need(outcome: Outcome, doing: str) -> Mapping[str, Any]:
    """The answer to what was being done.

    Raises:
        DeliveryProblem: There is none.
    """
    match outcome:
        case Done(values):
            return values
        case Refused(code, message):
            found = meaning(code, message)
            raise DeliveryProblem(f"{doing}：{found.sentence}（错误码 {code}）", found.advice)
        case Unreached(why):
            raise DeliveryProblem(f"{doing}：连不上微信，{why}", f"检查网络；{_RESUMES}")
        case Unknown(why):
            raise DeliveryProblem(f"{doing}：{why}", _RESUMES)


def text_in(values: Mapping[str, Any], key: str, doing: str) -> str:
    """The text that an answer has under ``key``.

    Raises:
        DeliveryProblem: It has none.
    """
    value = values.get(key)
    if not isinstance(value, str) or not value:
        raise DeliveryProblem(f"{doing}：微信的答复里没有 {key}", _RESUMES)
    return value
