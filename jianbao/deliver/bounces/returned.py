"""What came back, whatever it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jianbao.deliver.smtp.replies import Reason


class Kind(StrEnum):
    """What a message is."""

    FAILED = "failed"  # 退信
    DELAYED = "delayed"  # not yet given up
    COMPLAINT = "complaint"  # a reader called it junk
    AUTOMATIC = "automatic"  # out of office
    LEAVE = "leave"  # a reader leaves by mail (List-Unsubscribe with mailto)
    OTHER = "other"  # a person writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """``addresses`` in lower case; ``message_id`` with its brackets, "" where it is not told."""

    kind: Kind
    addresses: tuple[str, ...] = ()
    message_id: str = ""
    reason: Reason = Reason.UNKNOWN
    said: str = ""
