"""The access token, kept between runs in a file that only its owner can read."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from jianbao.deliver.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Seconds before its end at which a token is not used any more; the old one stays valid for
#: five minutes after WeChat gave out a new one (stable_token, 注意事项).
_EARLY = 300
#: Seconds between two forced refreshes; WeChat allows 20 a day, 30 s apart.
_FORCED_GAP = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """``expires`` and ``forced`` (0: never) are seconds since 1970."""

    value: str = field(repr=False)
    expires: float
    forced: float = 0.0

    def is_due(self, now: float) -> bool:
        """Whether it is time for a new one."""
        return now >= self.expires - _EARLY

    def may_force(self, now: float) -> bool:
        """Whether WeChat would take a forced refresh."""
        return not 0 <= now - self.forced < _FORCED_GAP


#: What there is before the first.
NO_TOKEN = Token(value="", expires=0.0)


def state_folder() -> Path:
    """Where tokens and locks lie."""
    return user_state_path("jianbao", appauthor=False) / "wechat"


class TokenFile:
    """The token of one account."""

    def __init__(self, folder: Path, appid: str, now: Callable[[], float] = time.time) -> None:
        self._file = folder / f"{appid}.token.json"
        self.now = now

    def read(self) -> Token:
        """The token that was kept; none where the file cannot be read, or others can."""
        try:
            values = json.loads(self._file.read_text("utf-8"))
            if os.name == "posix" and self._file.stat().st_mode & 0o077:
                return NO_TOKEN
            return Token(
                value=str(values["value"]),
                expires=float(values["expires"]),
                forced=float(values["forced"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return NO_TOKEN  # it can be asked for again

    def write(self, token: Token) -> None:
        """Keep ``token``."""
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(self._file, json.dumps(asdict(token)).encode(), mode=0o600)
