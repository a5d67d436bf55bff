"""Which robots have announced an issue: issues/ID/announced.json, fit for git, no secrets.

Written before a message is sent and again after the answer. A run that was cut off between
leaves a message of which nobody knows whether it arrived; it is not sent again unasked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jianbao.deliver.atomic import write_atomically
from jianbao.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "announced.json"


class Announced(StrEnum):
    """What is known of a message."""

    SENT = "sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AnnouncedFile:
    """The record in the folder of an issue."""

    file: Path

    def read(self) -> dict[str, Announced]:
        """States by the robot's name.

        Raises:
            UsageProblem: The file cannot be read; to take it for empty would announce twice.
        """
        try:
            values = json.loads(self.file.read_text("utf-8"))
            return {str(name): Announced(state) for name, state in values.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            hint = "从版本库恢复它；确实没有通知过，就删掉它"
            raise UsageProblem(f"读不懂通知的记录 {self.file.name}", hint) from error

    def note(self, name: str, state: Announced | None) -> None:
        """Note ``state`` of the robot ``name``; None takes it off the record."""
        states = {key: value for key, value in self.read().items() if key != name}
        if state is not None:
            states[name] = state
        text = json.dumps(dict(sorted(states.items())), ensure_ascii=False, indent=2) + "\n"
        write_atomically(self.file, text.encode())
