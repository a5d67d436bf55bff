"""Why a message came back, from what it quotes of a server's reply, or from words alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jianbao.deliver.smtp.replies import judge_words

if TYPE_CHECKING:
    from jianbao.deliver.smtp.replies import Reason

#: A reply's code, in no address or number: ``smtp; 550 5.1.1 …``, ``RCPT TO: 550-…``.
_CODE = re.compile(r"(?<![\w.@+-])([45]\d\d)(?=[ :-])")
_STATUS = re.compile(r"\b([45])\.\d{1,3}\.\d{1,3}\b")
#: Stands for the code where only an enhanced status is told, by its class; a letter without
#: either says that something was given up for good.
_CODES = {"4": 450, "5": 550}


def reason_of(said: str, status: str) -> Reason:
    """Why, from what a server ``said`` and an enhanced status such as ``5.1.1`` or ""."""
    code = _CODE.search(said)
    kind = _STATUS.search(status) or _STATUS.search(said)
    number = int(code[1]) if code else _CODES[kind[1] if kind else "5"]
    return judge_words(number, f"{status} {said}").reason
