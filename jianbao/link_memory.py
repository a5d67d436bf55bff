"""What addresses answered, remembered in the workspace: .jianbao/links.json.

A file that cannot be read is as good as none: everything in it can be asked again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jianbao.dates import iso_date
from jianbao.errors import UsageProblem
from jianbao.records import Answer, LinkState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jianbao.workspace import Workspace


def read_links(workspace: Workspace) -> dict[str, LinkState]:
    """The states by address."""
    try:
        values = json.loads(workspace.link_memory.read_text("utf-8"))
        return {url: _state(url, value) for url, value in values.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write_links(workspace: Workspace, links: Mapping[str, LinkState]) -> None:
    """Replace what is remembered, all at once.

    Raises:
        UsageProblem: The workspace cannot be written.
    """
    values = {url: _value(links[url]) for url in sorted(links)}
    file = workspace.link_memory
    scratch = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(exist_ok=True)
        scratch.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", "utf-8")
        scratch.replace(file)
    except OSError as error:
        raise UsageProblem(f"不能写入 {file}：{error.strerror}", "检查文件夹的权限") from error


def _state(url: str, value: dict[str, Any]) -> LinkState:
    return LinkState(
        url=url,
        asked=iso_date(value["asked"]),
        answer=Answer(value["answer"]),
        detail=str(value["detail"]),
        final=str(value["final"]),
        secure=bool(value["secure"]),
    )


def _value(state: LinkState) -> dict[str, str | bool]:
    return {
        "asked": state.asked.isoformat(),
        "answer": state.answer.value,
        "detail": state.detail,
        "final": state.final,
        "secure": state.secure,
    }
