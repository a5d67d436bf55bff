"""[[delivery.robot]] of jianbao.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jianbao.delivery import Robot, RobotKind
from jianbao.diagnostics import Code, Diagnostic
from jianbao.workspace import CONFIGURATION

if TYPE_CHECKING:
    from jianbao.load.table import Table


def read_robots(tables: tuple[Table, ...]) -> tuple[Robot, ...]:
    """The robots in the order of the file; of two with one name the first."""
    robots: dict[str, Robot] = {}
    for table in tables:
        name = table.text("name", required=True)
        kind = table.choice("kind", tuple(RobotKind), RobotKind.WECOM)
        file, link = table.text("webhook_file", required=True), table.text("link")
        table.finish()
        if name in robots:
            message = f"有两个机器人叫“{name}”"
            problem = Diagnostic(
                Code.VALUE_INVALID,
                CONFIGURATION,
                table.value_span("name"),
                message,
                "给它另起个名字",
            )
            table.problems.append(problem)
        elif name:
            robots[name] = Robot(name=name, kind=RobotKind(kind), webhook_file=file, link=link)
    return tuple(robots.values())
